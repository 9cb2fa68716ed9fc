"""Names that do not exist, and the ones that were probably meant."""

import difflib
from collections.abc import Iterable
from typing import TypeVar

from roomtone.errors import RoomtoneError

Refusal = TypeVar("Refusal", bound=RoomtoneError)

_MOST_LISTED = 12


def unknown(
    error: type[Refusal], code: str, *, kind: str, name: str, known: Iterable[str], at: str = ""
) -> Refusal:
    """Make the error for a name that does not exist: it offers the nearest name, or else lists what there is."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        fix = f"did you mean '{near[0]}'?"
    elif names:
        more = ", …" if len(names) > _MOST_LISTED else ""
        fix = f"there are: {', '.join(names[:_MOST_LISTED])}{more}"
    else:
        fix = f"there is no {kind} here"
    return error(code, what=f"there is no {kind} '{name}'", at=at, fix=fix)
