"""Whether an installed model is whole, loads, and makes a sound: what `models check` finds out."""

import importlib.metadata
import queue
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from roomtone.errors import ModelError
from roomtone.models.finish import finish
from roomtone.models.library import Installed, Progress, damage
from roomtone.models.makings import read_samples
from roomtone.models.messages import Done, Failed, Fatal, Load, Quit, Ready, Run
from roomtone.models.process import ChildProcess, Ended, start_worker
from roomtone.models.request import Capabilities, Job, Output

LOADS_WITHIN_S: Final = 900.0
RUNS_WITHIN_S: Final = 900.0
_PROMPT: Final = "light rain on leaves"
_SECONDS: Final = 2.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found out about a model that works.

    Attributes:
        able: what it can do here.
        load_s: how long it takes to load.
        run_s: how long one clip took, of how much sound.
        memory_gb: the most that it held.
        lufs: how loud its clip was as it came.
    """

    able: Capabilities
    load_s: float
    run_s: float
    clip_s: float
    memory_gb: float
    lufs: float | None


def missing_packages(model: Installed) -> list[str]:
    """Name the packages that a model needs and that are not installed here; not asked of another interpreter."""
    if model.python:
        return []
    return [name for name in model.needs if not _is_installed(name)]


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def check_model(
    model: Installed,
    *,
    device: str,
    progress: Progress = lambda _: None,
    log: Callable[[str], None] = lambda _: None,
) -> Checked:
    """Read all of a model, load it and let it make a short clip.

    Raises:
        ModelError: `model.damaged`, `model.lacks-packages`, or why it does not load or run.
    """
    wrong = damage(model, progress)
    if wrong:
        what = f"{wrong[0]}" + (f", and {len(wrong) - 1} more" if len(wrong) > 1 else "")
        raise ModelError("model.damaged", what=what, at=str(model.folder), fix="install it again")
    lacking = missing_packages(model)
    if lacking:
        what, fix = f"{', '.join(lacking)} is not installed", "see docs/models.md, or run: make models"
        raise ModelError("model.lacks-packages", what=what, at=model.name, fix=fix)
    with _running(model, log) as worker, tempfile.TemporaryDirectory() as staging:
        return worker.examine(model, device, Path(staging))


class _Worker:
    def __init__(self, process: ChildProcess, heard: "queue.SimpleQueue[Any]", name: str) -> None:
        self._process, self._heard, self._name = process, heard, name

    def examine(self, model: Installed, device: str, staging: Path) -> Checked:
        started_s = time.monotonic()
        self._process.say(
            Load(adapter=model.adapter, folder=str(model.folder), device=device, options=dict(model.options))
        )
        ready = self._hear(Ready, LOADS_WITHIN_S)
        loaded_s = time.monotonic()
        if "generate" not in ready.capabilities.tasks:
            return Checked(
                able=ready.capabilities,
                load_s=loaded_s - started_s,
                run_s=0.0,
                clip_s=0.0,
                memory_gb=ready.memory_gb,
                lufs=None,
            )
        seconds = min(_SECONDS, ready.capabilities.longest_s)
        job = asdict(Job(prompt=_PROMPT, seconds=seconds, seed=1))
        self._process.say(Run(run=1, task="generate", staging=str(staging), jobs=(job,)))
        done = self._hear(Done, RUNS_WITHIN_S)
        run_s = time.monotonic() - loaded_s
        self._process.say(Quit())
        return _judged(ready.capabilities, loaded_s - started_s, run_s, seconds, done, staging)

    def _hear(self, kind: type[T], within_s: float) -> T:
        deadline_s = time.monotonic() + within_s
        while True:
            try:
                message = self._heard.get(timeout=max(0.0, deadline_s - time.monotonic()))
            except queue.Empty:
                what, fix = f"it said nothing for {within_s:g} s", "see its lines above"
                raise ModelError("model.hangs", what=what, at=self._name, fix=fix) from None
            if isinstance(message, kind):
                return message
            if isinstance(message, Failed | Fatal):
                raise message.error(self._name)
            if isinstance(message, ModelError):
                raise message
            if isinstance(message, Ended):
                last = message.last_lines[-1] if message.last_lines else "it said nothing"
                what, fix = f"its process ended ({message.code}): {last}", "see its lines above"
                raise ModelError("model.died", what=what[:400], at=self._name, fix=fix)


@contextmanager
def _running(model: Installed, log: Callable[[str], None]) -> Iterator[_Worker]:
    heard: queue.SimpleQueue[Any] = queue.SimpleQueue()
    process = start_worker(model.python, hear=lambda _, message: heard.put(message), log=log)
    try:
        yield _Worker(process, heard, model.name)
    finally:
        process.kill()


def _judged(
    able: Capabilities, load_s: float, run_s: float, seconds: float, done: Done, staging: Path
) -> Checked:
    output = done.outputs[0] if done.outputs else None
    if not isinstance(output, Output):
        raise ModelError("clip.none", what="it returned no sound", fix="mend its adapter")
    finished = finish(read_samples(staging / output.file), output.rate_hz, seconds=seconds)
    return Checked(
        able=able,
        load_s=load_s,
        run_s=run_s,
        clip_s=finished.measures.seconds,
        memory_gb=done.memory_gb,
        lufs=finished.measures.lufs_before,
    )
