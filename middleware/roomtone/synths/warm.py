"""Kernels compiled before anyone waits for them: slow once after an installation, quick ever after."""

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_FRAMES
from roomtone.dsp.kernel_cache import prune, stamp_path
from roomtone.memory import release_unused
from roomtone.synths import SYNTHS
from roomtone.synths.instance import Instance
from roomtone.synths.model import Synth

_BLOCKS: Final = 100

Progress = Callable[[int, int, str], None]
"""Called with how many are done, how many there are, and the name of the one that comes next."""


def no_progress(done: int, total: int, name: str) -> None:
    """Tell nobody."""


def warm(progress: Progress = no_progress) -> None:
    """Compile, or load from the cache, every kernel on the audio path.

    Raises nothing where the cache folder is read-only: then kernels are compiled at every start.
    """
    total = len(SYNTHS)
    for done, synth in enumerate(SYNTHS.values()):
        progress(done, total, synth.name)
        warm_synth(synth)
    progress(total, total, "")
    with suppress(OSError):
        prune()
        stamp_path().touch()


@cache
def warm_synth(synth: Synth) -> None:
    """Load one synth's kernels, once: the first block that is heard must not wait for them."""
    instance = Instance(synth, 0)
    out = np.zeros((BLOCK_FRAMES, synth.channels), np.float32)
    instance.strike()
    # Some kernels are first called by what happens at full controls, or only now and then.
    for level in (0.0, 1.0):
        for _ in range(_BLOCKS):
            instance.render([level] * len(synth.controls), out)
    release_unused()
