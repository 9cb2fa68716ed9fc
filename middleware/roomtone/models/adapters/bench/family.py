"""Measures one family: `python -m …bench.family FAMILY QUESTION FILE` writes what came of it into FILE, as JSON."""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import torch

from roomtone.errors import ModelError
from roomtone.models.adapters.bench.results import Agreement, Failed, Measured, Question, Way
from roomtone.models.adapters.bench.runners import (
    Clip,
    Runner,
    jobs,
    our_runner,
    plain_runner,
    runner_of,
    take,
)
from roomtone.models.adapters.bench.sizes import REAL, TINY
from roomtone.models.adapters.bench.subjects import PROMPT, SUBJECTS, Subject
from roomtone.models.adapters.bench.timing import Clock, NotWantedError, Steps, Watch
from roomtone.models.adapters.bench.ways import ALONE, Trial, other_trials, plain_dtypes
from roomtone.models.adapters.loading import choose_device
from roomtone.models.adapters.tiny.__main__ import build
from roomtone.models.families import FAMILIES
from roomtone.models.worker import explained, load_adapter

Tell = Callable[[str], None]

_SECONDS: Final[Mapping[str, float]] = MappingProxyType({"real": 10.0, "tiny": 2.0})
# Of tiny models, whose steps cost next to nothing.
_TINY_STEPS: Final[Mapping[str, int]] = MappingProxyType({"audioldm2": 20, "stable_audio": 10})
_SIZES: Final[Mapping[str, str]] = MappingProxyType({"cuda": "real"})
# How often each way is run, its median counting; less often where that has taken long enough.
_ROUNDS: Final[Mapping[str, int]] = MappingProxyType({"real": 2, "tiny": 5})
_ENOUGH_S: Final = 20.0
# The step at which a run is not wanted any more.
_ENDS_AFTER: Final = 3


def measure(family: str, question: Question, *, tell: Tell, clock: Clock) -> Measured:
    """Measure one family.

    Args:
        family: of `subjects.SUBJECTS`.
        question: what to measure.
        tell: is told what is being done.
        clock: see `timing.Clock`.

    Raises:
        ModelError: see `loading.choose_device`, and what an adapter raises.
    """
    watch = Watch(_device(question.device), clock)
    size = question.size if question.size != "auto" else _SIZES.get(watch.device.type, "tiny")
    tell("making random models")
    sizes = REAL[family] if size == "real" else load_adapter(TINY[family])
    subject: Subject = load_adapter(SUBJECTS[family])(family, sizes, watch.device)
    clip = _clip(family, size, question, subject)
    chosen = _chosen(subject, clip, size, watch, tell)
    trials = other_trials(family, watch.device.type, chosen.batch, compiled=question.compiled)
    others, missed = _others(subject, trials, clip, size, watch, tell)
    load_s, loaded_from = _loading(family, size, subject, watch)
    return Measured(
        family=family,
        size=size,
        device=watch.device.type,
        card=_card(watch.device),
        torch=torch.__version__,
        threads=torch.get_num_threads(),
        parameters=subject.parameters,
        seconds=clip.seconds,
        ways=(*chosen.ways, *others),
        agreement=chosen.agreement,
        cancel_s=chosen.cancel_s,
        longest_gap_s=chosen.longest_gap_s,
        load_s=load_s,
        loaded_from=loaded_from,
        missed=missed,
    )


def _device(name: str) -> torch.device:
    device = choose_device(name)
    if device.type == "cuda" and device.index is not None:
        # Libraries that know a device by its kind only mean the current one.
        torch.cuda.set_device(device)
    return device


