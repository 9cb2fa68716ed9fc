"""How fast sounds are: blocks of several, in turn, beside a block of one sine."""

import time
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import numpy as np

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, Samples
from roomtone.synths.instance import Instance
from roomtone.synths.model import DISTANCE, INSIDE, Synth

Job: TypeAlias = Callable[[], None]
"""Renders one block."""

BLOCKS: Final = 50
"""Of each job in a round."""

_WARMING: Final = 100
_ROUNDS: Final = 12
# Until all that rang has died away, and is where numbers are too small for a processor to be quick with.
_SILENT_BLOCKS: Final = 3_000


def synth_job(synth: Synth, controls: Mapping[str, float]) -> Job:
    """Make a job of a synth, struck once; the controls that are not named stand at their defaults."""
    instance = Instance(synth, 1)
    out = np.zeros((BLOCK_FRAMES, synth.channels), np.float32)
    values = [controls.get(control.name, control.default) for control in synth.controls]
    instance.strike()
    return lambda: instance.render(values, out)


def sine_job() -> Job:
    """Make the peer: the least that a vectorised program can do for a block, one sine to two channels in numpy."""
    phase = np.arange(BLOCK_FRAMES, dtype=np.float32)
    out: Samples = np.zeros((BLOCK_FRAMES, 2), np.float32)

    def render() -> None:
        out[:] = np.sin(phase * np.float32(0.05))[:, None]

    return render


def full(synth: Synth, *, far: bool) -> dict[str, float]:
    """Put every control of a synth at 1; near by and in the open, or far away and behind walls."""
    return {control.name: 1.0 for control in synth.controls} | ({} if far else {DISTANCE: 0.0, INSIDE: 0.0})


def interleaved_s(jobs: Mapping[str, Job], *, rounds: int) -> dict[str, float]:
    """Time every job in turn, round after round; the median round of each, in seconds a block."""
    took_s: dict[str, list[float]] = {name: [] for name in jobs}
    for job in jobs.values():
        for _ in range(_WARMING):
            job()
    for _ in range(rounds):
        for name, job in jobs.items():
            started_s = time.perf_counter()
            for _ in range(BLOCKS):
                job()
            took_s[name].append((time.perf_counter() - started_s) / BLOCKS)
    return {name: float(np.median(each)) for name, each in took_s.items()}


def speeds(synth: Synth) -> dict[str, float]:
    """Measure how many times faster than real time blocks are rendered on one core, in five states, in turn.

    The silent one is far away and inside too.

    Returns:
        The state -> × real time; and `sine_us`, what a block of one sine takes numpy, beside it.
    """
    nothing = {control.name: 0.0 for control in synth.controls}
    silent = synth_job(synth, {**nothing, DISTANCE: 1.0, INSIDE: 1.0})
    for _ in range(_SILENT_BLOCKS):
        silent()
    jobs = {
        "usual": synth_job(synth, {}),
        "full": synth_job(synth, full(synth, far=False)),
        "full, far away, inside": synth_job(synth, full(synth, far=True)),
        "usual, far away, inside": synth_job(synth, {DISTANCE: 1.0, INSIDE: 1.0}),
        "silent": silent,
        "sine": sine_job(),
    }
    took_s = interleaved_s(jobs, rounds=_ROUNDS)
    sine_s = took_s.pop("sine")
    return {**{name: BLOCK_S / each for name, each in took_s.items()}, "sine_us": sine_s * 1e6}
