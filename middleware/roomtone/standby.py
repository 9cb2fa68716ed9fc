"""A daemon that is ready but does not serve yet: the supervisor keeps one, so that a crash costs no start-up.

The supervisor speaks over standard input: one line of settings, then `go`. When standard input ends, the supervisor is
gone and so is this process, whether it waits or serves.
"""

import gc
import signal
import sys
import threading
from collections.abc import Callable
from typing import IO

from roomtone.daemon import run
from roomtone.errors import RoomtoneError
from roomtone.layers.player import load_kernels
from roomtone.logs import configure_logs
from roomtone.memory import do_without_scipy
from roomtone.standby_orders import GO, from_line
from roomtone.synths.warm import warm


def stand_by(orders: IO[str]) -> int:
    """Prepare, wait for `go`, serve; returns the exit code."""
    # Ctrl-C reaches the whole group of processes; who waits leaves when its orders end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    settings = from_line(orders.readline())
    configure_logs(settings)
    warm()
    load_kernels()
    # What lives now lives on: who takes over need not look at it again.
    gc.collect()
    gc.freeze()
    if orders.readline() != GO:
        return 0
    return run(settings, lambda stop: _stop_at_end(orders, stop))


def _stop_at_end(orders: IO[str], stop: Callable[[], None]) -> None:
    def wait() -> None:
        orders.read()
        stop()

    threading.Thread(target=wait, name="orders", daemon=True).start()


def main() -> int:
    """Run as `python -m roomtone.standby`."""
    do_without_scipy()
    try:
        return stand_by(sys.stdin)
    except RoomtoneError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - a command's last word
        return error.exit_code


if __name__ == "__main__":
    raise SystemExit(main())