def _clip(family: str, size: str, question: Question, subject: Subject) -> Clip:
    own_steps = _TINY_STEPS.get(family, subject.steps) if size == "tiny" else subject.steps
    steps = (question.steps or own_steps) if subject.steps else 0
    seconds = min(question.seconds or _SECONDS[size], subject.longest_s)
    return Clip(prompt=PROMPT, seconds=seconds, steps=steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """What was found out about the library's own calls, and what an adapter chooses: it makes `batch` at once."""

    ways: list[Way]
    batch: int
    agreement: Agreement
    cancel_s: float
    longest_gap_s: float


def _chosen(subject: Subject, clip: Clip, size: str, watch: Watch, tell: Tell) -> _Chosen:
    """Run the library's own calls and ours in turn; what they hold is free afterwards."""
    tell("warming up")
    # Ours first: how many clips it makes at once follows from the memory that is free.
    adapter, ours = our_runner(subject, Trial(), clip, watch)
    dtypes = plain_dtypes(watch.device.type, subject.half)
    runners = [*(plain_runner(subject, dtype, clip, watch) for dtype in dtypes), ours]
    if ours.way.batch > 1:
        runners.append(runner_of(adapter, subject, ALONE, clip, watch, clips=1, weights_gb=ours.weights_gb))
    _in_turn(runners, clip, size, tell)
    tell("comparing what they make")
    agreement = subject.agreement(adapter)
    cancel_s, longest_gap_s = _cancelling(adapter, clip, ours, watch)
    return _Chosen(
        ways=[runner.measured() for runner in runners],
        batch=ours.way.batch,
        agreement=agreement,
        cancel_s=cancel_s,
        longest_gap_s=longest_gap_s,
    )


def _in_turn(runners: Sequence[Runner], clip: Clip, size: str, tell: Tell) -> None:
    for number in range(_ROUNDS[size]):
        for i, runner in enumerate(runners):
            tell(f"{runner.way.name}, round {number + 1}")
            runner.run(take(clip, number * len(runners) + i))
        if sum(runner.spent_s for runner in runners) > _ENOUGH_S:
            return


def _others(
    subject: Subject, trials: Sequence[Trial], clip: Clip, size: str, watch: Watch, tell: Tell
) -> tuple[list[Way], tuple[str, ...]]:
    ways, missed = [], []
    for trial in trials:
        try:
            tell(f"warming up {trial.name}")
            _, runner = our_runner(subject, trial, clip, watch)
            _in_turn([runner], clip, size, tell)
            ways.append(runner.measured())
        except (ModelError, MemoryError, RuntimeError, OSError) as error:
            # What cannot be tried, for want of memory or of a compiler, costs nothing else.
            missed.append(f"{trial.name}: {type(error).__name__}: {error}"[:300])
    return ways, tuple(missed)


def _cancelling(adapter: Any, clip: Clip, ours: Runner, watch: Watch) -> tuple[float, float]:
    """Tell how long until a cancelled run has ended, and the longest time in which none can be."""
    asked = jobs(clip, ours.way.batch)
    ends_after = min(_ENDS_AFTER, clip.steps) if clip.steps else _ENDS_AFTER
    cancelled, whole = Steps(watch.clock, ends_after=ends_after), Steps(watch.clock)
    with suppress(NotWantedError):
        adapter.generate(asked, cancelled)
    watch.wait()
    cancel_s = watch.clock() - cancelled.ended_s
    adapter.generate(asked, whole)
    return cancel_s, whole.longest_gap_s(watch.clock())


def _loading(family: str, size: str, subject: Subject, watch: Watch) -> tuple[float, str]:
    """Tell how long it takes to load: a tiny model from the disk, a real one from what is in memory."""
    watch.forget()
    if size == "real":
        return watch.ran(lambda: subject.ours({}))[0], "memory"
    with tempfile.TemporaryDirectory() as folder:
        build(family, Path(folder))
        adapter = load_adapter(FAMILIES[family].adapter)
        return watch.ran(lambda: adapter(folder, device=str(watch.device), options={}))[0], "disk"


def _card(device: torch.device) -> str:
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type


def main(arguments: Sequence[str]) -> int:
    """Run the command line; what came of it is in the file, whatever it is."""
    family, question, file = arguments
    try:
        found: Measured | Failed = measure(
            family,
            Question(**json.loads(question)),
            tell=lambda doing: print(f"{family}: {doing}", file=sys.stderr, flush=True),  # noqa: T201 - for people
            clock=time.perf_counter,
        )
    except Exception as error:
        found = Failed(family=family, **{"at": "", "fix": "", **explained(error, "model.failed")})
    staged = Path(f"{file}.part")
    staged.write_text(json.dumps(found.record()), encoding="utf-8")
    staged.replace(file)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
