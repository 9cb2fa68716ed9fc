"""What holds for every synth in the table."""

import time

import numpy as np
import pytest

from listening import hearing
from roomtone.audio import BLOCK_FRAMES
from roomtone.synths import SYNTHS, Synth
from roomtone.synths.voice import Voice

_SECOND = 48_000
every_synth = pytest.mark.parametrize("synth", SYNTHS.values(), ids=SYNTHS)


def _lively(synth: Synth, seed: int) -> Voice:
    """A voice that sounds without being struck."""
    rate = {"rate": 1.0} if synth.strike else {}
    return Voice(synth, seed, rate)


@every_synth
def test_the_same_seed_gives_the_same_samples(synth: Synth):
    assert np.array_equal(_lively(synth, 3).read(3 * _SECOND), _lively(synth, 3).read(3 * _SECOND))


@every_synth
def test_another_seed_gives_another_sound(synth: Synth):
    one, other = (_lively(synth, seed).read(10 * _SECOND) for seed in (3, 4))
    assert hearing.likeness(one, other) < 0.5


@every_synth
def test_two_voices_at_once_do_not_disturb_each_other(synth: Synth):
    alone = _lively(synth, 3).read(_SECOND)
    voice, other = _lively(synth, 3), _lively(synth, 9)
    pieces = []
    for _ in range(100):
        pieces.append(voice.read(480))
        other.read(480)
    assert np.array_equal(np.concatenate(pieces), alone)


@every_synth
def test_reading_in_odd_pieces_equals_reading_at_once(synth: Synth):
    sizes = [1, 479, 480, 481, 37, 1_000, 2, 959, 4_561] * 6
    voice = _lively(synth, 5)
    pieces = np.concatenate([voice.read(size) for size in sizes])
    assert np.array_equal(pieces, _lively(synth, 5).read(sum(sizes)))


@every_synth
def test_it_is_finite_bounded_and_without_dc(synth: Synth):
    sound = _lively(synth, 1).read(20 * _SECOND)
    assert np.isfinite(sound).all()
    assert hearing.peak(sound) <= 0.95
    assert hearing.dc_db(sound) < -70.0


@every_synth
def test_its_default_level_leaves_room_for_the_others(synth: Synth):
    sound = _lively(synth, 1).read(20 * _SECOND)
    assert -36.0 < hearing.level_db(sound) < -16.0


@every_synth
def test_it_never_repeats_itself(synth: Synth):
    voice = _lively(synth, 2)
    stretches = [voice.read(10 * _SECOND) for _ in range(4)]
    for i, one in enumerate(stretches):
        for other in stretches[i + 1 :]:
            assert hearing.likeness(one, other) < 0.5


@every_synth
def test_a_bed_is_wide_and_a_point_is_mono(synth: Synth):
    sound = _lively(synth, 1).read(4 * _SECOND)
    if synth.kind == "point":
        assert sound.shape[1] == 1
    else:
        assert hearing.unlikeness_of_sides(sound) > 0.1


@every_synth
def test_silence_costs_no_more_than_sound(synth: Synth):
    # Denormal numbers, which a fading sound leaves behind, can be a hundred times slower.
    loud = _quickest_block_s(synth, 1.0, blocks=200)
    quiet = _quickest_block_s(synth, 0.0, blocks=1_000)
    assert quiet < 2.0 * loud


def _quickest_block_s(synth: Synth, first_control: float, blocks: int) -> float:
    state, out = synth.start(1), np.zeros((BLOCK_FRAMES, synth.channels), np.float32)
    values = [first_control, *(control.default for control in synth.controls[1:])]
    for _ in range(blocks):
        synth.render(state, values, out)
    times = []
    for _ in range(100):
        begun = time.perf_counter()
        synth.render(state, values, out)
        times.append(time.perf_counter() - begun)
    return min(times)


@every_synth
def test_it_overwrites_what_was_in_the_block(synth: Synth):
    clean, dirty = (
        np.zeros((BLOCK_FRAMES, synth.channels), np.float32),
        np.ones((BLOCK_FRAMES, synth.channels), np.float32),
    )
    values = [control.default for control in synth.controls]
    synth.render(synth.start(1), values, clean)
    synth.render(synth.start(1), values, dirty)
    assert np.array_equal(clean, dirty)


@every_synth
def test_it_says_what_it_is(synth: Synth):
    assert synth.summary.endswith(".")
    assert synth.source
    assert synth.tags
    for control in synth.controls:
        assert control.at_0
        assert control.at_half
        assert control.at_1
        assert 0.0 <= control.default <= 1.0


def test_the_table_is_keyed_by_name():
    assert all(name == synth.name for name, synth in SYNTHS.items())
