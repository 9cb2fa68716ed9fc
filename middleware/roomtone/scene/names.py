"""Names in scene files: what they may look like, and which one was probably meant."""

from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

NAME_PATTERN: Final = "^[a-z][a-z0-9_]*$"
MAX_NAME_CHARS: Final = 64

_MAX_LISTED: Final = 12
_MAX_SHOWN_CHARS: Final = 48


def did_you_mean(name: str, known: Collection[str]) -> str:
    """Say which of `known` was probably meant, or what there is to choose from."""
    close = get_close_matches(name[:MAX_NAME_CHARS], known, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    if not known:
        return "there are none to choose from; remove it"
    listed = ", ".join(sorted(known)[:_MAX_LISTED])
    return f"use one of: {listed}{', …' if len(known) > _MAX_LISTED else ''}"


def shown(value: object) -> str:
    """Write a value from a file so that it fits in one line and carries no control characters."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case dict():
            return "a mapping"
        case tuple() | list():
            return f"a list of {len(value)}"
        case str():
            return _trimmed(repr(value[: _MAX_SHOWN_CHARS + 1]))
        case _:
            return _trimmed(str(value))


def _trimmed(text: str) -> str:
    return text if len(text) <= _MAX_SHOWN_CHARS else f"{text[: _MAX_SHOWN_CHARS - 1]}…"
