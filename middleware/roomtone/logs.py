"""How the daemon logs: for people on a terminal, JSON lines elsewhere; never on the audio path."""

import logging
import sys
from typing import Final

import structlog

from roomtone.settings import Settings

_LEVELS: Final = logging.getLevelNamesMapping()


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
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[settings.log_level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
