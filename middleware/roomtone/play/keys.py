"""Single keys from the terminal, without waiting for Enter, on Windows and elsewhere."""

import sys
import time
from types import TracebackType
from typing import Final, Self

UP: Final = "up"
DOWN: Final = "down"
LEFT: Final = "left"
RIGHT: Final = "right"
QUIT: Final = "quit"

_ESCAPES: Final = {
    "[A": UP,
    "[B": DOWN,
    "[C": RIGHT,
    "[D": LEFT,
    "OA": UP,
    "OB": DOWN,
    "OC": RIGHT,
    "OD": LEFT,
}
_SCAN_CODES: Final = {"H": UP, "P": DOWN, "M": RIGHT, "K": LEFT}
_NAMES: Final = {
    "+": UP,
    "=": UP,
    "-": DOWN,
    "_": DOWN,
    "q": QUIT,
    "Q": QUIT,
    "\x03": QUIT,
    "\x04": QUIT,
    "\x1b": QUIT,
}


def name_key(typed: str) -> str:
    """Name what a terminal sent for one key; a key without a name is its own character, or nothing."""
    if typed.startswith("\x1b") and len(typed) > 1:
        return _ESCAPES.get(typed[1:3], "")
    return _NAMES.get(typed, typed[:1])


def name_scan_code(code: str) -> str:
    """Name what a Windows console sends after the prefix of a special key."""
    return _SCAN_CODES.get(code, "")


if sys.platform == "win32":
    import msvcrt

    _LOOK_EVERY_S: Final = 0.02

    class Keyboard:
        """Keys as they are pressed, while the block lasts. One thread."""

        def __enter__(self) -> Self:
            return self

        def __exit__(
            self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
        ) -> None:
            """Leave nothing to restore."""

        def read(self, wait_s: float) -> str:
            """Return the next key's name, or an empty string when none comes within `wait_s`."""
            deadline_s = time.monotonic() + wait_s
            while not msvcrt.kbhit():
                if time.monotonic() >= deadline_s:
                    return ""
                time.sleep(_LOOK_EVERY_S)
            typed = msvcrt.getwch()
            return name_scan_code(msvcrt.getwch()) if typed in "\x00\xe0" else name_key(typed)

else:
    import os
    import select
    import termios
    import tty

    _KEY_BYTES: Final = 8

    class Keyboard:
        """Keys as they are pressed, while the block lasts; then the terminal is as it was. One thread."""

        def __enter__(self) -> Self:
            self._terminal = sys.stdin.fileno()
            self._before = termios.tcgetattr(self._terminal)
            tty.setcbreak(self._terminal)
            return self

        def __exit__(
            self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
        ) -> None:
            termios.tcsetattr(self._terminal, termios.TCSADRAIN, self._before)

        def read(self, wait_s: float) -> str:
            """Return the next key's name, or an empty string when none comes within `wait_s`."""
            if not select.select([self._terminal], [], [], wait_s)[0]:
                return ""
            return name_key(os.read(self._terminal, _KEY_BYTES).decode("utf-8", "ignore"))


class NoKeyboard:
    """Where the input is no terminal: nothing is ever pressed, and playing ends with Ctrl-C."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave nothing to restore."""

    def read(self, wait_s: float) -> str:
        """Wait, and return no key."""
        time.sleep(wait_s)
        return ""
