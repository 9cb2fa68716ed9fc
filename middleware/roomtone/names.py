"""Names that do not exist, and the ones that were probably meant."""

from collections.abc import Collection
from difflib import get_close_matches
from typing import Final, TypeVar

from roomtone.errors import RoomtoneError

Refusal = TypeVar("Refusal", bound=RoomtoneError)

_MOST_LISTED: Final = 12
# Comparing takes time with the product of lengths, and what is asked for comes from outside.
_MOST_COMPARED_CHARS: Final = 64


def did_you_mean(name: str, known: Collection[str]) -> str:
    """Say which of `known` was probably meant, or else what there is to choose from."""
    near = get_close_matches(name[:_MOST_COMPARED_CHARS], known, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    if not known:
        return "there are none to choose from"
    more = ", …" if len(known) > _MOST_LISTED else ""
    return f"use one of: {', '.join(sorted(known)[:_MOST_LISTED])}{more}"


def unknown(
    error: type[Refusal], code: str, *, kind: str, name: str, known: Collection[str], at: str = ""
) -> Refusal:
    """Make the error for a name that does not exist: it offers the nearest name, or else lists what there is."""
    return error(code, what=f"there is no {kind} '{name}'", at=at, fix=did_you_mean(name, known))
