"""Lines of YAML, written by hand: text in quotes, short lists and mappings in one line."""

import json
from collections.abc import Mapping, Sequence


def text(value: str) -> str:
    """Quote text; what JSON quotes, YAML reads."""
    return json.dumps(value, ensure_ascii=False)


def numbers(values: Sequence[float]) -> str:
    """Write a list of numbers."""
    return f"[{', '.join(f'{value:g}' for value in values)}]"


def pairs(values: Mapping[str, str]) -> str:
    """Write a mapping's content in one line; the values are YAML already."""
    return ", ".join(f"{key}: {value}" for key, value in values.items())


def flow(values: Mapping[str, float]) -> str:
    """Write a mapping of numbers in one line."""
    return f"{{{pairs({key: f'{value:g}' for key, value in values.items()})}}}"


def curve(parameter: str, points: Sequence[tuple[float, float]]) -> str:
    """Write what follows a parameter along a curve."""
    return f"{{from: {parameter}, curve: [{', '.join(numbers(point) for point in points)}]}}"


def block(key: str, lines: Sequence[str]) -> list[str]:
    """Write a key with indented lines under it, or nothing without lines."""
    return [f"{key}:", *(f"  {line}" for line in lines)] if lines else []
