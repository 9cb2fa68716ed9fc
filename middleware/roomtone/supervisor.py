"""`serve --supervise`: keeps a daemon serving, and a second one ready to take over within milliseconds."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from roomtone.errors import EXIT_CONFIG, EXIT_USAGE
from roomtone.logs import configure_logs, logger
from roomtone.settings import Settings, check_settings
from roomtone.standby_orders import GO, to_line

# Ends that another start would only repeat.
_FINAL: Final = (0, EXIT_USAGE, EXIT_CONFIG)
# A daemon that lived this long was well: the next crash is answered at once again.
_WELL_AFTER_S: Final = 10.0
_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 10.0
# Longer than a daemon takes to drain: what has not left by then hangs.
_LEAVES_WITHIN_S: Final = 10.0


def supervise(settings: Settings) -> int:
    """Serve until told to stop, whatever happens to the process that serves.

    Returns:
        The exit code of the last daemon.

    Raises:
        SettingsError: what is asked for cannot work.
    """
    check_settings(settings)
    configure_logs(settings)
    return Supervisor(settings, logger()).run()


class Supervisor:
    """Owns the daemon that serves and the one that stands by. Main thread only, for its signals."""

    def __init__(self, settings: Settings, log: Any, sleep: Callable[[float], None] = time.sleep) -> None:
        self._settings = settings
        self._log = log
        self._sleep = sleep
        self._stopping = False
        self._pause_s = 0.0
        self._serving = self._spawn()
        self._ready = self._spawn()

    def run(self) -> int:
        """Serve; returns the exit code."""
        self._install_signals()
        try:
            return self._keep_serving()
        finally:
            for child in (self._serving, self._ready):
                _let_go(child)

    def _keep_serving(self) -> int:
        code = 0
        while not self._stopping:
            self._go(self._serving)
            started_s = time.monotonic()
            code = self._serving.wait()
            if self._stopping or code in _FINAL:
                break
            self._log.error("daemon died", code=code, lived_s=round(time.monotonic() - started_s, 1))
            self._wait_before_retry(time.monotonic() - started_s)
            _let_go(self._serving)
            self._serving, self._ready = self._ready, self._spawn()
        return code if code in _FINAL else 0

    def _wait_before_retry(self, lived_s: float) -> None:
        if lived_s > _WELL_AFTER_S:
            self._pause_s = 0.0
        if self._pause_s:
            self._sleep(self._pause_s)
        self._pause_s = min(max(_FIRST_PAUSE_S, 2.0 * self._pause_s), _LONGEST_PAUSE_S)

    def _spawn(self) -> subprocess.Popen[str]:
        child = subprocess.Popen([sys.executable, "-m", "roomtone.standby"], stdin=subprocess.PIPE, text=True)
        self._tell(child, to_line(self._settings))
        return child

    def _go(self, child: subprocess.Popen[str]) -> None:
        self._tell(child, GO)

    def _tell(self, child: subprocess.Popen[str], line: str) -> None:
        assert child.stdin is not None
        # A child that died already is found by `wait`; one whose orders were ended by a signal just now will leave.
        with suppress(OSError, ValueError):
            child.stdin.write(line)
            child.stdin.flush()

    def _install_signals(self) -> None:
        for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda *_: self._stop())
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, lambda *_: self._serving.send_signal(signal.SIGHUP))

    def _stop(self) -> None:
        self._stopping = True
        for child in (self._serving, self._ready):
            _end_orders(child)
        last_resort = threading.Timer(_LEAVES_WITHIN_S, self._serving.kill)
        last_resort.daemon = True
        last_resort.start()


def _let_go(child: subprocess.Popen[str]) -> None:
    """End a child by ending its orders: it drains what it serves and leaves, or is made to."""
    _end_orders(child)
    try:
        child.wait(_LEAVES_WITHIN_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _end_orders(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    with suppress(OSError):
        child.stdin.close()
