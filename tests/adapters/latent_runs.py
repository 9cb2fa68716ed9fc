"""Running adapters of the diffusers families in a test, and measuring what they made."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roomtone.models.adapters.audioldm2 import AudioLdm2
from roomtone.models.adapters.stable_audio import StableAudio
from roomtone.models.adapters.stable_audio3 import StableAudio3

ADAPTERS: Mapping[str, Any] = {
    "audioldm2": AudioLdm2,
    "stable_audio": StableAudio,
    "stable_audio3": StableAudio3,
}
RAIN, FIRE = "rain on a window", "a fire in the forest at night"

Samples = NDArray[np.float32]


class CancelledByTestError(Exception):
    """What the worker's `CancelledError` is in a worker."""


class Steps:
    """The worker's side of a run: what was said, who is wanted, and an end to it after so many steps."""

    def __init__(
        self, *, unwanted_after: Mapping[int, int] | None = None, end_after: int | None = None
    ) -> None:
        self.said: list[tuple[int, int]] = []
        self._unwanted_after = unwanted_after or {}
        self._end_after = end_after

    def __call__(self, done: int, of: int) -> None:
        self.said.append((done, of))
        if self._end_after is not None and len(self.said) >= self._end_after:
            raise CancelledByTestError

    def wants(self, job: int) -> bool:
        return len(self.said) < self._unwanted_after.get(job, 1 << 30)


def job(**wishes: Any) -> dict[str, Any]:
    return {"prompt": RAIN, "seconds": 1.0, "seed": 1, "steps": 5, **wishes}


def make(model: Any, *jobs: dict[str, Any]) -> list[dict[str, Any]]:
    return list(model.generate(list(jobs), Steps()))


def samples(model: Any, **wishes: Any) -> Samples:
    heard: Samples = make(model, job(**wishes))[0]["samples"]
    return heard


def latent(output: Mapping[str, Any]) -> Samples:
    return np.asarray(output["latent"]["latent"], np.float32)


def keep(output: Mapping[str, Any], path: Path) -> str:
    """Write an output's latent as the worker does."""
    np.savez(path, **output["latent"])
    return str(path)


def distance(one: Samples, other: Samples) -> float:
    """How far two sounds are apart, for the level of the first."""
    assert one.shape == other.shape
    return float(np.std(one - other) / np.std(one))


def levels_db(rings: list[Samples], hop_frames: int, reach_frames: int = 16) -> Samples:
    """Measure the level around each place between latents, over many rings, for their mean; the first is the joint.

    Where the end does not know of the beginning, what was padded there is heard in it.
    """
    return 10.0 * np.log10(
        _relative([[_power(*each, reach_frames) for each in _places(ring, hop_frames)] for ring in rings])
    )


def jumps(rings: list[Samples], hop_frames: int) -> Samples:
    """Measure how the spectrum jumps at each place between latents, over many rings; the first is the joint."""
    return _relative([[_jump(*each) for each in _places(ring, hop_frames)] for ring in rings])


def _places(heard: Samples, hop_frames: int) -> list[tuple[Samples, int]]:
    return [(heard[:, 0], place) for place in range(0, len(heard), hop_frames)]


def _relative(measured: list[list[float]]) -> Samples:
    each = np.mean(measured, axis=0)
    return np.asarray(each / each[1:].mean())


def _power(ring: Samples, place: int, reach_frames: int) -> float:
    return float(np.mean(ring[np.arange(place - reach_frames, place + reach_frames) % len(ring)] ** 2))


def _jump(ring: Samples, place: int, frames: int = 256) -> float:
    window = np.hanning(frames)
    before, after = (
        np.log(np.abs(np.fft.rfft(window * ring[np.arange(first, first + frames) % len(ring)])) + 1e-2)
        for first in (place - frames, place)
    )
    return float(np.sqrt(np.mean((before - after) ** 2)))
