"""A table as HTML: caption, headings with scope, escaped text, formulas with sub- and superscripts; nothing is loaded."""

from html import escape

from bargain.tables.mathematics import HTML
from bargain.tables.table import Table, render
from bargain.tables.writing import html_prose


def to_html(table: Table) -> str:
    """The table as one HTML element.

    >>> print(to_html(Table("R&D", ("n",), ((2,),))))
    <table class="bargain">
    <caption>R&amp;D</caption>
    <thead><tr><th scope="col">n</th></tr></thead>
    <tbody>
    <tr><th scope="row">2</th></tr>
    </tbody>
    </table>
    """
    lines = ['<table class="bargain"' + (f' id="{escape(table.label)}"' if table.label else "") + ">"]
    if table.title:
        lines.append(f"<caption>{html_prose(table.title)}</caption>")
    lines.append("<thead><tr>" + "".join(f'<th scope="col">{render(column, HTML)}</th>' for column in table.columns) + "</tr></thead>")
    lines.append("<tbody>")
    for row in ([render(value, HTML) for value in values] for values in table.rows):
        lines.append(f'<tr><th scope="row">{row[0]}</th>' + "".join(f"<td>{cell}</td>" for cell in row[1:]) + "</tr>" if row else "<tr></tr>")
    lines.append("</tbody>")
    if table.notes:
        notes = "<br>".join(render(note, HTML) for note in table.notes)
        lines.append(f'<tfoot><tr><td colspan="{len(table.columns)}">{notes}</td></tr></tfoot>')
    return "\n".join([*lines, "</table>"])
