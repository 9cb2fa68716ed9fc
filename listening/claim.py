"""A synth that is said to be a real sound."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """One synth said to be one kind of real sound, at three settings.

    Attributes:
        synth: its name.
        kind: of `likeness.kinds`.
        settings: controls, from least to most.
    """

    synth: str
    kind: str
    settings: tuple[Mapping[str, float], Mapping[str, float], Mapping[str, float]]

    def __str__(self) -> str:
        return f"{self.synth} as {self.kind}"


def claim(synth: str, kind: str, control: str, low: float, middle: float, high: float) -> Claim:
    """Claim that a synth is a kind of real sound at three settings of one control."""
    return Claim(synth, kind, ({control: low}, {control: middle}, {control: high}))
