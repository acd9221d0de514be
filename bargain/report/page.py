"""The report as one HTML file: figures inside, nothing loaded, readable on a phone."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby

from bargain.games import MatrixGame
from bargain.report.content import Explorer, Heading, Picture, Prose, Section, Statement, Tabular
from bargain.report.problems import plain_numbers
from bargain.report.statements import proof_html, statement_html
from bargain.tables import matrix_rows, to_html
from bargain.tables.table import Table
from bargain.tables.writing import html_prose

_STYLE = """
:root { color-scheme: light; }
body { font: 1rem/1.5 Georgia, "Times New Roman", serif; color: #1a1a1a; background: #fff; margin: 0 auto; padding: 0 1rem 4rem; max-width: 54rem; }
h1, h2, h3 { line-height: 1.25; } h2 { margin-top: 3rem; border-top: 1px solid #999; padding-top: 1rem; }
nav ul { padding-left: 1.2rem; } a { color: #00528c; }
.wide { overflow-x: auto; margin: 1.5rem 0; } .wide:focus { outline: 2px solid #00528c; }
table { border-collapse: collapse; font-size: .9rem; border-top: 2px solid #333; border-bottom: 2px solid #333; }
caption { text-align: left; font-weight: bold; padding: .4rem 0; }
th, td { padding: .25rem .8rem .25rem 0; text-align: left; vertical-align: top; font-weight: normal; }
thead th { border-bottom: 1px solid #333; } tfoot td { border-top: 1px solid #999; font-size: .85em; color: #444; }
.proposition { margin: 1.5rem 0; padding-left: 1rem; border-left: 3px solid #999; } .case { margin: .4rem 0 .4rem 1.2rem; }
details { margin: .6rem 0; } summary { cursor: pointer; } summary:focus { outline: 2px solid #00528c; }
figure { margin: 2rem 0; } img { max-width: 100%; height: auto; } figcaption { font-size: .9rem; color: #333; }
.explorer { border: 1px solid #999; padding: 0 1rem 1rem; margin: 2rem 0; } .explorer canvas { max-width: 100%; border: 1px solid #333; }
.explorer label { display: block; } .explorer input { width: min(24rem, 75%); vertical-align: middle; } .explorer output { padding-left: .6rem; }
@media print { .explorer { display: none; } body { max-width: none; } .wide { overflow: visible; } }
"""


def page(title: str, sections: Sequence[Section], drawings: Mapping[str, tuple[str, bytes]]) -> str:
    """The whole page; `drawings` are the media type and the bytes of each figure, by name."""
    lines = ["<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8">',
             '<meta name="viewport" content="width=device-width, initial-scale=1">', f"<title>{escape(title)}</title>",
             f"<style>{_STYLE}</style>", *_programs(sections), "</head>", "<body>", f"<h1>{escape(title)}</h1>",
             f'<nav aria-label="Contents">{_contents(sections)}</nav>', "<main>"]
    numbers: dict[str, int] = {}
    for section in sections:
        lines += [f'<section id="{section.name}">', f"<h2>{html_prose(section.title)}</h2>"]
        for block in section.blocks:
            lines.append(_statement(block, numbers.setdefault(block.name, len(numbers) + 1)) if isinstance(block, Statement) else _block(block, drawings))
        lines.append("</section>")
    return "\n".join([*lines, "</main>", "</body>", "</html>"]) + "\n"


def _contents(sections: Sequence[Section]) -> str:
    """Links to the sections, by part."""
    lists = []
    for part, group in groupby(sections, key=lambda section: section.part):
        links = "".join(f'<li><a href="#{section.name}">{html_prose(section.title)}</a></li>' for section in group)
        lists.append((f"<p>{escape(part)}</p>" if part else "") + f"<ul>{links}</ul>")
    return "".join(lists)


def _programs(sections: Sequence[Section]) -> list[str]:
    """The program that explorers need, if there is one on the page."""
    if not any(isinstance(block, Explorer) for section in sections for block in section.blocks):
        return []
    from bargain.report.explorer import PROGRAM

    return [f"<script>\n{PROGRAM}</script>"]


def _statement(block: Statement, number: int) -> str:
    """A proposition with its table below it, or its proof."""
    return proof_html(block.proposition, number) if block.proof else statement_html(block.proposition, number) + "\n" + _tabular(block.table)


def _block(block: Prose | Heading | Tabular | Picture | Explorer, drawings: Mapping[str, tuple[str, bytes]]) -> str:
    if isinstance(block, Prose):
        return "\n".join(f"<p>{html_prose(paragraph, block.names)}</p>" for paragraph in block.paragraphs)
    if isinstance(block, Explorer):
        return block.html
    if isinstance(block, Heading):
        return f"<h3>{escape(block.text)}</h3>"
    if isinstance(block, Tabular):
        return _tabular(block)
    return _figure(block, drawings[block.name])


def _tabular(block: Tabular) -> str:
    return f'<div class="wide" tabindex="0" role="region" aria-label="{escape(block.caption)}">\n{to_html(_table(block))}\n</div>'


def _table(block: Tabular) -> Table:
    table = plain_numbers(matrix_rows(block.content)) if isinstance(block.content, MatrixGame) else block.content
    return Table(block.caption, table.columns, table.rows, table.notes, "tab-" + block.name, table.stub)


def _figure(block: Picture, drawing: tuple[str, bytes]) -> str:
    source = f"data:{drawing[0]};base64,{b64encode(drawing[1]).decode()}"
    return f'<figure id="fig-{block.name}">\n<img src="{source}" alt="{escape(block.alt)}">\n<figcaption>{html_prose(block.caption)}</figcaption>\n</figure>'
