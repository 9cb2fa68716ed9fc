"""Compiles the message dataclasses into checkers, once, when the codec is imported."""

import dataclasses
import math
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Annotated, Any, Final, Literal, Union, cast, get_args, get_origin, get_type_hints

from roomtone.wire.faults import FaultError, missing, not_finite, quoted, too_deep, wrong_type
from roomtone.wire.limits import MAX_DEPTH, Sized, Within
from roomtone.wire.shapes import (
    Characters,
    Choice,
    Fixed,
    Flag,
    Many,
    Maybe,
    Number,
    Shape,
    Table,
    Whole,
    array_of,
    check_each,
)

_PLAIN: Final = (types.NoneType, bool, int, str)


class Record:
    """A map with named fields, as a dataclass has them; fields it does not know are looked at and left.

    `around` is how many containers a value of this kind stands in: 0 for a message.
    """

    __slots__ = ("_known", "around", "cls", "fields")

    def __init__(self, cls: type[Any], around: int = 0) -> None:
        hints = get_type_hints(cls, include_extras=True)
        self.cls, self.around = cls, around
        self.fields: tuple[tuple[str, Shape, bool], ...] = tuple(
            (field.name, shape_of(hints[field.name], around + 1), is_required(field))
            for field in dataclasses.fields(cls)
        )
        self._known = frozenset(name for name, _, _ in self.fields)

    def __call__(self, value: object) -> Any:
        """Build the dataclass from a map, whatever the order of its fields."""
        if type(value) is not dict:
            raise wrong_type("a map", value)
        fields = {}
        for name, shape, required in self.fields:
            if name in value:
                try:
                    fields[name] = shape(value[name])
                except FaultError as fault:
                    raise fault.under(name) from None
            elif required:
                raise missing(name)
        if len(value) > len(fields):
            self._check_unknown(value)
        return self.cls(**fields)

    def _check_unknown(self, value: Mapping[Any, object]) -> None:
        for name in value.keys() - self._known:
            try:
                check_anything(name, self.around + 1)
                check_anything(value[name], self.around + 1)
            except FaultError as fault:
                raise fault.under(quoted(name)) from None


@dataclass(frozen=True, slots=True)
class Rows:
    """An array of NamedTuples of integers, each sent as an array.

    The one hot shape: an `Audio` names up to 256 slices 100 times a second. So the common case is checked in
    passes over all the numbers, and only a fault is looked for row by row.
    """

    row: type[tuple[Any, ...]]
    places: tuple[Whole, ...]
    high: int

    def __call__(self, value: object) -> tuple[Any, ...]:
        """Return a tuple of rows."""
        rows = array_of(value, 0, self.high)
        if not self._all_good(rows):
            row = Fixed(self.places)
            check_each(rows, [row] * len(rows))
        return tuple(map(partial(tuple.__new__, self.row), rows))

    def _all_good(self, rows: Sequence[Any]) -> bool:
        if not set(map(type, rows)) <= {list} or not set(map(len, rows)) <= {len(self.places)}:
            return False
        if not set(map(type, chain.from_iterable(rows))) <= {int}:
            return False
        columns = zip(self.places, zip(*rows, strict=True), strict=False)
        return all(place.low <= min(column) and max(column) <= place.high for place, column in columns)


def shape_of(hint: Any, around: int) -> Shape:
    """Compile a type hint into the shape of a value that stands in `around` containers."""
    bounds: Any = None
    if get_origin(hint) is Annotated:
        hint, bounds = get_args(hint)
    if get_origin(hint) is None:
        return _plain_shape(hint, bounds, around)
    return _built_shape(hint, bounds, around)


def _plain_shape(hint: Any, bounds: Within | Sized | None, around: int) -> Shape:
    if dataclasses.is_dataclass(hint):
        return Record(hint, around)  # type: ignore[arg-type]  # a hint is a class, never an instance
    if hint is bool:
        return Flag()
    if hint is float:
        return Number() if bounds is None else Number(bounds.low, bounds.high)
    assert bounds is not None, f"{hint} has no limits"
    return (Whole if hint is int else Characters)(int(bounds.low), int(bounds.high))


def _built_shape(hint: Any, bounds: Sized | None, around: int) -> Shape:
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Literal:
        return Choice(inside)
    if origin in (Union, types.UnionType):
        return Maybe(shape_of(inside[0], around))
    if origin is tuple and inside[-1] is not ...:
        return Fixed(tuple(shape_of(place, around + 1) for place in inside))
    assert bounds is not None, f"{hint} has no limits"
    if origin is dict:
        key, item = (shape_of(part, around + 1) for part in inside)
        return Table(key, item, bounds.low, bounds.high)
    if hasattr(inside[0], "_fields"):
        return Rows(inside[0], _row_places(inside[0]), bounds.high)
    return Many(shape_of(inside[0], around + 1), bounds.low, bounds.high)


def _row_places(row: type[tuple[Any, ...]]) -> tuple[Whole, ...]:
    ranges = (get_args(hint)[1] for hint in get_type_hints(row, include_extras=True).values())
    return tuple(Whole(bounds.low, bounds.high) for bounds in ranges)


def is_required(field: dataclasses.Field[Any]) -> bool:
    """Whether a message without this field is refused."""
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def check_anything(value: object, around: int) -> None:
    """Hold an unknown field to what may stand anywhere: plain types, finite numbers, bounded depth."""
    if type(value) in _PLAIN:
        return
    if type(value) is float:
        if not math.isfinite(value):
            raise not_finite(value)
        return
    if type(value) not in (list, dict):
        raise wrong_type("plain data", value)
    if around >= MAX_DEPTH:
        raise too_deep(MAX_DEPTH)
    for part in (*value, *value.values()) if isinstance(value, dict) else cast("list[object]", value):
        check_anything(part, around + 1)
