"""Hypothesis strategies for messages, read from the type hints and not from the codec's shapes."""

import dataclasses
import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from roomtone.wire.limits import Sized, Within
from roomtone.wire.messages import ClientMessage, DaemonMessage


def client_messages() -> SearchStrategy[ClientMessage]:
    """Any message that a client may send."""
    return st.one_of([any_record(cls) for cls in get_args(ClientMessage)])


def daemon_messages() -> SearchStrategy[DaemonMessage]:
    """Any message that the daemon may send."""
    return st.one_of([any_record(cls) for cls in get_args(DaemonMessage)])


def any_record(cls: Any) -> SearchStrategy[Any]:
    hints = get_type_hints(cls, include_extras=True)
    return st.builds(cls, **{name: _any(hint) for name, hint in hints.items()})


def _any(hint: Any, bounds: Any = None) -> SearchStrategy[Any]:
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _any(inside[0], inside[1])
    if origin is Literal:
        return st.sampled_from(inside)
    if origin in (Union, types.UnionType):
        return st.none() | _any(inside[0])
    if origin in (dict, tuple):
        return _any_container(origin, inside, bounds)
    if dataclasses.is_dataclass(hint) or hasattr(hint, "_fields"):
        return any_record(hint)
    return _any_plain(hint, bounds)


def _any_container(origin: type, inside: tuple[Any, ...], bounds: Sized | None) -> SearchStrategy[Any]:
    if origin is dict:
        return st.dictionaries(_any(inside[0]), _any(inside[1]), max_size=4)
    if inside[-1] is not ...:
        return st.tuples(*map(_any, inside))
    assert bounds is not None
    return st.lists(_any(inside[0]), min_size=bounds.low, max_size=4).map(tuple)


def _any_plain(hint: type, bounds: Within | Sized | None) -> SearchStrategy[Any]:
    if hint is bool:
        return st.booleans()
    if hint is float:
        low, high = (bounds.low, bounds.high) if bounds else (None, None)
        return st.floats(low, high, allow_nan=False, allow_infinity=False)
    assert bounds is not None
    if hint is int:
        return st.integers(int(bounds.low), int(bounds.high))
    text = st.text(min_size=int(bounds.low), max_size=int(bounds.high))
    return text.filter(lambda written: len(written.encode()) <= bounds.high)
