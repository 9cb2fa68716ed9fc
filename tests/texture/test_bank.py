"""A bank knows its clips: where they go on in one another, what is alike, how long it lasts, what it weighs."""

import numpy as np
import pytest
from takes import S, noise, takes

from roomtone.audio import Samples
from roomtone.errors import AudioError
from roomtone.texture.bank import SHORTEST_CLIP_FRAMES, make_bank
from roomtone.texture.features import band_powers
from roomtone.texture.layout import CELL_FRAMES, CIRCULAR, END, FADE, LEAST, START
from roomtone.texture.measures import band_levels_db, k_weighted_level_db


def in_clip(bank, clip: int) -> Samples:
    """A clip as the bank keeps it."""
    start, end = bank.chart.clips[clip, [START, END]]
    return (bank.chart.pcm[:, start:end] * bank.chart.steps[clip]).T


def test_a_bank_weighs_little_more_than_16_bits_a_sample():
    bank = make_bank(takes("rain"))
    assert bank.channels == 2
    assert bank.seconds == pytest.approx(40.0)
    assert 40 * S * 4 <= bank.size_bytes < 1.1 * 40 * S * 4


def test_quiet_clips_keep_their_detail_and_loud_ones_are_not_cut_off():
    for gain in (1e-2, 0.1, 4.0):
        clip = noise(1, 3.0) * np.float32(gain * 3.0)
        kept = in_clip(make_bank((clip,)), 0)
        error = np.std(kept - clip) / np.std(clip)
        assert 20.0 * np.log10(error) < -80.0


def test_mono_clips_are_widened_where_others_are_stereo():
    bank = make_bank((noise(1), noise(2, channels=2)), match_db=0.0)
    assert bank.channels == 2
    assert np.allclose(in_clip(bank, 0), np.repeat(noise(1), 2, axis=1), atol=1e-4)


@pytest.mark.parametrize("frames", [0, 1, SHORTEST_CLIP_FRAMES - 1])
def test_a_clip_too_short_to_be_joined_is_refused_by_number_or_name(frames: int):
    with pytest.raises(AudioError, match=rf"clip 2: it has {frames} frames.*\[audio\.too-short\]"):
        make_bank((noise(1), noise(2)[:frames]))
    with pytest.raises(AudioError, match=rf"drip\.wav: it has {frames} frames"):
        make_bank((noise(1), noise(2)[:frames]), names=("rain.wav", "drip.wav"))


def test_digital_silence_at_the_ends_is_no_sound():
    padded = np.pad(noise(1, 3.0), ((S, 2 * S), (0, 0)))
    assert make_bank((padded, noise(2))).seconds == pytest.approx(5.0, abs=0.001)
    with pytest.raises(AudioError, match=r"it has 240 frames"):
        make_bank((np.pad(noise(1)[:240], ((0, S), (0, 0))),))


def test_a_clip_of_nothing_but_silence_stays_silent():
    bank = make_bank((np.zeros((2 * S, 1), np.float32),))
    assert bank.seconds == pytest.approx(2.0)
    assert not bank.chart.pcm.any()


def test_every_join_stays_within_its_clips():
    chart = make_bank(takes("rain")).chart
    for i, (frame, number) in enumerate(chart.cuts):
        clip = chart.clips[number]
        assert clip[START] <= frame - clip[FADE] // 2
        assert frame + clip[FADE] // 2 <= clip[END]
        for cut, lag in chart.goals[i][chart.goals[i, :, 0] >= 0]:
            goal = chart.clips[chart.cuts[cut, 1]]
            entry = chart.cuts[cut, 0] + lag
            assert goal[START] <= entry - goal[FADE] // 2
            assert entry + goal[LEAST] + goal[FADE] // 2 <= goal[END]
            assert chart.cuts[cut, 1] != number or abs(frame - entry) > 0.4 * S


def test_the_best_join_of_a_copied_moment_is_its_copy():
    first, second = (clip.copy() for clip in takes("stream")[:2])
    second[4 * S : 7 * S] = first[2 * S : 5 * S]
    chart = make_bank((first, second), match_db=0.0).chart
    leaves = np.flatnonzero((chart.cuts[:, 0] > 3 * S) & (chart.cuts[:, 0] < 4 * S))
    goals, lags = chart.goals[leaves, 0].T
    # What is 3.5 s into the first clip is heard 5.5 s into the second.
    missed = chart.cuts[goals, 0] + lags - 10 * S - (chart.cuts[leaves, 0] + 2 * S)
    exact = missed == 0
    assert exact.mean() > 0.2
    assert (chart.fits[leaves, 0, 1][exact] > 0.999).all()
    assert np.median(chart.fits[leaves, 0, 0][exact]) < 0.5 * np.median(chart.fits[leaves, 5, 0])


