"""Writes `protocol/messages.json`, the messages for programs: `python -m roomtone.wire.schema FILE`."""

import dataclasses
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

from roomtone.wire import messages
from roomtone.wire.codec import wire_name
from roomtone.wire.limits import FROM_CLIENT, FROM_DAEMON, MAX_DEPTH, MAX_PCM_BYTES
from roomtone.wire.records import Record, Rows, is_required, shape_of
from roomtone.wire.shapes import Characters, Choice, Fixed, Flag, Many, Maybe, Number, Shape, Table, Whole

_SPEAKERS: Final = {"client": messages.ClientMessage, "daemon": messages.DaemonMessage}
_RECORDS: Final = (
    messages.SceneResume,
    messages.ParameterInfo,
    messages.LayerInfo,
    messages.PlacementInfo,
    messages.StreamStats,
)
_ANSWERS: Final[dict[type, type]] = {
    messages.Hello: messages.Welcome,
    messages.OpenScene: messages.SceneOpened,
    messages.CloseScene: messages.SceneClosed,
    messages.OpenLayer: messages.LayerOpened,
    messages.Request: messages.LayerOpened,
    messages.CloseLayer: messages.LayerClosed,
    messages.Set: messages.Applied,
    messages.Morph: messages.Applied,
    messages.GetStats: messages.Stats,
}


def messages_text() -> str:
    """Return the description as it stands in `protocol/messages.json`."""
    described = {
        "about": (
            "Every message of SPEC.md, written by `python -m roomtone.wire.schema FILE`. Limits include both ends."
        ),
        "version": messages.PROTOCOL_VERSION,
        "limits": {
            "from_client": dataclasses.asdict(FROM_CLIENT),
            "from_daemon": dataclasses.asdict(FROM_DAEMON),
            "depth": MAX_DEPTH,
            "pcm_bytes": MAX_PCM_BYTES,
        },
        "messages": list(_messages()),
        "records": {wire_name(cls): _fields(cls) for cls in _RECORDS},
    }
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


def _messages() -> Iterator[dict[str, Any]]:
    for speaker, union in _SPEAKERS.items():
        for cls in get_args(union):
            answer = {"answer": wire_name(_ANSWERS[cls])} if cls in _ANSWERS else {}
            yield {"t": wire_name(cls), "from": speaker, **answer, "fields": _fields(cls)}


def _fields(cls: type[Any]) -> list[dict[str, Any]]:
    hints = get_type_hints(cls, include_extras=True)
    return [
        {"name": field.name, **describe(shape_of(hints[field.name], 1)), **_default(field)}
        for field in dataclasses.fields(cls)
    ]


def _default(field: dataclasses.Field[Any]) -> dict[str, Any]:
    if is_required(field):
        return {"required": True}
    made = field.default if field.default is not dataclasses.MISSING else {}
    return {"required": False, "default": made}


def describe(shape: Shape) -> dict[str, Any]:
    """Say what a shape allows in JSON's terms; numbers that are not bounded have no `min` and `max`."""
    match shape:
        case Whole(low, high):
            return {"type": "int", "min": low, "max": high}
        case Number(low, high):
            return {"type": "float"} | ({} if shape == Number() else _bounds(low, high))
        case Characters(low, high):
            return {"type": "string", "min_bytes": low, "max_bytes": high}
        case Flag():
            return {"type": "bool"}
        case Choice(values):
            return {"type": "choice", "of": list(values)}
        case _:
            return _describe_built(shape)


def _describe_built(shape: Shape) -> dict[str, Any]:
    match shape:
        case Maybe(inside):
            return describe(inside) | {"nil": True}
        case Record():
            return {"type": "record", "record": wire_name(shape.cls)}
        case Fixed(places):
            return {"type": "tuple", "of": [describe(place) for place in places]}
        case Many(item, low, high):
            return {"type": "array", "of": describe(item), "min_items": low, "max_items": high}
        case Rows(_, places, high):
            return {"type": "array", "of": describe(Fixed(places)), "min_items": 0, "max_items": high}
        case Table(key, item, low, high):
            bounds = {"min_items": low, "max_items": high}
            return {"type": "map", "key": describe(key), "of": describe(item), **bounds}
        case _:
            raise AssertionError(f"no words for {shape!r}")


def _bounds(low: float, high: float) -> dict[str, float]:
    return {"min": low} | ({} if high == Number().high else {"max": high})


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(messages_text(), encoding="utf-8", newline="\n")
