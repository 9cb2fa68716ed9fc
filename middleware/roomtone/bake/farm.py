"""Baking on a Ray cluster: keys travel, sound goes through a shared store, and what a lost node had is done again."""

import logging
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import ray
from ray.exceptions import RayActorError, RayError

from roomtone.bake.farm_clips import CLIPS, ClipFarm, clip_name, export_clip
from roomtone.bake.fingerprint import engine
from roomtone.bake.jobs import EncodeJob, Job, RenderJob, Written
from roomtone.bake.kept import Files, Kept, refused
from roomtone.bake.shared import open_files
from roomtone.bake.working import MOST_DEATHS, Failure, Outcome, carry_out, died
from roomtone.cache.store import Cache
from roomtone.errors import ConnectionLostError, OrderError
from roomtone.generating import try_clips
from roomtone.models.news import Missed
from roomtone.models.request import Recipe
from roomtone.models.service import ServiceOptions

FILES: Final = "files"
_AHEAD: Final = 2
_REACHED_S: Final = 10.0


class FarmWorker:
    """One process of the cluster: kernels and clips stay warm in it from job to job."""

    def __init__(self, store: str) -> None:
        self._files = open_files(store)
        self._kept = Kept(self._files)
        self._here = Path(tempfile.mkdtemp(prefix="roomtone-farm-"))

    def engine(self) -> str:
        """Name the code that makes sound here."""
        return engine()

    def work(self, job: Job) -> Outcome:
        """Do a job; a file that is written goes into the store, for whoever conducts to fetch."""
        if isinstance(job, RenderJob) and job.clips is not None:
            job = self._with_clips(job)
        outcome = carry_out(job, self._kept, self._here)
        if isinstance(outcome, Written):
            self._files.write(file_name(outcome.key), partial(_copy, self._here / outcome.path))
            (self._here / outcome.path).unlink()
        return outcome

    def _with_clips(self, job: RenderJob) -> RenderJob:
        assert job.clips is not None
        with Cache(self._here / CLIPS) as cache:
            for key in sorted(job.clips.keys):
                if cache.find(key) is None:
                    cache.import_from(self._files.fetch(clip_name(key)))
        return replace(job, clips=replace(job.clips, cache_dir=self._here / CLIPS))


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)


def file_name(key: str) -> str:
    """Name a finished file in the store."""
    return f"{FILES}/{key}"


class Farm:
    """The workers of a cluster, as `Workers`. One thread."""

    def __init__(self, out: Path, files: Files, store: str, *, workers: int) -> None:
        self._out, self._files, self._store = out, files, store
        # A process that is gone is started again, elsewhere if its node is gone too, and has its jobs once more.
        retries = MOST_DEATHS - 1
        actor: Any = ray.remote(num_cpus=1, max_restarts=-1, max_task_retries=retries)(FarmWorker)
        self._actors: list[Any] = [actor.remote(store) for _ in range(workers)]

    def check(self) -> None:
        """Refuse a cluster that would make other sound.

        Raises:
            OrderError: `farm.other-version`.
        """
        if any(each != engine() for each in ray.get([actor.engine.remote() for actor in self._actors])):
            what = "the cluster's computers have another version of Roomtone, or of numpy"
            raise OrderError("farm.other-version", what=what, fix="install the same on all of them")

    def try_clips(
        self,
        recipes: Mapping[str, Recipe],
        options: ServiceOptions,
        *,
        progress: Callable[[float], None],
        log: Callable[[str], None],
    ) -> tuple[set[str], list[Missed]]:
        """Have clips made by the models that the nodes have; this computer's own make the others."""
        farm = ClipFarm(
            self._files, self._store, options, {each.model: each.weights for each in recipes.values()}
        )
        try:
            theirs = {key: recipe for key, recipe in recipes.items() if farm.has(recipe.model)}
            missed = farm.make(theirs, progress) if theirs else []
        finally:
            farm.close()
        told = {each.key for each in missed}
        with Cache(options.cache_dir, max_bytes=options.max_bytes) as cache:
            made = {key for key in theirs if cache.find(key) is not None}
        ours = {key: recipe for key, recipe in recipes.items() if key not in made | told}
        if ours:
            more, failed = try_clips(ours, options, progress=progress, log=log)
            return made | more, missed + failed
        return made, missed

    def run(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Outcome]]:
        """See `Workers`."""
        self._send_clips(jobs)
        waiting = list(reversed(jobs))
        running: dict[Any, tuple[Job, Any]] = {}
        free = [actor for _ in range(_AHEAD) for actor in self._actors]
        while waiting or running:
            while waiting and free:
                job, actor = waiting.pop(), free.pop(0)
                running[actor.work.remote(job)] = (job, actor)
            done, _ = ray.wait(list(running), timeout=0.5)
            for each in done:
                job, actor = running.pop(each)
                free.append(actor)
                try:
                    outcome: Outcome = ray.get(each)
                except RayActorError:
                    outcome = died(job)
                yield job, self._fetched(job, outcome)

    def _send_clips(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            if isinstance(job, RenderJob) and job.clips is not None:
                with Cache(job.clips.cache_dir) as cache:
                    for key in sorted(job.clips.keys):
                        if not self._files.has(clip_name(key)):
                            self._files.write(clip_name(key), partial(export_clip, cache, key))

    def _fetched(self, job: Job, outcome: Outcome) -> Outcome:
        """Give a file that came out of the cluster its place."""
        if not (isinstance(job, EncodeJob) and isinstance(outcome, Written)):
            return outcome
        path = self._out / outcome.path
        path.parent.mkdir(parents=True, exist_ok=True)
        staged = path.with_name(f".{path.name}.part")
        try:
            shutil.copyfile(self._files.fetch(file_name(outcome.key)), staged)
            staged.replace(path)
        except OSError as error:
            return Failure.of(job, refused(path, error))
        finally:
            staged.unlink(missing_ok=True)
        return outcome


def _check_reachable(address: str) -> None:
    """Ray itself tries for minutes."""
    host, colon, port = address.rpartition(":")
    if not (colon and port.isdecimal()) or "/" in host:
        return
    try:
        socket.create_connection((host, int(port)), timeout=_REACHED_S).close()
    except (OSError, OverflowError) as error:
        raise _unreachable(address, error) from error


def _unreachable(address: str, error: Exception) -> ConnectionLostError:
    what, fix = f"there is no Ray cluster at {address}: {error}", "see `ray status`, and docs/farm.md"
    return ConnectionLostError("farm.unreachable", what=what, fix=fix)


@contextmanager
def open_farm(address: str, out: Path, files: Files, store: str, *, workers: int | None) -> Iterator[Farm]:
    """Connect to a cluster.

    Args:
        address: of its head, `HOST:PORT`, or `auto` for the one on this computer.
        out: the order's folder, here.
        files: the store, as it is opened here.
        store: how the cluster opens it.
        workers: how many; None for as many as it has cores.

    Raises:
        ConnectionLostError: `farm.unreachable`.
        OrderError: `farm.other-version`.
    """
    _check_reachable(address)
    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (RayError, ConnectionError, RuntimeError, ValueError) as error:
        raise _unreachable(address, error) from error
    try:
        count = workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
        farm = Farm(out, files, store, workers=count)
        farm.check()
        yield farm
    finally:
        ray.shutdown()
