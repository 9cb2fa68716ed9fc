"""A stitched stream is endless, the same however it is asked for, and nothing gives its joins away."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from takes import S, heard, levels_db, noise, takes

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.texture.bank import SHORTEST_CLIP_FRAMES, Bank, make_bank
from roomtone.texture.chart import ACT_FRAMES, COUNT, LENGTH, SEGMENTS, TIME
from roomtone.texture.fades import equal_level_gains
from roomtone.texture.measures import band_levels_db, measure_repetition
from roomtone.texture.stitch import Stitch, pass_stitch, render_stitch, seam_frames, stitch_state

FAR = 2**53 - 10 * S


def piece(stitch: Stitch, first_frame: int, frames: int) -> Samples:
    out = np.empty((frames, stitch.bank.channels), np.float32)
    render_stitch(stitch, first_frame, out)
    return out


@pytest.fixture(scope="module")
def rain() -> Bank:
    return make_bank(takes("rain"))


# The same, however it is asked for ------------------------------------------------------------


def test_blocks_of_480_equal_one_of_48_000_and_any_others(rain: Bank):
    whole = piece(stitch_state(rain, seed=1), 0, 20 * S)
    assert np.array_equal(heard(stitch_state(rain, seed=1), 20.0), whole)
    stitch, rng, frame = stitch_state(rain, seed=1), np.random.default_rng(1), 0
    while frame < 20 * S:
        frames = min(int(rng.integers(1, 3_000)), 20 * S - frame)
        assert np.array_equal(piece(stitch, frame, frames), whole[frame : frame + frames])
        frame += frames


@settings(max_examples=25, deadline=None)
@given(first=st.integers(0, 50 * S), frames=st.integers(1, 2_000), back=st.integers(0, 50 * S))
def test_a_stream_begun_anywhere_equals_one_that_walked_there(first: int, frames: int, back: int):
    bank = make_bank((noise(1, 3.0), noise(2, 4.0), noise(3, 2.0)), crossfade_s=0.1)
    walked, begun = stitch_state(bank, seed=3), stitch_state(bank, seed=3, first_frame=first)
    for frame in range(0, first, 7 * BLOCK_FRAMES):
        piece(walked, frame, 10)
    assert np.array_equal(piece(walked, first, frames), piece(begun, first, frames))
    assert np.array_equal(piece(walked, back, frames), piece(begun, back, frames))


@pytest.mark.parametrize("loops", [(False, False, False), (True, False, True)])
def test_acts_follow_one_another_without_a_gap(loops: tuple[bool, ...]):
    bank = make_bank(tuple(noise(i, 5.0) for i in range(3)), loops=loops)
    for act in (1, 5):
        first = act * ACT_FRAMES - 12 * S
        whole = piece(stitch_state(bank, seed=1, first_frame=first), first, 24 * S)
        levels = levels_db(whole)
        assert np.ptp(levels) < 3.0
        for start in (act * ACT_FRAMES - 500, act * ACT_FRAMES, act * ACT_FRAMES + 3 * S):
            begun = piece(stitch_state(bank, seed=1, first_frame=start), start, 2 * S)
            assert np.array_equal(begun, whole[start - first : start - first + 2 * S])


def test_to_go_back_before_an_act_changes_nothing(rain: Bank):
    first = ACT_FRAMES - 40 * S
    stitch = stitch_state(rain, seed=1, first_frame=first)
    whole = piece(stitch, first, 60 * S)
    for start in (20 * S, 5 * S, 50 * S, 30 * S):
        assert np.array_equal(piece(stitch, first + start, 10 * S), whole[start : start + 10 * S])


def test_a_stream_passed_over_unheard_goes_on_where_it_would_have_been(rain: Bank):
    listened, passed = stitch_state(rain, seed=1), stitch_state(rain, seed=1)
    for frame in range(0, 30 * S, BLOCK_FRAMES):
        pass_stitch(passed, frame)
    assert np.array_equal(piece(listened, 30 * S, S), piece(passed, 30 * S, S))


def test_the_last_frames_that_the_protocol_can_name_sound_like_any_others(rain: Bank):
    far = piece(stitch_state(rain, seed=1, first_frame=FAR), FAR, 10 * S)
    assert abs(levels_db(far).mean() - levels_db(piece(stitch_state(rain, seed=1), 0, 10 * S)).mean()) < 2.0


def test_the_same_seed_gives_the_same_stream_and_another_seed_another(rain: Bank):
    first, again, other = (heard(stitch_state(rain, seed=seed), 5.0) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert np.abs(np.corrcoef(first[:, 0], other[:, 0])[0, 1]) < 0.1


# Joins ------------------------------------------------------------------------------------------


def test_unrelated_clips_are_joined_at_constant_power():
    bank = make_bank(tuple(noise(i) for i in range(4)), crossfade_s=1.0)
    levels = levels_db(heard(stitch_state(bank, seed=1, drift_db=0.0), 30.0))
    assert np.ptp(levels) < 1.5
    assert abs(levels.mean() + 20.0) < 0.2


def test_a_clip_that_goes_on_into_itself_is_joined_at_constant_amplitude():
    hum = (0.5 * np.sin(2.0 * np.pi * 100.0 * np.arange(2 * S) / S)[:, None]).astype(np.float32)
    stream = heard(stitch_state(make_bank((hum,), crossfade_s=0.5), seed=1, drift_db=0.0), 20.0)
    assert np.ptp(levels_db(stream)) < 0.1
    assert np.abs(np.diff(stream, axis=0)).max() < 1.1 * 2.0 * np.pi * 100.0 / S * 0.5


@pytest.mark.parametrize("rho", [-1.0, -0.5, 0.0, 0.3, 1.0])
def test_a_crossfade_keeps_its_level_for_any_correlation(rho: float):
    rng = np.random.default_rng(1)
    own, other = rng.standard_normal((2, 400_000))
    second = rho * own + np.sqrt(1.0 - rho**2) * other
    for way_in in np.linspace(0.0, 1.0, 11):
        gain_in, gain_out = equal_level_gains(np.array(way_in), rho)
        assert gain_in <= 1.16
        assert gain_out <= 1.16
        if rho >= -0.5:
            assert np.std(gain_in * second + gain_out * own) == pytest.approx(1.0, abs=0.01)


def test_a_join_does_not_click():
    rng = np.random.default_rng(3)
    slow = [
        np.convolve(rng.standard_normal(2 * S), np.hanning(480) / 60.0, "same")[:, None].astype(np.float32)
        for _ in range(3)
    ]
    own = max(np.abs(np.diff(clip[480:-480], axis=0)).max() for clip in slow)
    for crossfade_s in (0.01, 0.3):
        bank = make_bank(slow, crossfade_s=crossfade_s, match_db=0.0)
        stream = heard(stitch_state(bank, seed=1), 20.0)
        assert np.abs(np.diff(stream, axis=0)).max() < 1.5 * own


def test_a_step_in_level_is_bridged_and_then_forgotten():
    soft, loud = noise(1, 8.0) * np.float32(10.0 ** (-4.0 / 20.0)), noise(2, 8.0)
    bank = make_bank((soft, loud), match_db=0.0)
    stream = heard(stitch_state(bank, seed=2, drift_db=0.0), 120.0)
    levels = levels_db(stream, 9_600)
    seams = np.array(seam_frames(bank, seed=2, frames=119 * S)) / 9_600
    steps = np.abs(np.diff(levels))
    near = np.abs(np.arange(1, len(levels)) - seams[:, None]).min(axis=0) < 2.0
    assert np.percentile(steps[near], 99) < 1.0
    assert np.ptp(levels) > 2.0


def test_neither_too_short_nor_as_long_as_a_clip(rain: Bank):
    frames = seam_frames(rain, seed=1, frames=300 * S)
    lengths_s = np.diff(frames) / S
    assert lengths_s.min() >= 0.89
    assert lengths_s.max() <= 4.2
    assert 1.2 < lengths_s.mean() < 3.0


def test_events_are_not_cut_through():
    rng, t = np.random.default_rng(4), np.arange(S // 8) / S
    knock = (0.5 * np.exp(-t / 0.02) * np.sin(2.0 * np.pi * 900.0 * t)).astype(np.float32)
    clips = [noise(number, 10.0) * np.float32(0.02) for number in range(4)]
    for clip in clips:
        for start in (np.arange(0.3, 9.5, 0.45) + rng.uniform(0.0, 0.2, 21)) * S:
            clip[round(start) : round(start) + len(knock), 0] += knock
    stream = heard(stitch_state(make_bank(clips, crossfade_s=0.1), seed=1, drift_db=0.0), 240.0)[:, 0]
    peaks = np.abs(stream).reshape(-1, 960).max(axis=1)
    loudest = np.lib.stride_tricks.sliding_window_view(np.pad(peaks, 5), 11).max(axis=1)
    heights = peaks[(peaks == loudest) & (peaks > 0.03)]
    # Cuts at any moment would leave one knock in ten or so unfinished.
    assert len(heights) > 300
    assert np.mean(heights < 0.7 * np.median(heights)) < 0.04


# What is heard again ----------------------------------------------------------------------------


def test_nothing_is_heard_again_within_the_guard(rain: Bank):
    stitch = stitch_state(rain, seed=1, guard_s=12.0)
    assert stitch.guard_s == 12.0
    found = measure_repetition(heard(stitch, 120.0))
    assert found.exact.shortest_s >= 11.95
    assert found.exact.share > 0.5


def test_a_bank_too_small_for_the_guard_does_what_it_can(rain: Bank):
    stitch = stitch_state(rain, seed=1, guard_s=60.0)
    assert 15.0 < stitch.guard_s <= 20.0
    assert measure_repetition(heard(stitch, 120.0)).exact.shortest_s >= stitch.guard_s - 0.05


def test_an_ample_bank_keeps_a_guard_of_a_minute():
    bank = make_bank(takes("rain", count=16))
    stitch = stitch_state(bank, seed=1)
    assert stitch.guard_s == 60.0
    assert measure_repetition(heard(stitch, 150.0)).exact.shortest_s >= 59.95


def test_a_copy_counts_as_the_same_sound():
    first, second = takes("rain")[0], takes("rain")[1]
    bank = make_bank((first, second, first, second))
    stitch = stitch_state(bank, seed=1)
    assert 5.0 < stitch.guard_s <= 11.0
    assert measure_repetition(heard(stitch, 90.0)).exact.shortest_s >= 0.8 * stitch.guard_s


@pytest.mark.parametrize(("guard_s", "kept_s"), [(8.0, 8.0), (60.0, 6.0)])
def test_the_guard_holds_from_one_act_to_the_next(rain: Bank, guard_s: float, kept_s: float):
    # What was just heard and what the next act begins with cannot both rest, where the guard takes half of the bank.
    for act in (1, 2, 3):
        first = act * ACT_FRAMES - 60 * S
        stitch = stitch_state(rain, seed=1, first_frame=first, guard_s=guard_s)
        assert measure_repetition(heard(stitch, 100.0, first_frame=first)).exact.shortest_s >= kept_s - 0.05


_MARKS_HZ = np.array([19_200.0, 19_800.0, 20_400.0, 21_000.0, 21_600.0])


def marked(number: int, seconds: float) -> Samples:
    """Noise that can be told by a tone too high to matter."""
    t = np.arange(round(seconds * S)) / S
    return noise(number, seconds) + (0.02 * np.sin(2.0 * np.pi * _MARKS_HZ[number] * t))[:, None].astype(
        np.float32
    )


def shares(bank: Bank, seconds: float, *, seed: int, clips: int) -> np.ndarray:
    """For how much of a stream of `marked` clips each is heard."""
    stream = heard(stitch_state(bank, seed=seed, drift_db=0.0), seconds)[:, 0]
    spectra = np.abs(np.fft.rfft(stream[: len(stream) // 2_400 * 2_400].reshape(-1, 2_400), axis=1))
    marks = spectra[:, np.round(_MARKS_HZ[:clips] / 20.0).astype(int)].argmax(axis=1)
    return np.bincount(marks, minlength=clips) / len(marks)


def test_all_of_a_bank_is_played_about_evenly():
    bank = make_bank([marked(i, 10.0) for i in range(4)], match_db=0.0)
    assert np.allclose(shares(bank, 240.0, seed=1, clips=4), 0.25, atol=0.06)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32), clips=st.integers(2, 5))
def test_short_clips_are_all_played(seed: int, clips: int):
    bank = make_bank([marked(i, 0.3) for i in range(clips)], crossfade_s=0.02, match_db=0.0)
    assert shares(bank, 20.0, seed=seed, clips=clips).min() > 0.5 / clips


def test_a_clip_that_goes_with_no_other_is_played_now_and_then():
    rain, other = takes("rain"), takes("crickets")[0]
    bank = make_bank((*rain, other), match_db=0.0)
    frames = seam_frames(bank, seed=1, frames=600 * S)
    stream = heard(stitch_state(bank, seed=1), 600.0)
    bands = np.array([band_levels_db(stream[a + S // 4 : a + S // 2]) for a in frames[:-1]])
    chirping = (bands[:, 7] - bands[:, 5] > 8.0).mean()
    assert 0.005 < chirping < 0.1


def test_one_clip_is_not_simply_played_round():
    clip = takes("rain")[0]
    stream = heard(stitch_state(make_bank((clip,)), seed=1), 60.0)
    again = [
        np.corrcoef(stream[: 50 * S, 0], stream[lag : lag + 50 * S, 0])[0, 1]
        for lag in range(9 * S, 10 * S, S // 4)
    ]
    assert max(np.abs(again)) < 0.5


# Drift, loops, sizes ------------------------------------------------------------------------------


def test_level_and_tilt_drift_by_about_a_decibel_and_slowly():
    bank = make_bank((noise(1, 20.0), noise(2, 20.0)))
    moving = heard(stitch_state(bank, seed=1, drift_db=1.0), 240.0)
    still = heard(stitch_state(bank, seed=1, drift_db=0.0), 240.0)
    windows = range(0, 240 * S, 2 * S)
    drift = np.array(
        [band_levels_db(moving[w : w + 2 * S]) - band_levels_db(still[w : w + 2 * S]) for w in windows]
    )
    low, high = drift[:, 3], drift[:, 8]
    for line in (low, high, low - high):
        assert 0.5 < np.ptp(line) < 4.2
        assert np.abs(np.diff(line)).max() < 0.7
    assert np.abs(drift[:, 2:]).max() <= 2.1


def test_loops_are_entered_anywhere_and_played_through_their_joint():
    loop = (0.3 * np.sin(2.0 * np.pi * 100.0 * np.arange(3 * S) / S))[:, None].astype(np.float32)
    broken = np.concatenate((loop[S:], loop[: S - 240]))
    for clip, loops in ((loop, True), (broken, False)):
        stream = heard(stitch_state(make_bank((clip,), loops=(loops,)), seed=1, drift_db=0.0), 60.0)
        assert np.abs(np.diff(stream, axis=0)).max() < 1.1 * 2.0 * np.pi * 100.0 / S * 0.3
        assert np.ptp(levels_db(stream)) < 0.1
    # Half of what is entered lies so near to the end that the joint is played through.
    bank = make_bank((noise(1, 4.0),), loops=(True,))
    stitch, passed = stitch_state(bank, seed=1), 0
    for frame in range(0, 120 * S, BLOCK_FRAMES):
        pass_stitch(stitch, frame)
        row = (int(stitch.walk.place[COUNT]) - 2) % SEGMENTS
        (_, time, entry, _), until = (
            stitch.walk.segments[row],
            stitch.walk.segments[(row + 1) % SEGMENTS, TIME],
        )
        passed += entry + until - time > 4 * S
    assert passed > 0


@settings(max_examples=40, deadline=None)
@given(
    lengths=st.lists(st.integers(SHORTEST_CLIP_FRAMES, 6_000), min_size=1, max_size=4),
    loops=st.lists(st.booleans(), min_size=4, max_size=4),
    crossfade_s=st.floats(0.01, 30.0),
)
def test_any_lengths_make_an_endless_stream_within_the_clips(
    lengths: list[int], loops: list[bool], crossfade_s: float
):
    clips = tuple(np.full((length, 1), 0.25, np.float32) for length in lengths)
    bank = make_bank(clips, loops=loops[: len(clips)], crossfade_s=crossfade_s)
    stream = heard(stitch_state(bank, seed=2, drift_db=0.0), 2.0)
    assert np.allclose(stream, 0.25, atol=1e-3)


@settings(max_examples=10, deadline=None)
@given(length=st.integers(SHORTEST_CLIP_FRAMES, 3_000), loop=st.booleans())
def test_tiny_clips_reach_the_next_act_too(length: int, loop: bool):
    bank = make_bank((np.full((length, 1), 0.25, np.float32),), loops=(loop,))
    first = 7 * int(stitch_state(bank, seed=2).walk.place[LENGTH]) - S
    assert first < ACT_FRAMES
    stream = heard(stitch_state(bank, seed=2, first_frame=first, drift_db=0.0), 2.0, first_frame=first)
    # A clip that does not divide the act may have to be left in the middle of a crossfade.
    assert np.abs(np.diff(stream, axis=0)).max() < 0.01
    assert np.abs(stream).max() < 0.4


def test_what_adds_up_beyond_full_scale_is_bent_not_broken():
    rng = np.random.default_rng(5)
    full = [np.clip(0.5 * rng.standard_normal((4 * S, 1)), -0.95, 0.95).astype(np.float32) for _ in range(3)]
    stream = heard(stitch_state(make_bank(full), seed=1), 60.0)
    assert 0.95 < np.abs(stream).max() < 1.0
    hot = heard(stitch_state(make_bank([clip * np.float32(3.0) for clip in full]), seed=1), 10.0)
    assert 2.5 < np.abs(hot).max() < 3.0


def test_mono_clips_stay_mono_and_silence_stays_silent():
    assert stitch_state(make_bank((noise(1),)), seed=1).bank.channels == 1
    silence = make_bank((np.zeros((2 * S, 2), np.float32),))
    assert not heard(stitch_state(silence, seed=1), 2.0).any()
