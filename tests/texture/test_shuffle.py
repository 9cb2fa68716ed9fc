"""Clips become one endless stream: no seam is heard, and no clip follows itself."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.errors import AudioError
from roomtone.layers.sources import start_source
from roomtone.scene.model import Bed, ClipsSource, Constant, Layer, Scene
from roomtone.texture.shuffle import SHORTEST_CLIP_FRAMES, Shuffle, render_shuffle, shuffle_state

S = 48_000


def stream(shuffle: Shuffle, seconds: float) -> Samples:
    blocks = []
    for _ in range(round(seconds * 100)):
        block = np.empty((BLOCK_FRAMES, shuffle.pcm.shape[1]), np.float32)
        render_shuffle(shuffle, block)
        blocks.append(block)
    return np.concatenate(blocks)


def noise(seed: int, seconds: float = 2.0, *, channels: int = 1) -> Samples:
    rng = np.random.default_rng(seed)
    return (0.1 * rng.standard_normal((round(seconds * S), channels))).astype(np.float32)


def levels_db(samples: Samples, window_frames: int = 4800) -> np.ndarray:
    frames = len(samples) // window_frames * window_frames
    power = np.square(samples[:frames, 0].reshape(-1, window_frames)).mean(axis=1)
    return 10.0 * np.log10(power + 1e-20)


def order(shuffle: Shuffle, blocks: int) -> list[int]:
    """Which clips play, one after another."""
    played = [int(shuffle.place[0])]
    out = np.empty((BLOCK_FRAMES, shuffle.pcm.shape[1]), np.float32)
    for _ in range(blocks):
        render_shuffle(shuffle, out)
        if shuffle.place[0] != played[-1]:
            played.append(int(shuffle.place[0]))
    return played


def test_unrelated_clips_are_joined_at_constant_power():
    clips = tuple(noise(i) for i in range(4))
    levels = levels_db(stream(shuffle_state(clips, seed=1, crossfade_s=1.0), 30.0))
    assert np.ptp(levels) < 1.5
    assert abs(levels.mean() + 20.0) < 0.2


def test_a_clip_that_goes_on_into_itself_is_joined_at_constant_amplitude():
    one_second = np.arange(2 * S) / S
    hum = (0.5 * np.sin(2.0 * np.pi * 100.0 * one_second)[:, None]).astype(np.float32)
    heard = stream(shuffle_state((hum,), seed=1, crossfade_s=0.5), 20.0)
    assert np.ptp(levels_db(heard)) < 0.1
    assert np.abs(np.diff(heard, axis=0)).max() < 1.1 * 2.0 * np.pi * 100.0 / S * 0.5


def test_a_join_does_not_click():
    rng = np.random.default_rng(3)
    slow = [
        np.convolve(rng.standard_normal(2 * S), np.hanning(480) / 60.0, "same")[:, None].astype(np.float32)
        for _ in range(3)
    ]
    own = max(np.abs(np.diff(clip[480:-480], axis=0)).max() for clip in slow)
    assert (
        np.abs(np.diff(stream(shuffle_state(tuple(slow), seed=1, crossfade_s=0.3), 20.0), axis=0)).max()
        < 1.5 * own
    )


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), clips=st.integers(2, 5))
def test_no_clip_follows_itself_and_all_are_played(seed: int, clips: int):
    shuffle = shuffle_state(tuple(noise(i, 0.1) for i in range(clips)), seed=seed, crossfade_s=0.02)
    played = order(shuffle, 600)
    assert len(played) > 40
    assert all(a != b for a, b in pairwise(played))
    assert set(played) == set(range(clips))


@settings(max_examples=30, deadline=None)
@given(
    lengths=st.lists(st.integers(SHORTEST_CLIP_FRAMES, 6_000), min_size=1, max_size=4),
    crossfade_s=st.floats(0.01, 30.0),
)
def test_any_lengths_make_an_endless_stream_within_the_clips(lengths: list[int], crossfade_s: float):
    clips = tuple(np.full((length, 1), 0.25, np.float32) for length in lengths)
    heard = stream(shuffle_state(clips, seed=2, crossfade_s=crossfade_s), 2.0)
    assert np.allclose(heard, 0.25, atol=1e-3)


def test_the_same_seed_gives_the_same_stream_and_another_seed_another():
    clips = tuple(noise(i, 0.3) for i in range(4))
    first, again, other = (
        stream(shuffle_state(clips, seed=seed, crossfade_s=0.1), 5.0) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_mono_clips_are_widened_where_others_are_stereo():
    shuffle = shuffle_state((noise(1, 0.2), noise(2, 0.2, channels=2)), seed=1, crossfade_s=0.05)
    heard = stream(shuffle, 1.0)
    assert heard.shape[1] == 2
    assert np.abs(heard).max() > 0.1


def clips_scene(*files: Path) -> Scene:
    layer = Layer(
        name="bed", source=ClipsSource(files=files, crossfade_s=0.1), gain_db=Constant(0.0), placement=Bed()
    )
    return Scene(name="yard", seed=1, parameters={}, moods={}, layers={"bed": layer}, neighbours=())


def test_recordings_on_disk_become_a_layer(tmp_path: Path):
    for i in range(2):
        soundfile.write(tmp_path / f"{i}.wav", noise(i, 0.5), S, subtype="FLOAT")
    source = start_source(clips_scene(tmp_path / "0.wav", tmp_path / "1.wav"), "bed", seed=1)
    out = np.zeros((BLOCK_FRAMES, source.channels), np.float32)
    for _ in range(200):
        source.render({}, out)
        assert abs(np.std(out) - 0.1) < 0.03


@pytest.mark.parametrize("frames", [1, 2, SHORTEST_CLIP_FRAMES - 1])
def test_a_clip_too_short_to_be_joined_is_refused_by_name(tmp_path: Path, frames: int):
    soundfile.write(tmp_path / "blip.wav", noise(1)[:frames], S, subtype="FLOAT")
    with pytest.raises(AudioError, match=r"blip\.wav.*\[audio\.too-short\]"):
        start_source(clips_scene(tmp_path / "blip.wav"), "bed", seed=1)
