"""Kernels compiled before anyone waits for them: slow once after an installation, quick ever after."""

import hashlib
import platform
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import numba
import numpy as np

from roomtone import dsp
from roomtone.audio import BLOCK_FRAMES
from roomtone.memory import release_compiler
from roomtone.synths import SYNTHS
from roomtone.synths.model import Synth

Progress = Callable[[int, int, str], None]
"""Called with how many are done, how many there are, and the name of the one that comes next."""

_PACKAGE: Final = Path(dsp.__file__).parent.parent
_KERNEL_ROOMS: Final = ("dsp", "synths", "texture", "layers")


def is_warm() -> bool:
    """Whether every kernel has been compiled for this machine since the package last changed."""
    return any(stamp.exists() for stamp in _stamps())


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
    _leave_stamp()


@cache
def warm_synth(synth: Synth) -> None:
    """Load one synth's kernels, once: the first block that is heard must not wait for them."""
    state = synth.start(0)
    out = np.zeros((BLOCK_FRAMES, synth.channels), np.float32)
    if synth.strike is not None:
        synth.strike(state)
    for _ in range(2):
        synth.render(state, [control.default for control in synth.controls], out)
    release_compiler()


def _stamps() -> Iterator[Path]:
    """Name the stamp beside the kernels, and its place where that folder cannot be written."""
    name = f"warm-{_fingerprint()}"
    yield _PACKAGE / "dsp" / "__pycache__" / name
    yield Path.home() / ".cache" / "roomtone" / name


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{platform.python_version()} {numba.__version__} {platform.machine()}".encode())
    for room in _KERNEL_ROOMS:
        for source in sorted((_PACKAGE / room).glob("*.py")):
            digest.update(f"{source.name} {source.stat().st_mtime_ns}".encode())
    return digest.hexdigest()[:16]


def _leave_stamp() -> None:
    for stamp in _stamps():
        try:
            stamp.parent.mkdir(parents=True, exist_ok=True)
            stamp.touch()
        except OSError:
            continue
        return
