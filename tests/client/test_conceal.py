import numpy as np
import pytest

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.client.conceal import GONE_FRAMES, RETURN_FRAMES, Concealer


def noise(seconds: float, *, channels: int = 1, smooth_frames: int = 96) -> Samples:
    """Brownish noise of RMS 0.1: like a bed, it changes little from one sample to the next."""
    rng = np.random.default_rng(11)
    white = rng.standard_normal((round(seconds * SAMPLE_RATE_HZ) + smooth_frames, channels))
    smooth = np.cumsum(white, axis=0)
    smooth = smooth[smooth_frames:] - smooth[:-smooth_frames]
    return (0.1 * smooth / smooth.std()).astype(np.float32)


def play(concealer: Concealer, sound: Samples, *, missing: range | tuple[int, ...]) -> Samples:
    """Run `sound` through in blocks; the numbered blocks never arrive."""
    heard = []
    for block, first in enumerate(range(0, len(sound), BLOCK_FRAMES)):
        piece = sound[first : first + BLOCK_FRAMES]
        heard.append(concealer.fill(len(piece)) if block in missing else concealer.real(piece))
    return np.concatenate(heard)


def rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples**2)))


def largest_step(samples: Samples) -> float:
    return float(np.abs(np.diff(samples, axis=0)).max())


def concealer(channels: int = 1, seed: int = 3) -> Concealer:
    return Concealer(channels, np.random.default_rng(seed))


def test_samples_that_arrive_pass_to_the_bit():
    sound = noise(2.0, channels=2)
    assert np.array_equal(play(concealer(2), sound, missing=()), sound)


@pytest.mark.parametrize("missing", [range(120, 121), range(120, 200), (120, 122, 123, 125, 126, 130)])
@pytest.mark.parametrize("seed", range(4))
def test_no_gap_clicks_when_it_begins_lasts_or_ends(missing, seed: int):
    sound = noise(3.0, channels=2)
    heard = play(concealer(2, seed), sound, missing=missing)
    assert largest_step(heard) < 1.5 * largest_step(sound)


def test_the_texture_has_the_level_of_the_last_second():
    heard = play(concealer(), noise(2.4), missing=range(130, 230))
    gap = heard[130 * BLOCK_FRAMES : 225 * BLOCK_FRAMES]
    assert rms(gap) == pytest.approx(0.1, rel=0.15)
    tenths = gap[: 9 * 4800].reshape(9, 4800)
    assert np.all((tenths.std(axis=1) > 0.05) & (tenths.std(axis=1) < 0.2))


def test_the_texture_is_not_an_echo_of_what_was_heard():
    sound = noise(2.4)
    heard = play(concealer(), sound, missing=range(130, 230))
    last_second = sound[82 * BLOCK_FRAMES : 130 * BLOCK_FRAMES, 0]
    gap = heard[140 * BLOCK_FRAMES : 188 * BLOCK_FRAMES, 0]
    assert abs(np.corrcoef(last_second, gap)[0, 1]) < 0.3


def test_a_long_gap_fades_to_silence_and_never_cuts():
    sound = noise(6.0)
    heard = play(concealer(), sound, missing=range(100, 600))
    assert rms(heard[100 * BLOCK_FRAMES + GONE_FRAMES :]) == 0.0
    assert largest_step(heard) < 1.5 * largest_step(sound)


def test_samples_that_return_are_real_again_after_the_crossfade():
    sound = noise(3.0)
    heard = play(concealer(), sound, missing=range(110, 150))
    back = 150 * BLOCK_FRAMES
    assert np.array_equal(heard[back + RETURN_FRAMES :], sound[back + RETURN_FRAMES :])
    assert rms(heard[back : back + RETURN_FRAMES]) == pytest.approx(0.1, rel=0.6)


def test_a_stream_that_starts_anew_is_bridged_without_a_click():
    sound, other = noise(1.5), noise(1.5)[::-1] + np.float32(0.3)
    bridged = concealer()
    before = play(bridged, sound, missing=())
    bridged.bridge()
    after = play(bridged, np.ascontiguousarray(other), missing=())
    seam = np.concatenate((before[-1000:], after[:4000]))
    assert largest_step(seam) < 1.5 * largest_step(sound)
    assert np.array_equal(after[RETURN_FRAMES:], other[RETURN_FRAMES:])


def test_a_gap_before_anything_was_heard_is_silent_and_then_fades_in():
    heard = play(concealer(), noise(1.0), missing=range(5))
    assert rms(heard[: 5 * BLOCK_FRAMES]) == 0.0
    assert np.abs(heard[5 * BLOCK_FRAMES : 5 * BLOCK_FRAMES + 8]).max() < 0.001
