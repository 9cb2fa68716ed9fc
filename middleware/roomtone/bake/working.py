"""Doing jobs: the one function that every kind of worker calls, and a pool of processes that may die."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, runtime_checkable

from pebble import ProcessExpired, ProcessPool

from roomtone.bake.jobs import Job, MixJob, RenderJob, Result
from roomtone.bake.kept import Kept, LocalFiles
from roomtone.errors import AudioError, CacheError, ModelError, OutputError, RoomtoneError

if TYPE_CHECKING:
    from roomtone.models.news import Missed
    from roomtone.models.request import Recipe
    from roomtone.models.service import ServiceOptions

MOST_DEATHS: Final = 3
"""A job during which so many workers died is given up."""

_THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_AHEAD: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a job did not come to anything; as in `RoomtoneError`.

    Attributes:
        about: the job, for people.
        fatal: whether the others need not be tried either, as with a full disk.
        exit_code: of the error.
    """

    key: str
    about: str
    code: str
    what: str
    at: str = ""
    fix: str = ""
    fatal: bool = False
    exit_code: int = 70

    @classmethod
    def of(cls, job: Job, error: RoomtoneError) -> "Failure":
        """Say what an error says."""
        return cls(
            key=job.key,
            about=job.about,
            code=error.code,
            what=error.what,
            at=error.at,
            fix=error.fix,
            fatal=isinstance(error, OutputError),
            exit_code=error.exit_code,
        )


Outcome: TypeAlias = Result | Failure


class Workers(Protocol):
    """Whoever does jobs."""

    def run(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Outcome]]:
        """Do jobs, in any order; yields each as it is done."""


@runtime_checkable
class MakesClips(Protocol):
    """Workers that have models of their own."""

    def try_clips(
        self,
        recipes: "Mapping[str, Recipe]",
        options: "ServiceOptions",
        *,
        progress: Callable[[float], None],
        log: Callable[[str], None],
    ) -> "tuple[set[str], list[Missed]]":
        """See `generating.try_clips`."""


def carry_out(job: Job, kept: Kept, out: Path) -> Outcome:
    """Do one job and keep its result. In any process, on any computer."""
    # What a job needs is loaded where it is done.
    from roomtone.bake.encoding import encode_job  # noqa: PLC0415
    from roomtone.bake.rendering import render_job  # noqa: PLC0415
    from roomtone.bake.together import measure_together  # noqa: PLC0415

    try:
        match job:
            case RenderJob():
                result: Result = render_job(job, kept)
            case MixJob():
                result = measure_together(job, kept)
            case _:
                result = encode_job(job, kept, out)
        kept.keep(result)
    except (AudioError, CacheError, ModelError, OutputError) as error:
        return Failure.of(job, error)
    except OSError as error:
        return Failure.of(job, AudioError("bake.failed", what=str(error), fix="bake again"))
    return result


class Alone:
    """This process does everything itself."""

    def __init__(self, out: Path, kept: Kept) -> None:
        self._out, self._kept = out, kept

    def run(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Outcome]]:
        """See `Workers`."""
        for job in jobs:
            yield job, carry_out(job, self._kept, self._out)


class Pool:
    """Processes on this computer; one that dies is replaced, and its job done again. One thread."""

    def __init__(self, out: Path, root: Path, *, workers: int) -> None:
        self._out, self._root, self._count = out, root, workers

    def __enter__(self) -> "Pool":
        self._pool = self._start()
        return self

    def _start(self) -> ProcessPool:
        with _one_thread_each():
            return ProcessPool(
                max_workers=self._count,
                context=multiprocessing.get_context("spawn"),
                initializer=_leave_interrupts,
            )

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._pool.close()
        else:
            self._pool.stop()
        self._pool.join()

    def run(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Outcome]]:
        """See `Workers`."""
        waiting = [(job, 0) for job in reversed(jobs)]
        running: dict[Future[Outcome], tuple[Job, int]] = {}
        while waiting or running:
            while waiting and len(running) < _AHEAD * self._count:
                job, deaths = waiting.pop()
                running[self._schedule(job)] = (job, deaths)
            # A timeout, so that an interrupt is heard on every system.
            done, _ = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
            for each in done:
                job, deaths = running.pop(each)
                if not isinstance(each.exception(), ProcessExpired | BrokenExecutor):
                    yield job, each.result()
                elif deaths + 1 < MOST_DEATHS:
                    waiting.append((job, deaths + 1))
                else:
                    yield job, died(job)

    def _schedule(self, job: Job) -> Future[Outcome]:
        """Give a job to whoever is free; a pool that lost its idle workers is begun anew."""
        with _one_thread_each():
            try:
                return self._pool.schedule(_carry_out_here, args=(job, self._root, self._out))
            except RuntimeError:
                self._pool.stop()
                self._pool.join()
                self._pool = self._start()
                return self._pool.schedule(_carry_out_here, args=(job, self._root, self._out))


def _carry_out_here(job: Job, root: Path, out: Path) -> Outcome:
    return carry_out(job, Kept(LocalFiles(root)), out)


def died(job: Job) -> Failure:
    """Say that a job is given up."""
    what = f"{MOST_DEATHS} processes died over it"
    return Failure.of(
        job, AudioError("bake.worker-died", what=what, fix="see whether memory is short; --jobs 1")
    )


def _leave_interrupts() -> None:
    """A Ctrl-C is for the process that conducts: it lets go of its workers itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let processes that start now use one thread each: there is one of them for every core."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def open_workers(jobs: int, out: Path, root: Path) -> Iterator[Workers]:
    """Open workers on this computer; results are kept in `root`."""
    if jobs == 1:
        yield Alone(out, Kept(LocalFiles(root)))
        return
    with Pool(out, root, workers=jobs) as pool:
        yield pool


def in_order(jobs: Iterable[Job], weight: Callable[[Job], float]) -> list[Job]:
    """Put the longest jobs first, so that the last ones to end are short."""
    return sorted(jobs, key=lambda job: (-weight(job), job.key))
