"""A short way to write what must be understood of a prompt, and to compare it with what was.

`rain intensity>.7 on=tin main | thunder distance>.7 background scatter` is two parts in this order; each word after a
layer's name must hold: a control above or below a number, what it falls on, its weight, its placement, `implied`.
"""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Final

from roomtone.reading.reading import Part

_ORDERS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    ">": operator.gt,
    "<": operator.lt,
    "=": lambda a, b: abs(a - b) < 0.005,
}


def misunderstood(parts: tuple[Part, ...], expected: str) -> list[str]:
    """List where the parts differ from what is expected; nothing where they do not."""
    wanted = [each.split() for each in expected.split("|") if each.strip()]
    names, found = [words[0] for words in wanted], [part.name for part in parts]
    if names != found:
        return [f"heard {found}"]
    pairs = zip(parts, wanted, strict=True)
    return [
        f"{part.name}: not {word}" for part, words in pairs for word in words[1:] if not _holds(part, word)
    ]


def _holds(part: Part, word: str) -> bool:
    if word.startswith("on="):
        return part.surface == word.removeprefix("on=")
    if order := re.fullmatch(r"(\w+)([<>=])([\d.]+)", word):
        control, sign, number = order.groups()
        return _ORDERS[sign](part.controls[control], float(number))
    if word in {"main", "beside", "background"}:
        return part.weight == word
    if word in {"implied", "named"}:
        return part.implied == (word == "implied")
    assert word in {"bed", "point", "area", "scatter"}, word
    return type(part.placement).__name__.lower() == word
