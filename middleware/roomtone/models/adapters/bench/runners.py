"""Ways of making clips that are ready to run: the library's own call, or an adapter with some choice of its options."""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from roomtone.models.adapters.bench.results import Way
from roomtone.models.adapters.bench.subjects import PROMPT, SEED, Subject, Wanted
from roomtone.models.adapters.bench.timing import Watch
from roomtone.models.adapters.bench.ways import Trial
from roomtone.models.adapters.loading import DTYPES, is_out_of_memory

# Until kernels are chosen and memory is had.
_WARM_STEPS: Final = 2
_WARM_S: Final = 1.0
_DTYPE_NAMES: Final = MappingProxyType({kind: name for name, kind in DTYPES.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """What each clip shall be; 0 steps where a step is a token."""

    prompt: str
    seconds: float
    steps: int

    @property
    def short(self) -> "Clip":
        """One like it that costs little: few steps, or few tokens."""
        if self.steps:
            return replace(self, steps=min(self.steps, _WARM_STEPS))
        return replace(self, seconds=min(self.seconds, _WARM_S))


@dataclass(slots=True, kw_only=True)
class Runner:
    """One way, and what its runs took. One thread.

    Attributes:
        way: what is known of it beforehand.
        make: makes a run's clips.
        watch: on its device.
        weights_gb: what it holds of an accelerator when nothing runs.
    """

    way: Way
    make: Callable[[Clip], object]
    watch: Watch
    weights_gb: float
    _took_s: list[float] = field(default_factory=list)
    _held_gb: list[float] = field(default_factory=list)

    def run(self, clip: Clip) -> None:
        """Run it once more, with its own number of steps."""
        took_s, held_gb = self.watch.ran(lambda: self.make(replace(clip, steps=self.way.steps)))
        self._took_s.append(took_s)
        self._held_gb.append(held_gb)

    @property
    def spent_s(self) -> float:
        """How long its runs took together."""
        return sum(self._took_s)

    def measured(self) -> Way:
        """Give the way with what was measured."""
        memory_gb = self.weights_gb + max(self._held_gb) if self.watch.device.type == "cuda" else None
        return replace(self.way, took_s=statistics.median(self._took_s), memory_gb=memory_gb)


def plain_runner(subject: Subject, dtype: str, clip: Clip, watch: Watch) -> Runner:
    """Make the library's own call ready, and warm."""
    before_gb = watch.held_gb()
    call = subject.plain(dtype)
    way = Way(
        name=f"plain {dtype}",
        dtype=dtype,
        batch=1,
        graphs=False,
        compiled=False,
        steps=clip.steps,
        audio_s=clip.seconds,
        took_s=0.0,
        memory_gb=None,
    )
    runner = Runner(
        way=way,
        make=lambda clip: call(clip.prompt, SEED, clip.seconds, clip.steps),
        watch=watch,
        weights_gb=subject.shared_gb
        + (subject.reference_gb if dtype == "fp32" else watch.held_gb() - before_gb),
    )
    runner.make(clip.short)
    return runner


def our_runner(subject: Subject, trial: Trial, clip: Clip, watch: Watch) -> tuple[Any, Runner]:
    """Make an adapter ready, and warm, with as many clips at once as it makes, or as fit.

    Returns:
        the adapter, and its way.
    """
    watch.forget()
    before_gb = watch.held_gb()
    adapter = subject.ours(trial.options)
    weights_gb = subject.shared_gb + watch.held_gb() - before_gb
    clips = trial.clips or int(adapter.capabilities["batch"])
    while True:
        runner = runner_of(adapter, subject, trial, clip, watch, clips=clips, weights_gb=weights_gb)
        try:
            runner.make(clip.short)
        except (RuntimeError, MemoryError) as error:
            # As the pool does: what does not fit is tried again with half of it.
            if clips == 1 or not is_out_of_memory(error):
                raise
            clips //= 2
        else:
            return adapter, runner
        watch.forget()


def runner_of(
    adapter: Any,
    subject: Subject,
    trial: Trial,
    clip: Clip,
    watch: Watch,
    *,
    clips: int,
    weights_gb: float,
) -> Runner:
    """Make a way of a subject's adapter that is loaded."""
    able, options = adapter.capabilities, adapter.options
    # A token model's options leave the dtype open for the device to say.
    share = able["steps"] / subject.steps if trial.own_steps else 1.0
    dtype = options.torch_dtype(watch.device.type) if hasattr(options, "torch_dtype") else options.dtype
    way = Way(
        name=trial.name,
        dtype=_DTYPE_NAMES[dtype],
        batch=clips,
        graphs=options.graphs and watch.device.type == "cuda",
        compiled=options.compile,
        steps=max(1, round(clip.steps * share)) if clip.steps else 0,
        audio_s=clips * clip.seconds,
        took_s=0.0,
        memory_gb=None,
    )
    make = lambda clip: adapter.generate(jobs(clip, clips), Wanted())  # noqa: E731 - it is the clip's own
    return Runner(way=way, make=make, watch=watch, weights_gb=weights_gb)


def jobs(clip: Clip, clips: int) -> list[Mapping[str, Any]]:
    """Ask for several clips of one prompt, as the daemon does: they differ by their seeds."""
    steps = clip.steps or None
    return [
        {"prompt": clip.prompt, "seconds": clip.seconds, "seed": SEED + i, "steps": steps}
        for i in range(clips)
    ]


def take(clip: Clip, number: int) -> Clip:
    """Give a clip a prompt that no run before it had, so that what was encoded then is of no use."""
    return replace(clip, prompt=f"{PROMPT}, take {number}")
