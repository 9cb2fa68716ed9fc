"""What was measured of each synth: curves that make its controls even to the ear, and how loud it is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, TypeAlias

FORMAT: Final = 1
"""The version of the files in `responses/`."""

Knots: TypeAlias = tuple[float, ...]
"""Values at evenly spaced places from 0 to 1, straight lines in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What one control does, measured over its range.

    Attributes:
        measure: what it is heard by, such as `loudness`.
        unit: of `measured`; one step of it is about as much to the ear anywhere.
        curve: what the synth is given for a value of the control.
        measured: what came of it.
        short_term_lufs: maximum short-term loudness over the range, the other controls at their defaults.
        peak_dbfs: the highest sample over the range.
    """

    measure: str
    unit: str
    curve: Knots
    measured: Knots
    short_term_lufs: Knots
    peak_dbfs: Knots


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What was measured of one synth.

    Attributes:
        loudness_lufs: K-weighted, with every control at its default; of what is struck, at rate 1.
        short_term_lufs: the maximum of short-term loudness (EBU Tech 3341) in the same state.
        controls: by name.
    """

    loudness_lufs: float
    short_term_lufs: float
    controls: Mapping[str, Response]


@cache
def calibration(synth: str) -> Calibration | None:
    """Read what was measured of a synth; None for one that nobody has measured."""
    path = files("roomtone.synths") / "responses" / f"{synth}.json"
    if not path.is_file():
        return None
    record = json.loads(path.read_text("utf-8"))
    controls = {
        name: Response(
            measure=row["measure"],
            unit=row["unit"],
            curve=tuple(row["curve"]),
            measured=tuple(row["measured"]),
            short_term_lufs=tuple(row["short_term_lufs"]),
            peak_dbfs=tuple(row["peak_dbfs"]),
        )
        for name, row in record["controls"].items()
    }
    return Calibration(
        loudness_lufs=record["loudness_lufs"],
        short_term_lufs=record["short_term_lufs"],
        controls=MappingProxyType(controls),
    )


def along(knots: Sequence[float], x: float) -> float:
    """Read knots at `x`, 0 to 1."""
    place = x * (len(knots) - 1)
    i = min(int(place), len(knots) - 2)
    return knots[i] + (knots[i + 1] - knots[i]) * (place - i)
