"""A pool at work: real workers, a real cache, one queue on which everything that is said arrives."""

import os
import queue
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from roomtone.cache.store import Cache
from roomtone.models.crew import WorkerLike
from roomtone.models.library import Installed, ModelLibrary
from roomtone.models.makings import Makings
from roomtone.models.news import News
from roomtone.models.pool import Pool, PoolOptions
from roomtone.models.process import start_worker

TURN_S: Final = 0.25

Log = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOptions:
    """Where models and clips are, and how models run.

    Attributes:
        models_dir: the folder of installed models.
        cache_dir: the folder of the cache.
        max_bytes: how much room clips may take; None for any.
        device: see `PoolOptions`.
        candidates: see `PoolOptions`.
    """

    models_dir: Path
    cache_dir: Path
    max_bytes: int | None = None
    device: str = "auto"
    candidates: int = 1


class Service:
    """A pool and what drives it. One thread; `post` from any.

    Args:
        options: see `ServiceOptions`.
        tell: takes the pool's news.
        log: takes lines for people.
    """

    def __init__(self, options: ServiceOptions, *, tell: Callable[[News], None], log: Log) -> None:
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._log = log
        self._library = ModelLibrary(options.models_dir)
        self.pool = Pool(
            find=self._library.find,
            scorer=self._find_scorer,
            start=self._start,
            makings=Makings(Cache(options.cache_dir, max_bytes=options.max_bytes)),
            clock=time.monotonic,
            options=PoolOptions(
                owner=f"pool {os.getpid()}", device=options.device, candidates=options.candidates
            ),
            tell=tell,
        )

    def _find_scorer(self) -> Installed | None:
        models = self._library.installed().values()
        return next((model for model in models if model.makes == "scores"), None)

    def _start(self, model: Installed) -> WorkerLike:
        return start_worker(
            model.python, hear=self._hear, log=lambda line: self._log(f"{model.name}: {line}")
        )

    def _hear(self, worker: WorkerLike, message: Any) -> None:
        self.post(partial(self.pool.take, worker, message))

    def post(self, deed: Callable[[], None]) -> None:
        """Have something done on the pool's thread, in turn."""
        self._inbox.put(deed)

    def take_turn(self, within_s: float = TURN_S) -> None:
        """Do what was posted, waiting for it for a moment; then let the pool look after its own."""
        try:
            self._inbox.get(timeout=within_s)()
        except queue.Empty:
            pass
        else:
            return
        self.pool.tick()

    def close(self) -> None:
        """End every worker."""
        self.pool.close()
