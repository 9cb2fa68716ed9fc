"""Messages to bytes and back: the only place that knows msgpack.

Nothing here keeps state between calls; any thread may call anything.
"""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast, get_args

import msgpack  # type: ignore[import-untyped]  # it publishes no types

from roomtone.names import did_you_mean
from roomtone.wire.faults import FaultError, kind_name, quoted
from roomtone.wire.limits import FROM_CLIENT, FROM_DAEMON, MAX_ID, FrameLimits
from roomtone.wire.messages import (
    ClientMessage,
    DaemonMessage,
    LayerInfo,
    Message,
    ParameterInfo,
    PlacementInfo,
    SceneResume,
    StreamStats,
)
from roomtone.wire.records import Record
from roomtone.wire.refusal import BadMessageError

Bytes: TypeAlias = bytes | bytearray | memoryview

_TOO_LARGE: Final = re.compile(r"exceeds max_(str|array|map)_len")
_BINARY: Final = re.compile(r"exceeds max_(bin|ext)_len|Timestamp")


def wire_name(cls: type) -> str:
    """Spell a message's class as its field `t` does: `OpenScene` is `open_scene`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


@dataclass(frozen=True, slots=True)
class _Direction:
    """Who speaks: the messages they may send, and how much of them is read."""

    records: Mapping[str, Record]
    limits: FrameLimits


_CLIENT: Final = _Direction({wire_name(cls): Record(cls) for cls in get_args(ClientMessage)}, FROM_CLIENT)
_DAEMON: Final = _Direction({wire_name(cls): Record(cls) for cls in get_args(DaemonMessage)}, FROM_DAEMON)

_FIELD_NAMES: Final[Mapping[type, tuple[str, ...]]] = {
    cls: tuple(field.name for field in dataclasses.fields(cls))
    for cls in (
        *get_args(Message),
        LayerInfo,
        ParameterInfo,
        PlacementInfo,
        SceneResume,
        StreamStats,
    )
}
_WIRE_NAMES: Final = {cls: wire_name(cls) for cls in get_args(Message)}


def encode(message: Message) -> bytes:
    """Write frame 0 of a message. The caller vouches for its values: only what arrives is checked."""
    fields = {"t": _WIRE_NAMES[type(message)]} | _as_map(message)
    # A file's name may hold bytes that are no UTF-8; they become `?` rather than an error in the loop.
    return cast("bytes", msgpack.packb(fields, default=_as_map, unicode_errors="replace"))


def _as_map(record: object) -> dict[str, Any]:
    return {name: getattr(record, name) for name in _FIELD_NAMES[type(record)]}


def decode_client(frame: Bytes) -> ClientMessage:
    """Read what a client said, or raise `BadMessageError`."""
    return cast("ClientMessage", _decode(frame, _CLIENT))


def decode_daemon(frame: Bytes) -> DaemonMessage:
    """Read what the daemon said, or raise `BadMessageError`."""
    return cast("DaemonMessage", _decode(frame, _DAEMON))


def _decode(frame: Bytes, direction: _Direction) -> Message:
    fields = _unpack(frame, direction.limits)
    record = direction.records.get(fields["t"]) if type(fields.get("t")) is str else None
    if record is None:
        raise _nameless(fields, direction)
    del fields["t"]
    try:
        return cast("Message", record(fields))
    except FaultError as fault:
        raise BadMessageError(
            fault.code,
            what=f"{wire_name(record.cls)}: {fault.what}",
            at=fault.path,
            fix=fault.fix,
            request_id=_request_id(fields),
        ) from None


def _unpack(frame: Bytes, limits: FrameLimits) -> dict[str, Any]:
    """Read one msgpack map with string keys; what it may cost is bounded before anything is allocated."""
    size_bytes = frame.nbytes if isinstance(frame, memoryview) else len(frame)
    if size_bytes > limits.frame_bytes:
        what = f"a message of {size_bytes} bytes, above {limits.frame_bytes}"
        raise BadMessageError("wire.too-large", what=what, fix="send a smaller message")
    try:
        decoded = msgpack.unpackb(
            frame,
            raw=False,
            strict_map_key=True,
            max_str_len=limits.string_bytes,
            max_array_len=limits.items,
            max_map_len=limits.items,
            max_bin_len=0,
            max_ext_len=0,
        )
    except ValueError as error:
        raise _unreadable(error) from None
    if type(decoded) is not dict:
        what = f"the message is {kind_name(type(decoded))}, not a map"
        raise BadMessageError("wire.wrong-type", what=what, fix="send a map with the message's name in t")
    return decoded


def _unreadable(error: ValueError) -> BadMessageError:
    """Name msgpack's refusal: it has classes for some and only words for others."""
    said = str(error)
    if isinstance(error, msgpack.StackError):
        return BadMessageError("wire.too-deep", what="the message nests too deep", fix="send flatter data")
    if _TOO_LARGE.search(said):
        what = f"a string, array or map is too long ({said})"
        return BadMessageError("wire.too-large", what=what, fix="keep to the limits of protocol/SPEC.md")
    if _BINARY.search(said):
        what = "binary or extension data in a message"
        return BadMessageError(
            "wire.wrong-type", what=what, fix="send strings, numbers, arrays and maps only"
        )
    what = f"the frame is not one msgpack value ({type(error).__name__}: {quoted(said)})"
    return BadMessageError("wire.not-msgpack", what=what, fix="send one msgpack map and nothing after it")


def _nameless(fields: Mapping[str, Any], direction: _Direction) -> BadMessageError:
    if "t" not in fields:
        code, what = "wire.missing-field", "the message has no name"
    elif type(fields["t"]) is not str:
        code, what = "wire.wrong-type", f"the message's name is {kind_name(type(fields['t']))}, not a string"
    else:
        code, what = "wire.unknown-message", f"there is no message {quoted(fields['t'])!r} in this direction"
    fix = did_you_mean(str(fields.get("t")), direction.records)
    return BadMessageError(code, what=what, at="t", fix=fix, request_id=_request_id(fields))


def _request_id(fields: Mapping[str, Any]) -> int:
    request_id = fields.get("id")
    return request_id if type(request_id) is int and 0 <= request_id <= MAX_ID else 0
