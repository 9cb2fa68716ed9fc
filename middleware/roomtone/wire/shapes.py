"""What a field may hold: one small checker for each kind of value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from roomtone.wire.faults import FaultError, kind_name, not_finite, out_of_range, quoted, wrong_type
from roomtone.wire.limits import FINITE, MAX_ID

Shape: TypeAlias = Callable[[object], Any]
"""Returns a decoded value as the dataclass holds it, or raises `FaultError`."""


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer in a range; a boolean is none, and neither is 3.0."""

    low: int = 0
    high: int = MAX_ID

    def __call__(self, value: object) -> int:
        """Return an integer in range."""
        if type(value) is not int:
            raise wrong_type("an integer", value)
        if not self.low <= value <= self.high:
            raise out_of_range(f"{value} is outside {self.low}..{self.high}")
        return value


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number; an integer will do, since some languages write 1.0 as 1."""

    low: float = FINITE.low
    high: float = FINITE.high

    def __call__(self, value: object) -> float:
        """Return a finite float in range."""
        number = value
        if type(number) is not float:
            if type(number) is not int:
                raise wrong_type("a number", value)
            number = float(number)
        if not self.low <= number <= self.high:
            raise self._refuse(number)
        return number

    def _refuse(self, number: float) -> FaultError:
        if FINITE.low <= number <= FINITE.high:
            return out_of_range(f"{number:g} is outside {self.low:g}..{self.high:g}")
        return not_finite(number)


@dataclass(frozen=True, slots=True)
class Characters:
    """A string, measured in bytes of UTF-8."""

    low: int
    high: int

    def __call__(self, value: object) -> str:
        """Return a string of a fitting length."""
        if type(value) is not str:
            raise wrong_type("a string", value)
        size_bytes = len(value) if value.isascii() else len(value.encode())
        if not self.low <= size_bytes <= self.high:
            raise out_of_range(f"a string of {size_bytes} bytes, not {self.low}..{self.high}")
        return value


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false, and nothing that merely looks like it."""

    def __call__(self, value: object) -> bool:
        """Return a boolean."""
        if type(value) is not bool:
            raise wrong_type("a boolean", value)
        return value


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few values of one type."""

    values: tuple[str | int, ...]

    def __call__(self, value: object) -> str | int:
        """Return one of the choices."""
        kind = type(self.values[0])
        if type(value) is not kind:
            raise wrong_type(kind_name(kind), value)
        if value not in self.values:
            raise out_of_range(f"{quoted(value)} is none of {', '.join(map(str, self.values))}")
        return value


@dataclass(frozen=True, slots=True)
class Maybe:
    """A value or nil."""

    shape: Shape

    def __call__(self, value: object) -> Any:
        """Return nil as None, and else what the shape returns."""
        return None if value is None else self.shape(value)


@dataclass(frozen=True, slots=True)
class Many:
    """An array of one kind of value."""

    item: Shape
    low: int
    high: int

    def __call__(self, value: object) -> tuple[Any, ...]:
        """Return a tuple of checked items."""
        items = array_of(value, self.low, self.high)
        return check_each(items, [self.item] * len(items))


@dataclass(frozen=True, slots=True)
class Fixed:
    """An array whose every place has its own kind."""

    places: tuple[Shape, ...]

    def __call__(self, value: object) -> tuple[Any, ...]:
        """Return a tuple with one checked item for each place."""
        items = array_of(value, len(self.places), len(self.places))
        return check_each(items, self.places)


@dataclass(frozen=True, slots=True)
class Table:
    """A map from names to one kind of value."""

    key: Shape
    item: Shape
    low: int
    high: int

    def __call__(self, value: object) -> dict[str, Any]:
        """Return a new dict of checked keys and items."""
        if type(value) is not dict:
            raise wrong_type("a map", value)
        _check_count(len(value), self.low, self.high)
        checked = {}
        for key, item in value.items():
            try:
                checked[self.key(key)] = self.item(item)
            except FaultError as fault:
                raise fault.under(quoted(key)) from None
        return checked


def array_of(value: object, low: int, high: int) -> list[Any]:
    """Return an array whose length is in range."""
    if type(value) is not list:
        raise wrong_type("an array", value)
    _check_count(len(value), low, high)
    return value


def check_each(items: Sequence[object], shapes: Sequence[Shape]) -> tuple[Any, ...]:
    """Check each item against its own shape; a fault says at which index it is."""
    checked = []
    for index, (shape, item) in enumerate(zip(shapes, items, strict=True)):
        try:
            checked.append(shape(item))
        except FaultError as fault:
            raise fault.under(f"[{index}]") from None
    return tuple(checked)


def _check_count(count: int, low: int, high: int) -> None:
    if not low <= count <= high:
        raise out_of_range(f"{count} items, not {low}..{high}")
