"""What a game played, held against what the daemon sent: where a known sound begins, and how loud it was heard."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from engine import Engine, finished
from numpy.typing import NDArray
from scipy.signal import correlate

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.client import Client

# A new stream fades in over so much.
FADED_IN_FRAMES: Final = 1_440
_RECOGNISED_FRAMES: Final = 9_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One run of the stage: its report, and what left the master bus.

    Attributes:
        report: what the check wrote.
        sound: (frames, 2).
    """

    report: Any
    sound: Samples

    def mark(self, name: str) -> int:
        """Return the frame of a mark."""
        return int(self.report["marks"][name])

    def between(self, first: str, last: str) -> Samples:
        """Return what was heard between two marks."""
        return self.sound[self.mark(first) : self.mark(last)]

    def events(self, kind: str) -> list[Any]:
        """Return what was told, of one kind."""
        return [event for event in self.report["events"] if event["kind"] == kind]


class Stage:
    """A check in its own process, while it plays."""

    def __init__(self, engine: Engine, folder: Path, steps: list[list[Any]], *flags: str) -> None:
        (folder / "steps.json").write_text(json.dumps(steps), encoding="utf-8")
        self._report, self._sound = folder / "report.json", folder / "sound.f32"
        self.process = engine.start(
            "stage_check", self._report, *flags, **{"in": folder / "steps.json", "sound": self._sound}
        )

    def told(self, word: str) -> None:
        """Wait until the check has come to `tell`."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.strip() == f"TOLD {word}":
                return
        raise AssertionError(f"the check ended before it told {word!r}")

    def finished(self) -> Played:
        """Wait for the end."""
        report = finished(self.process, self._report)
        return Played(report=report, sound=np.fromfile(self._sound, "<f4").reshape(-1, 2))


def sent(
    endpoint: str, scene: str, seconds: float, *, seed: int | None = None, **values: float
) -> dict[str, Samples]:
    """Return what the daemon sends of a scene's layers, as stereo, by the reference client."""
    with Client.connect(endpoint) as client:
        opened = client.open_scene(scene, seed=seed, values=values)
        for layer in opened.layers:
            opened.open_layer(layer, channels=2)
        opened.buffer()
        blocks = [opened.read_exact(BLOCK_FRAMES) for _ in range(round(seconds * 100))]
    return {layer: np.concatenate([block[layer] for block in blocks]) for layer in blocks[0]}


def begins_at(known: Samples, heard: Samples) -> int:
    """Return the frame of `heard` at which `known` begins (perhaps before it): where they are most alike."""
    first = FADED_IN_FRAMES
    piece = known[first : first + _RECOGNISED_FRAMES].sum(axis=1)
    likeness = correlate(
        heard.sum(axis=1, dtype=np.float64), piece.astype(np.float64), mode="valid", method="fft"
    )
    return int(np.argmax(likeness)) - first


def gains_of(known: list[Samples], heard: Samples) -> NDArray[np.float64]:
    """Return how loud each known mono sound is in each channel, `(sounds, 2)`: the best fit."""
    sounds = np.stack([each[:, 0] for each in known], axis=1).astype(np.float64)
    found, *_ = np.linalg.lstsq(sounds, heard.astype(np.float64), rcond=None)
    return np.asarray(found)


def longest_silence_frames(heard: Samples, below: float = 1e-5) -> int:
    """Return the longest run of frames in which there is nothing to hear."""
    loud = np.flatnonzero(np.abs(heard).max(axis=1) > below)
    edges = np.concatenate(([-1], loud, [len(heard)]))
    return int(np.diff(edges).max()) - 1


def sharpest_step(heard: Samples) -> float:
    """Return the largest jump between neighbouring samples, over the largest but a thousand of them."""
    steps = np.sort(np.abs(np.diff(heard, axis=0)).max(axis=1))
    return float(steps[-1] / steps[-len(steps) // 1000])
