"""How a refusal travels: the error that decoding raises, and the message that tells the other side."""

from roomtone.errors import RoomtoneError, WireError
from roomtone.wire.limits import MAX_NAME_BYTES, MAX_TEXT_BYTES
from roomtone.wire.messages import Error


class BadMessageError(WireError):
    """A frame that is no message of this protocol; `request_id` is its `id` if that could be read, else 0."""

    def __init__(self, code: str, *, what: str, at: str = "", fix: str = "", request_id: int = 0) -> None:
        super().__init__(code, what=what, at=at, fix=fix)
        self.request_id = request_id


def error_reply(error: RoomtoneError, request_id: int = 0) -> Error:
    """Say `error` to the other side, its texts cut to what a message may hold."""
    if isinstance(error, BadMessageError):
        request_id = error.request_id
    return Error(
        id=request_id,
        code=_cut(error.code, MAX_NAME_BYTES),
        what=_cut(error.what, MAX_TEXT_BYTES),
        at=_cut(error.at, MAX_TEXT_BYTES),
        fix=_cut(error.fix, MAX_TEXT_BYTES),
    )


def _cut(text: str, limit_bytes: int) -> str:
    """Keep whole characters within `limit_bytes` of UTF-8; lone surrogates, which UTF-8 lacks, become `?`."""
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= limit_bytes:
        return encoded.decode("utf-8")
    return encoded[: limit_bytes - 3].decode("utf-8", "ignore") + "…"
