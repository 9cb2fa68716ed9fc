"""Names and values in scene files: what names may look like, and how values are shown."""

from typing import Final

NAME_PATTERN: Final = "^[a-z][a-z0-9_]*$"
MAX_NAME_CHARS: Final = 64

_MAX_SHOWN_CHARS: Final = 48


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
