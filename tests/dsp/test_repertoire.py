"""Songs are drawn within what their kind of bird can sing."""

import numpy as np
import pytest

from roomtone.dsp import syrinx
from roomtone.dsp.repertoire import KINDS, SLOTS, draw_song

every_kind = pytest.mark.parametrize("name", KINDS)


def _sung(name: str, seed: int) -> np.ndarray:
    song = draw_song(np.random.default_rng(seed), KINDS[name])
    return song[song[:, syrinx.DURATION_S] > 0.0]


@every_kind
def test_every_song_begins_and_ends(name: str) -> None:
    for seed in range(20):
        assert 1 <= len(_sung(name, seed)) < SLOTS


@every_kind
def test_every_pitch_can_be_sung_and_heard(name: str) -> None:
    for seed in range(20):
        pitches_hz = _sung(name, seed)[:, [syrinx.START_HZ, syrinx.TURN_HZ, syrinx.END_HZ]]
        assert pitches_hz.min() > 300.0
        assert pitches_hz.max() < 14_000.0


def test_kinds_differ_in_pitch_and_pace() -> None:
    def median(name: str, field: int) -> float:
        return float(np.median(np.concatenate([_sung(name, seed)[:, field] for seed in range(10)])))

    assert (
        median("pigeon", syrinx.TURN_HZ)
        < median("blackbird", syrinx.TURN_HZ)
        < median("goldcrest", syrinx.TURN_HZ)
    )
    assert median("wren", syrinx.DURATION_S) < 0.5 * median("blackbird", syrinx.DURATION_S)


def test_a_chaffinch_comes_down() -> None:
    falls = [np.log2(song[0, syrinx.TURN_HZ] / song[-1, syrinx.TURN_HZ]) for song in
             (_sung("chaffinch", seed) for seed in range(30))]  # fmt: skip
    assert np.mean(falls) > 0.25


def test_a_round_repeats_the_same_syllables() -> None:
    song = _sung("tit", 4)
    assert np.array_equal(song[0], song[2])
    assert not np.array_equal(song[0], song[1])
