"""Slow work off the audio path: files are read and sources started here, one job after another."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol, TypeVar

from roomtone.errors import RoomtoneError

Result = TypeVar("Result")


class Workshop(Protocol):
    """Where jobs go. `collect` is called on the loop's thread and so are `done` and `failed`."""

    def submit(
        self,
        job: Callable[[], Result],
        done: Callable[[Result], object],
        failed: Callable[[RoomtoneError], None],
    ) -> None:
        """Queue a job."""

    def collect(self) -> None:
        """Hand over what is finished."""

    def close(self) -> None:
        """Finish the job under way and take no more."""


class ThreadWorkshop:
    """One worker thread. `wake` is called on it when a job is finished."""

    def __init__(self, wake: Callable[[], None], log: Any) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="workshop")
        self._finished: deque[Callable[[], None]] = deque()
        self._wake = wake
        self._log = log

    def submit(
        self,
        job: Callable[[], Result],
        done: Callable[[Result], object],
        failed: Callable[[RoomtoneError], None],
    ) -> None:
        """See `Workshop`."""
        future = self._pool.submit(job)
        future.add_done_callback(lambda ended: self._note(partial(settle, ended, done, failed, self._log)))

    def _note(self, settled: Callable[[], None]) -> None:
        self._finished.append(settled)
        self._wake()

    def collect(self) -> None:
        """See `Workshop`."""
        while self._finished:
            self._finished.popleft()()

    def close(self) -> None:
        """See `Workshop`."""
        self._pool.shutdown(cancel_futures=True)


def settle(
    ended: Future[Result], done: Callable[[Result], object], failed: Callable[[RoomtoneError], None], log: Any
) -> None:
    """Hand over what came of a job; a failure that nobody foresaw is logged and refuses the request all the same."""
    error = ended.exception()
    if error is None:
        done(ended.result())
    elif isinstance(error, RoomtoneError):
        failed(error)
    else:
        log.error("work failed", exc_info=error)
        what = f"the daemon failed ({type(error).__name__})"
        failed(RoomtoneError("server.internal", what=what, fix="see the daemon's log"))
