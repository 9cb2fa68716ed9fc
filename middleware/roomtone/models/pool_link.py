"""The daemon's end of the pool's process: started when first needed, started again when it dies."""

import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final

from roomtone.errors import ModelError
from roomtone.models.crew import Governor
from roomtone.models.health import Health
from roomtone.models.news import News
from roomtone.models.orders import NEWS, Begin, Leave, Want
from roomtone.models.process import ChildProcess, Ended
from roomtone.models.service import ServiceOptions
from roomtone.models.wishes import Wish

_COMMAND: Final = (sys.executable, "-m", "roomtone.models.pool_process")
# What a line may take beside the wishes in it.
_WISHES_PER_LINE: Final = 1_024


class PoolLink:
    """See the module. One thread, but for what the process says, which waits for `news`.

    Args:
        options: for the pool.
        wake: called, on another thread, when there is news.
        log: structured logger.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        options: ServiceOptions,
        *,
        wake: Callable[[], None],
        log: Any,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._options, self._wake, self._log, self._clock = options, wake, log, clock
        self._process: ChildProcess | None = None
        self._health = Health()
        self._heard: deque[tuple[ChildProcess | None, Any]] = deque()
        self._wanted: dict[str, Want] = {}
        self._leave = Leave.of(Governor())

    def want(self, owner: str, wishes: tuple[Wish, ...], melodies: Mapping[str, str]) -> None:
        """Say all that an owner wants; see `Pool.want`."""
        order = Want.of(owner, wishes[:_WISHES_PER_LINE], melodies)
        if wishes:
            self._wanted[owner] = order
        else:
            self._wanted.pop(owner, None)
        if self._process is not None:
            self._process.say(order)
        else:
            self._start_if_needed()

    def govern(self, governor: Governor) -> None:
        """Leave more or less to the game."""
        self._leave = Leave.of(governor)
        if self._process is not None:
            self._process.say(self._leave)

    def news(self) -> list[News]:
        """Take what the pool has told since this was last asked, and see that it lives."""
        told: list[News] = []
        while self._heard:
            process, message = self._heard.popleft()
            if isinstance(message, Ended | ModelError):
                self._lost(process, message)
            else:
                self._health = self._health.worked()
                told.append(message)
        self._start_if_needed()
        return told

    def _start_if_needed(self) -> None:
        if self._process is not None or not self._wanted or not self._health.may_start(self._clock()):
            return
        try:
            self._process = ChildProcess(_COMMAND, kinds=NEWS, hear=self._hear, log=self._log_line)
        except ModelError as error:
            self._lost(None, error)
            return
        self._process.be_nice()
        for order in (Begin.of(self._options), self._leave, *self._wanted.values()):
            self._process.say(order)

    def _hear(self, process: ChildProcess, message: Any) -> None:
        self._heard.append((process, message))
        self._wake()

    def _lost(self, process: ChildProcess | None, why: Any) -> None:
        if process is not None and process is self._process:
            process.kill()
            self._process = None
        self._health = self._health.failed(self._clock(), str(why))
        self._log.error("models' pool lost", why=str(why), failures=self._health.failures)

    def _log_line(self, line: str) -> None:
        self._log.info("models", line=line)

    def close(self) -> None:
        """End the pool and with it all workers."""
        self._wanted.clear()
        if self._process is not None:
            process, self._process = self._process, None
            process.close()
