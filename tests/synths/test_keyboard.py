"""Somebody types: in bursts, with pauses, on keys that go down and come up."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths.people.keyboard import KEYBOARD
from roomtone.synths.voice import Voice


def heard(seconds: float = 15.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(KEYBOARD, seed, controls).read(round(seconds * 48_000))


def test_a_practised_hand_strikes_a_few_keys_a_second() -> None:
    assert 1.5 < hearing.onsets_per_s(heard(30.0)) < 12.0


def test_gaps_are_uneven_pauses_among_bursts() -> None:
    loud = np.nonzero(hearing.envelope(heard(60.0), 1_000.0) > 0.01)[0]
    gaps_s = np.diff(loud)[np.diff(loud) > 6] * 0.005
    assert gaps_s.max() > 1.0
    assert np.median(gaps_s) < 0.3


def test_a_key_is_gone_before_the_next_one_is_hit() -> None:
    voice = Voice(KEYBOARD, 1, {"rate": 0.0})
    voice.read(4_800)
    voice.strike()
    struck = voice.read(48_000)
    # An unhurried hand takes a quarter of a second; the key has come up by then.
    assert hearing.level_db(struck[9_600:12_000]) < hearing.level_db(struck[:1_400]) - 20.0
    assert hearing.level_db(struck[24_000:]) < -80.0


def test_a_struck_key_comes_up_again() -> None:
    voice = Voice(KEYBOARD, 1, {"rate": 0.0})
    voice.strike()
    e = hearing.envelope(voice.read(24_000), 2_000.0)
    assert e[12:40].max() > 3.0 * e[8:12].min()


def test_laptop_keys_are_quieter_and_a_typewriter_rings_longer() -> None:
    names = dict(KEYBOARD.controls[1].names)
    laptop, typewriter = (heard(kind=names[name]) for name in ("laptop", "typewriter"))
    assert hearing.loudness_lufs(typewriter) > hearing.loudness_lufs(laptop) + 6.0


def test_nobody_types_at_rate_0() -> None:
    assert hearing.peak(heard(2.0, rate=0.0)) < 1e-6
