"""Slow work off the audio path: files are read and sources started here, one job after another."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from roomtone.errors import RoomtoneError

Result = TypeVar("Result")
Finished = Callable[[], None]


class Workshop(Protocol):
    """Where jobs go. `collect` is called on the loop's thread and so are `done` and `failed`."""

    def submit(
        self,
        job: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[RoomtoneError], None],
    ) -> None:
        """Queue a job."""

    def collect(self) -> None:
        """Hand over what is finished."""

    def close(self) -> None:
        """Finish the job under way and take no more."""


class ThreadWorkshop:
    """One worker thread. `wake` is called on it when a job is finished."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="workshop")
        self._finished: deque[Finished] = deque()
        self._wake = wake

    def submit(
        self,
        job: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[RoomtoneError], None],
    ) -> None:
        """See `Workshop`."""
        self._pool.submit(self._work, job, done, failed)

    def _work(
        self, job: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[RoomtoneError], None]
    ) -> None:
        self._finished.append(outcome(job, done, failed))
        self._wake()

    def collect(self) -> None:
        """See `Workshop`."""
        while self._finished:
            self._finished.popleft()()

    def close(self) -> None:
        """See `Workshop`."""
        self._pool.shutdown(cancel_futures=True)


def outcome(
    job: Callable[[], Result], done: Callable[[Result], None], failed: Callable[[RoomtoneError], None]
) -> Finished:
    """Run a job and return what is to be done about it on the loop's thread."""
    try:
        result = job()
    except RoomtoneError as error:
        return lambda bad=error: failed(bad)  # type: ignore[misc]
    except (OSError, MemoryError) as error:
        bad = RoomtoneError(
            "daemon.cannot-prepare", what=str(error) or "out of memory", fix="see the daemon's log"
        )
        return lambda: failed(bad)
    return lambda: done(result)
