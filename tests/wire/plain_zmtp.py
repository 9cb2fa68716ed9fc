"""A second reader of ZMTP, straight from annex B of the specification, as a client on a plain socket has one."""

import struct
from dataclasses import dataclass
from typing import Any, Final

GREETING_BYTES: Final = 64
MOST_BYTES: Final = 1_048_576
_MORE: Final = 0x01
_LONG: Final = 0x02
_COMMAND: Final = 0x04


class RefusedError(Exception):
    """What was heard is not what a daemon says."""


@dataclass(frozen=True, slots=True)
class Frame:
    flags: int
    body: bytes

    @property
    def more(self) -> bool:
        return bool(self.flags & _MORE)

    @property
    def is_command(self) -> bool:
        return bool(self.flags & _COMMAND)


def read_greeting(heard: bytes) -> dict[str, Any]:
    """Read the first 64 bytes, or refuse as soon as they cannot be right."""
    for at, byte in ((0, 0xFF), (9, 0x7F)):
        if len(heard) > at and heard[at] != byte:
            raise RefusedError(f"byte {at} is {heard[at]:02x}")
    if len(heard) > 10 and heard[10] < 3:
        raise RefusedError(f"major version {heard[10]}")
    assert len(heard) == GREETING_BYTES
    mechanism = heard[12:32].rstrip(b"\0").decode()
    return {"version": list(heard[10:12]), "mechanism": mechanism, "as_server": bool(heard[32])}


def read_frames(heard: bytes) -> list[Frame]:
    """Split what was heard into frames."""
    frames, at = [], 0
    while at < len(heard):
        flags = heard[at]
        if flags & ~(_MORE | _LONG | _COMMAND) or (flags & _COMMAND and flags & _MORE):
            raise RefusedError(f"flags {flags:02x}")
        head = ">BQ" if flags & _LONG else ">BB"
        _, size_bytes = struct.unpack_from(head, heard, at)
        if size_bytes > MOST_BYTES:
            raise RefusedError(f"{size_bytes} bytes")
        at += struct.calcsize(head)
        frames.append(Frame(flags, heard[at : at + size_bytes]))
        assert len(frames[-1].body) == size_bytes
        at += size_bytes
    return frames


def read_messages(frames: list[Frame]) -> list[list[bytes]]:
    """Put messages together; commands stand between them."""
    messages: list[list[bytes]] = [[]]
    for frame in frames:
        if not frame.is_command:
            messages[-1].append(frame.body)
            if not frame.more:
                messages.append([])
    return messages[:-1]


def read_command(body: bytes) -> dict[str, Any]:
    """Read a command's name and what is known of its data."""
    name, data = _short_text(body)
    if name == "READY":
        return {"command": name, "properties": _properties(data)}
    if name == "PING":
        if not 2 <= len(data) <= 18:
            raise RefusedError("a PING of another size")
        return {"command": name, "ttl_ds": int.from_bytes(data[:2]), "context": data[2:].hex()}
    if name == "PONG":
        return {"command": name, "context": data.hex()}
    return {"command": name} | ({"reason": _short_text(data)[0]} if name == "ERROR" else {})


def read_ready(frame: Frame) -> None:
    """Accept the READY of a ROUTER and nothing else."""
    if not frame.is_command:
        raise RefusedError("a message before READY")
    command = read_command(frame.body)
    if command["command"] != "READY" or command["properties"].get("Socket-Type") != "ROUTER":
        raise RefusedError(f"{command}")


def _properties(data: bytes) -> dict[str, str]:
    found = {}
    while data:
        name, data = _short_text(data)
        size_bytes, data = int.from_bytes(data[:4]), data[4:]
        if size_bytes > len(data):
            raise RefusedError("a property beyond its command")
        found[name], data = data[:size_bytes].decode(), data[size_bytes:]
    return found


def _short_text(data: bytes) -> tuple[str, bytes]:
    if not data or data[0] > len(data) - 1:
        raise RefusedError("a name beyond its command")
    end = 1 + data[0]
    return data[1:end].decode(), data[end:]
