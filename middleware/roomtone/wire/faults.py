"""What can be wrong with a field: its stable code, in words for people."""

import types
from collections.abc import Mapping
from typing import Final

_QUOTED_CHARACTERS: Final = 40
_KIND_NAMES: Final[Mapping[type, str]] = {
    bool: "a boolean",
    int: "an integer",
    float: "a float",
    str: "a string",
    list: "an array",
    dict: "a map",
    types.NoneType: "nil",
}


class FaultError(Exception):
    """One wrong field; whoever holds it adds its name to `path` on the way out."""

    def __init__(self, code: str, *, what: str, fix: str) -> None:
        super().__init__(code)
        self.code, self.what, self.fix = code, what, fix
        self.path = ""

    def under(self, step: str) -> "FaultError":
        """Prefix the path with the name or `[index]` that led here."""
        joint = "." if self.path and not self.path.startswith("[") else ""
        self.path = f"{step}{joint}{self.path}"
        return self


def wrong_type(wanted: str, value: object) -> FaultError:
    """Refuse a value of another kind; bytes and extension types are never right."""
    found = kind_name(type(value))
    return FaultError("wire.wrong-type", what=f"{found} where {wanted} belongs", fix=f"send {wanted}")


def out_of_range(what: str) -> FaultError:
    """Refuse a value of the right kind that is too small, too large, too long or unheard of."""
    return FaultError("wire.out-of-range", what=what, fix="keep to the limits of protocol/messages.json")


def not_finite(number: float) -> FaultError:
    """Refuse NaN and the infinities."""
    return FaultError("wire.not-finite", what=f"{number} is no finite number", fix="send a finite number")


def missing(name: str) -> FaultError:
    """Refuse a map that lacks a field."""
    return FaultError("wire.missing-field", what="the field is missing", fix="send it").under(name)


def too_deep(limit: int) -> FaultError:
    """Refuse containers in containers beyond the limit."""
    return FaultError("wire.too-deep", what=f"it nests more than {limit} deep", fix="send flatter data")


def kind_name(kind: type) -> str:
    """Name a type as msgpack's users know it."""
    return _KIND_NAMES.get(kind, "binary or extension data")


def quoted(value: object) -> str:
    """Show a value in a message, cut short: it comes from outside."""
    text = str(value)
    return text if len(text) <= _QUOTED_CHARACTERS else f"{text[:_QUOTED_CHARACTERS]}…"
