"""What the keys do: which parameter is in hand, where it goes, which mood comes next. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from roomtone.play.keys import DOWN, LEFT, RIGHT, UP
from roomtone.wire.messages import ParameterInfo

_STEP: Final = 0.05
_BAR: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Send a parameter somewhere."""

    name: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Morph:
    """Go to a mood."""

    mood: str


Action: TypeAlias = Move | Morph | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Every parameter's target, the one in hand, and the mood that was asked for last.

    Attributes:
        moods: mood -> what it sets.
        mood: the last one, or empty once a parameter was moved by hand.
    """

    parameters: tuple[ParameterInfo, ...]
    values: Mapping[str, float]
    moods: Mapping[str, Mapping[str, float]]
    selected: int = 0
    mood: str = ""

    @classmethod
    def of(cls, parameters: Sequence[ParameterInfo], moods: Mapping[str, Mapping[str, float]]) -> "Desk":
        """Begin where a scene stands."""
        return cls(
            parameters=tuple(parameters), values={info.name: info.value for info in parameters}, moods=moods
        )

    def press(self, key: str) -> tuple["Desk", Action]:
        """Act on a key: the desk afterwards, and what the scene must be told."""
        if key == "m" and self.moods:
            return self._next_mood()
        if not self.parameters:
            return self, None
        if key.isdigit() and 1 <= int(key) <= len(self.parameters):
            return replace(self, selected=int(key) - 1), None
        if key in {LEFT, RIGHT}:
            step = 1 if key == RIGHT else -1
            return replace(self, selected=(self.selected + step) % len(self.parameters)), None
        if key in {UP, DOWN}:
            return self._move(_STEP if key == UP else -_STEP)
        return self, None

    def line(self, width: int) -> str:
        """Show the desk in one line of at most `width` characters, the parameter in hand first."""
        order = [*range(self.selected, len(self.parameters)), *range(self.selected)]
        shown = [self._show(number) for number in order]
        mood = [f"mood {self.mood}"] if self.mood else []
        return "  ".join([*shown[:1], *mood, *shown[1:]])[:width]

    def _move(self, share: float) -> tuple["Desk", Action]:
        info = self.parameters[self.selected]
        value = _moved(info, self.values[info.name], share)
        desk = replace(self, values={**self.values, info.name: value}, mood="")
        return desk, Move(name=info.name, value=value)

    def _next_mood(self) -> tuple["Desk", Action]:
        names = list(self.moods)
        mood = names[(names.index(self.mood) + 1) % len(names)] if self.mood in names else names[0]
        return replace(self, values={**self.values, **self.moods[mood]}, mood=mood), Morph(mood=mood)

    def _show(self, number: int) -> str:
        info = self.parameters[number]
        value = self.values[info.name]
        full = round(_BAR * (value - info.low) / (info.high - info.low))
        bar = "█" * full + "░" * (_BAR - full) + " " if number == self.selected else ""
        return f"{number + 1} {info.name} {bar}{value:.3g}{info.unit}"


def _moved(info: ParameterInfo, value: float, share: float) -> float:
    span = info.high - info.low
    moved = value + share * span
    moved = info.low + (moved - info.low) % span if info.wraps else min(info.high, max(info.low, moved))
    return round(moved, 6)
