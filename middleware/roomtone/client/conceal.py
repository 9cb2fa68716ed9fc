"""What is heard while samples are missing: the last second goes on as a texture, fades, and hands back."""

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples, frames_of

HISTORY_FRAMES: Final = SAMPLE_RATE_HZ
"""A texture needs about a second of material before its grains stop sounding like an echo."""

GRAIN_FRAMES: Final = frames_of(0.12)
RETURN_FRAMES: Final = frames_of(0.03)
FAREWELL_FRAMES: Final = frames_of(0.03)
HOLD_FRAMES: Final = frames_of(1.0)
GONE_FRAMES: Final = frames_of(3.0)
_HOP_FRAMES: Final = GRAIN_FRAMES // 2
# Squares of the two halves sum to one: grains of noise that know nothing of each other keep its power.
_RISE: Final = np.sin(np.pi / 2.0 * (np.arange(_HOP_FRAMES) + 0.5) / _HOP_FRAMES).astype(np.float32)[:, None]
_FALL: Final = _RISE[::-1]


class _Recent:
    """The last samples of a signal, at least as many as asked for, kept in pieces and joined on demand."""

    def __init__(self, frames: int, channels: int) -> None:
        self._keep_frames = frames
        self._pieces = deque([np.zeros((0, channels), np.float32)])
        self.frames = 0

    def add(self, samples: Samples) -> None:
        self._pieces.append(samples)
        self.frames += len(samples)
        while self.frames - len(self._pieces[0]) >= self._keep_frames:
            self.frames -= len(self._pieces.popleft())

    def joined(self) -> Samples:
        return np.concatenate(self._pieces)


class Concealer:
    """Stands between one stream's samples and the ear. One thread.

    While samples arrive they pass untouched, to the bit. A gap begins with the mirror image of what was heard,
    which is continuous by construction, and goes on with random overlapping grains of the last second;
    it holds its level for a second and is silent after three. What returns is crossfaded in over 30 ms.
    """

    def __init__(self, channels: int, rng: np.random.Generator) -> None:
        self._channels = channels
        self._rng = rng
        self._heard = _Recent(_HOP_FRAMES, channels)
        # What would have been heard had no gap faded: continuous, at full level, so grains may start anywhere.
        self._lively = _Recent(HISTORY_FRAMES, channels)
        self._material = np.zeros((0, channels), np.float32)
        self._ready = self._material
        self._overlap = np.zeros((_HOP_FRAMES, channels), np.float32)
        self._gap_frames = 0
        self._returned_frames = RETURN_FRAMES
        self._leaving = False

    def real(self, samples: Samples) -> Samples:
        """Take samples that arrived, and return what should be heard in their place."""
        if self._returned_frames < RETURN_FRAMES:
            return self._hand_back(samples)
        self._heard.add(samples)
        self._lively.add(samples)
        return samples

    def fill(self, frames: int) -> Samples:
        """Return what should be heard where `frames` frames are missing."""
        self._open_gap()
        lively, level = self._textured(frames)
        heard = lively * level
        self._heard.add(heard)
        self._lively.add(lively)
        return heard

    def bridge(self) -> None:
        """Expect that the next samples do not continue the last ones: crossfade them in as after a gap."""
        if self._heard.frames:
            self._open_gap()

    def farewell(self, frames: int) -> Samples:
        """Return what should be heard after a stream's very end: it fades, it is not cut."""
        if not self._leaving:
            self._leaving = True
            fall = np.linspace(1.0, 0.0, FAREWELL_FRAMES, dtype=np.float32)[:, None]
            self._ready = self._mirrored_end()[:FAREWELL_FRAMES] * fall
        piece, self._ready = self._ready[:frames], self._ready[frames:]
        return np.pad(piece, ((0, frames - len(piece)), (0, 0)))

    def _hand_back(self, samples: Samples) -> Samples:
        frames = min(len(samples), RETURN_FRAMES - self._returned_frames)
        way = self._returned_frames + np.arange(frames, dtype=np.float32)[:, None] + 0.5
        angle = np.asarray(way * (np.pi / 2.0 / RETURN_FRAMES), np.float32)
        texture, level = self._textured(frames)
        lively, heard = samples.copy(), samples.copy()
        lively[:frames] = samples[:frames] * np.sin(angle) + texture * np.cos(angle)
        heard[:frames] = samples[:frames] * np.sin(angle) + texture * level * np.cos(angle)
        self._heard.add(heard)
        self._lively.add(lively)
        self._returned_frames += frames
        return heard

    def _open_gap(self) -> None:
        if self._returned_frames == 0:
            return  # nothing returned since the gap began: it goes on
        self._returned_frames = 0
        self._gap_frames = 0
        self._material = self._lively.joined()
        self._ready = np.zeros((0, self._channels), np.float32)
        self._overlap = self._mirrored_end() * _FALL

    def _mirrored_end(self) -> Samples:
        end = np.zeros((_HOP_FRAMES, self._channels), np.float32)
        mirrored = self._heard.joined()[: -_HOP_FRAMES - 1 : -1]
        end[: len(mirrored)] = mirrored
        return end

    def _textured(self, frames: int) -> tuple[Samples, NDArray[np.float32]]:
        """Return the next frames of the texture at full level, and the level that they should have."""
        while len(self._ready) < frames:
            self._ready = np.concatenate((self._ready, self._next_hop()))
        piece, self._ready = self._ready[:frames], self._ready[frames:]
        level = _gap_level(self._gap_frames, frames)
        self._gap_frames += frames
        return piece, level

    def _next_hop(self) -> Samples:
        grain = self._grain()
        hop = self._overlap + grain[:_HOP_FRAMES] * _RISE
        self._overlap = grain[_HOP_FRAMES:] * _FALL
        return hop

    def _grain(self) -> Samples:
        room = len(self._material) - GRAIN_FRAMES
        if room < 0:
            return np.zeros((GRAIN_FRAMES, self._channels), np.float32)
        start = int(self._rng.integers(room + 1))
        return self._material[start : start + GRAIN_FRAMES]


def _gap_level(gap_frames: int, frames: int) -> NDArray[np.float32]:
    """Say how loud a gap is, `(frames, 1)`, after `gap_frames`: whole for 1 s, then falling to nothing at 3 s."""
    way = (gap_frames + np.arange(frames, dtype=np.float32)[:, None] - HOLD_FRAMES) / (
        GONE_FRAMES - HOLD_FRAMES
    )
    return np.asarray(0.5 + 0.5 * np.cos(np.pi * np.clip(way, 0.0, 1.0)), np.float32)
