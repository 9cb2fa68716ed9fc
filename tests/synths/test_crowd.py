"""Whether a crowd sounds like people talking."""

import numpy as np
import pytest

from listening import hearing
from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.synths.people.crowd import CROWD
from roomtone.synths.voice import Voice


def _hear(seconds: float, seed: int = 1, **controls: float) -> Samples:
    return Voice(CROWD, seed, controls).read(round(seconds * SAMPLE_RATE_HZ))


def _modulation(x: Samples, low_hz: float, high_hz: float) -> float:
    """Share of the envelope's movement that lies between two rates."""
    e = hearing.envelope(x, 400.0, 4_000.0)
    power = np.abs(np.fft.rfft((e - e.mean()) * np.hanning(len(e)))) ** 2
    hz = np.fft.rfftfreq(len(e), 0.005)
    return float(power[(hz >= low_hz) & (hz < high_hz)].sum() / power[hz >= 0.5].sum())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_denser_crowd_is_smoother(seed: int) -> None:
    few, many = (_hear(10.0, seed, density=d, clatter=0.0) for d in (0.0, 1.0))
    assert hearing.swing_db(few, 300.0, 0.1) > hearing.swing_db(many, 300.0, 0.1) + 3.0
    assert hearing.floor_db(many) > hearing.floor_db(few) + 8.0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_talk_moves_at_the_pace_of_syllables(seed: int) -> None:
    table = _hear(20.0, seed, density=0.0, clatter=0.0, distance=0.0)
    syllables = _modulation(table, 2.0, 8.0)
    assert syllables > 0.2
    assert syllables > 2.0 * _modulation(table, 12.0, 48.0)


def test_talk_has_the_spectrum_of_speech() -> None:
    talk = _hear(15.0, density=0.6, clatter=0.0)
    body = hearing.share_db(talk, 200.0, 1_000.0)
    assert 3.0 < body - hearing.share_db(talk, 1_000.0, 4_000.0) < 14.0
    assert 15.0 < body - hearing.share_db(talk, 4_000.0, 8_000.0) < 32.0


def test_cups_ring_only_where_there_are_cups() -> None:
    none, some, busy = (hearing.events_per_s(_hear(12.0, clatter=c), 5_000.0, 12.0) for c in (0.0, 0.4, 1.0))
    assert none < 0.5 * some
    assert some < busy


def test_through_the_wall_only_the_low_part_of_speech_is_left() -> None:
    among, next_door = _hear(10.0, inside=0.0), _hear(10.0, inside=1.0)
    assert hearing.share_db(next_door, 3_000.0, 12_000.0) < hearing.share_db(among, 3_000.0, 12_000.0) - 8.0


def test_no_ten_seconds_of_a_crowd_return() -> None:
    x = _hear(40.0)
    ten_s = 10 * SAMPLE_RATE_HZ
    assert max(hearing.likeness(x[:ten_s], x[i * ten_s : (i + 1) * ten_s]) for i in (1, 2, 3)) < 0.15


@pytest.mark.parametrize("controls", [
    {"density": 1.0, "excitement": 1.0, "clatter": 1.0, "distance": 0.0},
    {"density": 0.0, "excitement": 1.0, "clatter": 1.0, "distance": 0.0},
])  # fmt: skip
def test_a_party_is_loud_but_does_not_clip(controls: dict[str, float]) -> None:
    x = _hear(10.0, **controls)
    assert hearing.peak(x) < 0.9
    assert hearing.dc_db(x) < -70.0


def test_a_crowd_that_cheers_claps_too() -> None:
    talk, cheers = (_hear(8.0, density=0.6, excitement=e, clatter=0.0) for e in (0.3, 1.0))
    assert hearing.loudness_lufs(cheers) > hearing.loudness_lufs(talk) + 4.0
    assert (
        hearing.band_level_db(cheers, 5_000.0, 12_000.0)
        > hearing.band_level_db(talk, 5_000.0, 12_000.0) + 6.0
    )


def test_a_stadium_is_one_wall_of_voices() -> None:
    cafe, stadium = (_hear(10.0, density=d, excitement=0.5, clatter=0.0) for d in (0.4, 1.0))
    assert hearing.floor_db(stadium) > hearing.floor_db(cafe) + 0.5
    assert hearing.loudness_lufs(stadium) > hearing.loudness_lufs(cafe) + 3.0
