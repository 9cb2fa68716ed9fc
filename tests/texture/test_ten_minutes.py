"""Minutes out of forty seconds: no seam stands out, nothing comes back too soon, and it is the same sound."""

import numpy as np
import pytest
from takes import S, heard, takes

from roomtone.audio import Samples
from roomtone.texture.bank import CROSSFADE_S, Bank, make_bank
from roomtone.texture.measures import (
    band_levels_db,
    k_weighted_level_db,
    loudness_range_db,
    measure_repetition,
    measure_seams,
)
from roomtone.texture.stitch import Stitch, seam_frames, stitch_state

SEED = 7


class Made:
    """A stream and what it is made of."""

    def __init__(self, synth: str, seconds: float) -> None:
        self.clips = takes(synth)
        self.bank: Bank = make_bank(self.clips)
        self.stitch: Stitch = stitch_state(self.bank, seed=SEED)
        self.stream: Samples = heard(self.stitch, seconds)
        frames = seam_frames(self.bank, seed=SEED, frames=round(seconds * S))
        self.seams = [frame for frame in frames if 3 * S < frame < (seconds - 3.0) * S]

    @property
    def source(self) -> Samples:
        return np.concatenate(self.clips)


@pytest.fixture(scope="module", params=[("rain", 600.0), ("waves", 180.0)], ids=["rain", "waves"])
def made(request: pytest.FixtureRequest) -> Made:
    return Made(*request.param)


def ranks(stream: Samples, frames: list[int], clips: tuple[Samples, ...]) -> np.ndarray:
    seams = measure_seams(stream, frames, width_s=CROSSFADE_S, inside=clips)
    return np.array([seam.percentile for seam in seams])


def joined_at_random(clips: tuple[Samples, ...], joins: int) -> tuple[Samples, list[int]]:
    """What a plain shuffle would do: stretches of a second or two from anywhere, crossfaded."""
    rng, fade = np.random.default_rng(1), round(CROSSFADE_S * S)
    way_in = np.sin(np.pi / 2.0 * (np.arange(fade) + 0.5) / fade)[:, None]
    stream, frames = clips[0][: 3 * S], []
    pieces = [stream[:-fade]]
    for _ in range(joins):
        start, length = int(rng.integers(0, 7 * S)), int(rng.integers(S, 3 * S))
        following = clips[rng.integers(len(clips))][start : start + length]
        frames.append(sum(len(piece) for piece in pieces) + fade // 2)
        pieces += [stream[-fade:] * way_in[::-1] + following[:fade] * way_in, following[fade:-fade]]
        stream = following
    return np.concatenate(pieces).astype(np.float32), frames[2:-2]


def test_no_seam_stands_out_more_than_what_is_inside_the_clips(made: Made):
    ours = ranks(made.stream, made.seams, made.clips)
    assert len(ours) > 60
    assert np.percentile(ours, 50) < 70.0
    assert np.mean(ours > 95.0) < 0.07
    at_random = ranks(*joined_at_random(made.clips, 200), made.clips)
    assert np.mean(at_random > 95.0) > 2.5 * np.mean(ours > 95.0)
    assert np.mean(at_random > 95.0) > 0.1


def test_nothing_is_heard_again_before_the_guard_has_passed(made: Made):
    found = measure_repetition(made.stream)
    assert made.stitch.guard_s > 15.0
    assert found.exact.shortest_s >= made.stitch.guard_s - 0.05
    assert found.exact.first_s >= made.stitch.guard_s


def test_the_stream_is_as_loud_and_as_lively_as_its_source(made: Made):
    assert k_weighted_level_db(made.stream) == pytest.approx(k_weighted_level_db(made.source), abs=1.0)
    assert abs(loudness_range_db(made.stream) - loudness_range_db(made.source)) < 2.0
    assert np.abs(band_levels_db(made.stream) - band_levels_db(made.source)).max() < 1.5


def test_no_sample_jumps_further_in_a_seam_than_elsewhere(made: Made):
    jumps = np.abs(np.diff(made.stream[:, 0]))
    in_seams = np.zeros(len(jumps), bool)
    for seam in made.seams:
        in_seams[seam - 6_000 : seam + 6_000] = True
    assert 0.05 < in_seams.mean() < 0.3
    assert jumps[in_seams].max() <= jumps[~in_seams].max()
    assert np.percentile(jumps[in_seams], 99.9) <= 1.1 * np.percentile(jumps[~in_seams], 99.9)


def test_nothing_goes_beyond_full_scale(made: Made):
    assert np.abs(made.stream).max() <= 1.0
