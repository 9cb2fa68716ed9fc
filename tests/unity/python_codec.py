"""The codec in Python, asked as the one in C# is: what one reads, the other must."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Final

from roomtone.wire.codec import decode_client, decode_daemon, wire_name
from roomtone.wire.messages import Message
from roomtone.wire.refusal import BadMessageError

_DECODERS: Final[Mapping[str, Callable[[bytes], Message]]] = {
    "client": decode_client,
    "daemon": decode_daemon,
}


class PythonCodec:
    """Any thread."""

    def ask(self, direction: str, frame: bytes) -> Any:
        """Read a frame; returns a message, or `code`, `at` and `id` of a refusal."""
        try:
            message = _DECODERS[direction](frame)
        except BadMessageError as refused:
            return {"code": refused.code, "at": refused.at, "id": refused.request_id}
        return {"t": wire_name(type(message)), **_plain(dataclasses.asdict(message))}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
