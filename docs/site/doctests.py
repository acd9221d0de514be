"""Docstrings as Markdown: a run of ``>>>`` lines becomes a fenced block (else it is a quotation), and brackets in a row stay brackets (else they are a link)."""

import re
from typing import Any

import griffe

_EXAMPLE = re.compile(r"(?:^[ \t]*>>> .*\n?(?:^[ \t]*\S.*\n?)*)", re.M)
_CODE = re.compile(r"(```.*?```|``.*?``|`[^`]*`)", re.S)


def fenced(text: str) -> str:
    """The text with its examples fenced.

    >>> print(fenced("Doubles `x[i][j]`, not y[i][j]."))
    Doubles `x[i][j]`, not y[i]\\[j].
    """
    whole = _EXAMPLE.sub(lambda found: "\n```pycon\n" + found[0].rstrip("\n") + "\n```\n", text)
    return "".join(part if part.startswith("`") else part.replace("][", "]\\[") for part in _CODE.split(whole))


class Doctests(griffe.Extension):
    """Applied to every object that is documented."""

    def on_instance(self, *, obj: Any, **_: Any) -> None:
        """Called by griffe for each object that it has read."""
        if obj.docstring:
            obj.docstring.value = fenced(obj.docstring.value)
