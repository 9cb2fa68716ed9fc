"""How the daemon logs: for people on a terminal, JSON lines elsewhere; never on the audio path."""

import logging
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from roomtone.memory import import_without
from roomtone.settings import Settings

# It would draw tracebacks with rich, which other packages bring along: 15 ms and 4 MB for lines that are to be plain.
with import_without("rich"):
    import structlog

MOST_PER_S: Final = 20
"""Of each event: whoever can make the daemon say something cannot make it fill the disk."""

_LEVELS: Final = logging.getLevelNamesMapping()


def logger() -> Any:
    """Return what the daemon logs with."""
    return structlog.get_logger()


class Throttle:
    """Lets `MOST_PER_S` of each event through within a second, and counts the others into the next that passes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._second = 0
        self._passed: dict[str, int] = {}
        self._withheld: dict[str, int] = {}

    def __call__(self, _logger: Any, _method: str, event: structlog.typing.EventDict) -> Any:
        """Pass an event on, or drop it; a structlog processor."""
        name, second = str(event["event"]), int(self._clock())
        if second != self._second:
            self._second = second
            self._passed.clear()
        self._passed[name] = self._passed.get(name, 0) + 1
        if self._passed[name] > MOST_PER_S:
            self._withheld[name] = self._withheld.get(name, 0) + 1
            raise structlog.DropEvent
        if withheld := self._withheld.pop(name, 0):
            event["withheld"] = withheld
        return event


def configure_logs(settings: Settings) -> None:
    """Send structured logs to standard error."""
    human = settings.log == "human" or (settings.log == "auto" and sys.stderr.isatty())
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if human
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            Throttle(),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[settings.log_level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
