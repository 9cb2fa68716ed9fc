"""Whether birds sing like birds."""

import numpy as np
import pytest
from numpy.typing import NDArray

from listening import hearing
from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.synths.animals.birds import BIRDS
from roomtone.synths.voice import Voice


def _hear(seconds: float, seed: int = 1, **controls: float) -> Samples:
    return Voice(BIRDS, seed, controls).read(round(seconds * SAMPLE_RATE_HZ))


def _songs(x: Samples, seconds: float = 0.7) -> list[Samples]:
    """Cut out the beginning of each song: what comes up after at least half a second of quiet."""
    song = hearing.envelope(x, 1_200.0)
    loud = np.nonzero(song > 0.1 * song.max())[0]
    first = np.concatenate((loud[:1], loud[1:][np.diff(loud) > 100])) * 240
    frames = round(seconds * SAMPLE_RATE_HZ)
    return [x[f : f + frames] for f in first if f + frames <= len(x)]


def _sonogram(x: Samples) -> NDArray[np.float64]:
    """Level over time (43 ms) and pitch (a quarter of an octave), as a vector of length 1."""
    size = 2_048
    frames = x.mean(1)[: len(x) // size * size].reshape(-1, size) * np.hanning(size)
    power = np.abs(np.fft.rfft(frames)[:, 40:]) ** 2
    band = np.floor(4.0 * np.log2(np.arange(40, 40 + power.shape[1]) / 40.0)).astype(int)
    bands = np.array([np.bincount(band, row) for row in power]) ** 0.25
    bands -= bands.mean()
    return np.asarray((bands / np.linalg.norm(bands)).ravel())


def test_a_song_returns_but_never_as_the_same_samples() -> None:
    songs = _songs(_hear(80.0, activity=0.0, variety=0.0, distance=0.0))
    assert len(songs) >= 5
    first, *others = songs
    alike = [float(_sonogram(first) @ _sonogram(other)) for other in others]
    assert np.median(alike) > 0.6
    assert max(hearing.likeness(first, other) for other in others) < 0.8


def test_with_variety_songs_differ_more_than_performances() -> None:
    def alikeness(variety: float) -> float:
        songs = [_sonogram(song) for song in _songs(_hear(80.0, activity=0.0, variety=variety, distance=0.0))]
        return float(np.mean([a @ b for i, a in enumerate(songs) for b in songs[:i]]))

    assert alikeness(0.0) > alikeness(1.0) + 0.07


def test_a_lone_bird_leaves_pauses_and_a_dawn_chorus_hardly_any() -> None:
    lone, chorus = _hear(20.0, activity=0.0), _hear(20.0, activity=1.0)
    assert hearing.busy_share(lone, 1_500.0, -45.0) < 0.5
    assert hearing.busy_share(chorus, 1_500.0, -45.0) > 0.9


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_birdsong_is_whistled(seed: int) -> None:
    assert hearing.tonality_db(_hear(10.0, seed, activity=0.3), 1_500.0, 8_000.0) > 5.0


def test_small_birds_sing_more_than_an_octave_above_large_ones() -> None:
    small, large = _hear(15.0, pitch=1.0), _hear(15.0, pitch=0.0)
    assert hearing.centroid_hz(small) > 1.8 * hearing.centroid_hz(large)


def test_deep_in_the_wood_the_echo_fills_the_pauses() -> None:
    near, far = (
        [_hear(20.0, seed, activity=0.2, distance=away) for seed in (1, 2, 3, 4)] for away in (0.0, 1.0)
    )
    assert hearing.unlikeness_of_sides(far[0]) > hearing.unlikeness_of_sides(near[0])
    near_db, far_db = (np.mean([hearing.floor_db(x, 1_500.0) for x in woods]) for woods in (near, far))
    assert far_db > near_db + 2.0


def test_other_seeds_are_other_woods() -> None:
    assert hearing.likeness(_hear(5.0, 1), _hear(5.0, 2)) < 0.2