def test_a_hum_is_entered_in_phase():
    hum = (0.3 * np.sin(2.0 * np.pi * 100.0 * np.arange(4 * S) / S))[:, None].astype(np.float32)
    chart = make_bank((hum,)).chart
    used = chart.goals[:, :, 0] >= 0
    assert np.median(chart.fits[:, :, 1][used]) > 0.999
    # Near the ends of a clip there is no room to move by a whole wave.
    assert chart.fits[:, :, 1][used].min() > 0.95


def test_cuts_avoid_what_stands_out():
    clip = noise(1, 8.0)
    knocks = np.arange(S // 4, 8 * S - S // 4, S // 4)
    clip[knocks[:, None] + np.arange(480)] *= 20.0
    chart = make_bank((clip,)).chart
    distance_ms = np.abs(chart.cuts[1:-1, :1] - (knocks + 240)).min(axis=1) / 48.0
    # On a grid 24 in 100 would lie so near.
    assert np.mean(distance_ms < 30.0) < 0.1


def test_noise_has_no_look_alikes_and_copies_are_found_where_they_are():
    assert (make_bank(takes("rain")).chart.alike < 0).all()
    first = takes("rain")[0]
    chart = make_bank((first, takes("rain")[1], first)).chart
    cells = 10 * S // CELL_FRAMES
    found = chart.alike[:cells, 0] >= 0
    assert found.mean() > 0.95
    assert (chart.copies[:cells] >= found).all()
    assert (chart.later[:cells, 0][found] == 20 * S).all()


def test_a_larger_bank_is_at_rest_for_longer():
    one, four = make_bank(takes("rain")[:1]), make_bank(takes("rain"))
    assert 15 * S < four.guard_frames <= 20 * S
    assert one.guard_frames < four.guard_frames / 2
    copies = make_bank((takes("rain")[0],) * 4)
    assert copies.guard_frames < four.guard_frames / 2


def test_the_beds_of_clips_are_brought_together_but_not_further_than_was_allowed():
    dull = noise(1, 5.0)
    dull = np.asarray(dull + np.roll(dull, 1, axis=0), np.float32)
    clips = (noise(2, 5.0), dull * np.float32(0.3))
    apart = np.abs(band_levels_db(clips[0]) - band_levels_db(clips[1]))
    for match_db, left in ((0.0, apart), (3.0, apart - 6.0), (9.0, np.zeros(10))):
        bank = make_bank(clips, match_db=match_db)
        now = np.abs(band_levels_db(in_clip(bank, 0)) - band_levels_db(in_clip(bank, 1)))
        assert now[2:9].max() <= max(1.5, left[2:9].max() + 0.5)
        assert now[2:9].max() >= left[2:9].max() - 12.0


def test_a_call_over_a_quiet_bed_is_not_equalised_away():
    bed, t = noise(1, 8.0) * np.float32(0.05), np.arange(8 * S) / S
    call = (0.3 * np.sin(2.0 * np.pi * 3_000.0 * t) * (t % 4.0 < 0.5))[:, None]
    bank = make_bank((np.asarray(bed + call, np.float32), noise(2, 8.0) * np.float32(0.05)))
    assert k_weighted_level_db(in_clip(bank, 0)) == pytest.approx(k_weighted_level_db(bed + call), abs=0.5)


def test_a_loop_is_measured_round_its_joint():
    tone = (0.3 * np.sin(2.0 * np.pi * 100.0 * np.arange(S) / S))[:, None].astype(np.float32)
    as_loop, as_clip = band_powers(tone, circular=True), band_powers(np.pad(tone, ((0, 480), (0, 0))))
    assert np.allclose(as_loop[0], as_loop[1], rtol=0.01)
    assert not np.allclose(as_clip[-1], as_clip[-5], rtol=0.2)
    assert make_bank((tone,), loops=(True,)).chart.clips[0, CIRCULAR] == 1


def test_many_clips_and_long_ones_stay_within_bounds():
    bank = make_bank([noise(i, 0.05) for i in range(200)])
    assert bank.seconds == pytest.approx(10.0, abs=0.01)
    long = make_bank((np.tile(noise(1, 60.0), (5, 1)),))
    assert len(long.chart.cuts) < 1_300
    assert long.size_bytes < 1.1 * 300 * S * 2


def test_the_same_clips_give_the_same_bank():
    first, again = (make_bank(takes("fire")) for _ in range(2))
    for a, b in zip(first.chart, again.chart, strict=True):
        assert np.array_equal(a, b)
    assert first.guard_frames == again.guard_frames
