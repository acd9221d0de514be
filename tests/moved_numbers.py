"""Numbers of the answers in portable certificates, moved one at a time: which of them go unnoticed."""

import json
import random
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from bargain.verify import Report, verify

Path_ = tuple[Any, ...]


def checked(text: str, folder: Path) -> Report:
    """The report on a certificate's text."""
    path = folder / "certificate.json"
    path.write_text(text, encoding="utf-8")
    return verify(path)


def numbers(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Where the expressions of an answer stand."""
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from numbers(part, (*path, key))
    elif isinstance(value, str) and value.startswith("="):
        yield path


def at(data: Any, path: Path_) -> Any:
    """What stands at a place."""
    for key in path:
        data = data[key]
    return data


def moved(text: str, path: Path_, step: str) -> str:
    """The certificate with one number moved."""
    bad = json.loads(text)
    at(bad, path[:-1])[path[-1]] = f"=({at(bad, path)[1:]}) + {step}"
    return json.dumps(bad)


def unrefuted(text: str, folder: Path, count: int, seed: str, vain: tuple[str, ...] = (), unused: Collection[tuple[str, ...]] = ()) -> list[Path_]:
    """Numbers, of so many drawn at random, that can be moved unnoticed, but for measures, what is proposed in vain at the stages named, and superfluous pieces."""
    data, draw, found = json.loads(text), random.Random(seed), []
    places = [path for path in numbers(data["regimes"], ("regimes",)) if "witness" not in path and path[4] != "measures" and path[4:6] not in unused]
    for path in draw.sample(places, min(count, len(places))):
        report = checked(moved(text, path, draw.choice(("1/97", "(-1/97)"))), folder)
        idle = path[4] == "strategies" and path[6] in vain
        if not report.refuted and not idle and not (path[4] == "pieces" and superfluous(text, path, folder)):
            found.append(path)
    return found


def superfluous(text: str, path: Path_, folder: Path) -> bool:
    """Whether the certificate still verifies without the piece (or, if that leaves a gap, without the condition) that the number belongs to."""
    for length in (7, 9)[: 2 if "atoms" in path else 1]:
        rest = json.loads(text)
        del at(rest, path[: length - 1])[path[length - 1]]
        if checked(json.dumps(rest), folder).verified:
            return True
    return False
