"""The pool in a process of its own, so that nothing it does delays audio: `python -m roomtone.models.pool_process`.

It speaks in lines of JSON with whoever started it, and ends with it.
"""

import os
import sys
import threading
from functools import partial
from typing import Any, BinaryIO, cast

from roomtone.models.messages import MAX_LINE_BYTES, read_message, write_message
from roomtone.models.orders import ORDERS, Begin, Leave, Want
from roomtone.models.service import Service


def main() -> int:
    """Serve until the other side is gone."""
    source, sink = _keep_pipe()
    lock = threading.Lock()

    def tell(news: Any) -> None:
        with lock:
            sink.write(write_message(news))
            sink.flush()

    begin = read_message(source.readline(MAX_LINE_BYTES), ORDERS)
    assert isinstance(begin, Begin)
    service = Service(begin.service_options(), tell=tell, log=_log)
    gone = threading.Event()
    threading.Thread(target=_listen, args=(source, service, gone), daemon=True).start()
    try:
        while not gone.is_set():
            service.take_turn()
    except BrokenPipeError:
        # Whoever would hear this is gone.
        return 0
    finally:
        service.close()
    return 0


def _keep_pipe() -> tuple[BinaryIO, BinaryIO]:
    """Keep what libraries print away from the pipe."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return cast("BinaryIO", source), cast("BinaryIO", sink)


def _listen(source: BinaryIO, service: Service, gone: threading.Event) -> None:
    while line := source.readline(MAX_LINE_BYTES):
        order = read_message(line, ORDERS)
        service.post(partial(_obey, service, order))
    gone.set()
    service.post(lambda: None)


def _obey(service: Service, order: Begin | Want | Leave) -> None:
    match order:
        case Want():
            service.pool.want(order.owner, order.read_wishes(), order.melodies)
        case Leave():
            service.pool.govern(order.governor())


def _log(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    raise SystemExit(main())
