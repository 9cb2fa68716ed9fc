"""One tree of errors: each says what is wrong, where, and how to mend it, under a stable code."""

from typing import ClassVar, Final

EXIT_USAGE: Final = 64
EXIT_BAD_DATA: Final = 65
EXIT_NO_INPUT: Final = 66
EXIT_UNAVAILABLE: Final = 69
EXIT_INTERNAL: Final = 70
EXIT_CANNOT_CREATE: Final = 73
EXIT_CONFIG: Final = 78


class RoomtoneError(Exception):
    """The root: whatever a user can mend is one of these.

    Attributes:
        code: stable and dotted (`scene.unknown-synth`); programs match on it.
        what: one clause that says what is wrong.
        at: where: `file:line:column`, a message's field, or empty.
        fix: one clause that says what to do.
        exit_code: what a command ends with, after BSD's sysexits.
    """

    exit_code: ClassVar[int] = EXIT_INTERNAL

    def __init__(self, code: str, *, what: str, at: str = "", fix: str = "") -> None:
        super().__init__(code, what, at, fix)
        self.code, self.what, self.at, self.fix = code, what, at, fix

    def __str__(self) -> str:
        where = f"{self.at}: " if self.at else ""
        mend = f"; {self.fix}" if self.fix else ""
        return f"{where}{self.what}{mend} [{self.code}]"


class SceneError(RoomtoneError):
    """One mistake in one scene file."""

    exit_code = EXIT_BAD_DATA


class SceneErrors(RoomtoneError):  # noqa: N818 - several, and named so
    """Every mistake of one scene file, in the file's order."""

    exit_code = EXIT_BAD_DATA

    def __init__(self, errors: tuple[SceneError, ...]) -> None:
        first = errors[0]
        super().__init__(first.code, what=first.what, at=first.at, fix=first.fix)
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


class SynthError(RoomtoneError):
    """A synth or a control that does not exist, or a value outside its range."""

    exit_code = EXIT_USAGE


class AudioError(RoomtoneError):
    """A sound file that cannot be read or written."""

    exit_code = EXIT_BAD_DATA


class InputMissingError(RoomtoneError):
    """A file or a scene that a command was asked to read and that is not there."""

    exit_code = EXIT_NO_INPUT


class OutputError(RoomtoneError):
    """A file that cannot be written."""

    exit_code = EXIT_CANNOT_CREATE


class ModelError(RoomtoneError):
    """A neural model that cannot be loaded, or did not make what was asked of it."""

    exit_code = EXIT_UNAVAILABLE


class CacheError(RoomtoneError):
    """Generated clips that cannot be kept, read or exchanged."""

    exit_code = EXIT_CANNOT_CREATE


class OrderError(RoomtoneError):
    """Something that cannot be baked as it was ordered."""

    exit_code = EXIT_USAGE


class OrderErrors(RoomtoneError):  # noqa: N818 - several, and named so
    """Every mistake of what is to be baked."""

    exit_code = EXIT_BAD_DATA

    def __init__(self, errors: tuple[RoomtoneError, ...]) -> None:
        first = errors[0]
        super().__init__(first.code, what=first.what, at=first.at, fix=first.fix)
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


class WireError(RoomtoneError):
    """A message that breaks the protocol, or a request that cannot be granted."""

    exit_code = EXIT_BAD_DATA


class ConnectionLostError(RoomtoneError):
    """The daemon cannot be reached, refused the connection, or went away."""

    exit_code = EXIT_UNAVAILABLE


class SettingsError(RoomtoneError):
    """A setting or a command line that cannot work."""

    exit_code = EXIT_CONFIG
