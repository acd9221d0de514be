"""Docstrings with examples: a run of ``>>>`` lines becomes a fenced block, which Markdown would otherwise read as a quotation."""

import re
from typing import Any

import griffe

_EXAMPLE = re.compile(r"(?:^[ \t]*>>> .*\n?(?:^[ \t]*\S.*\n?)*)", re.M)


def fenced(text: str) -> str:
    """The text with its examples fenced."""
    return _EXAMPLE.sub(lambda found: "\n```pycon\n" + found[0].rstrip("\n") + "\n```\n", text)


class Doctests(griffe.Extension):
    """Applied to every object that is documented."""

    def on_instance(self, *, obj: Any, **_: Any) -> None:
        """Called by griffe for each object that it has read."""
        if obj.docstring:
            obj.docstring.value = fenced(obj.docstring.value)
