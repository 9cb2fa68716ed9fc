"""A jet roars low without a tone, a propeller drones; passing sweeps a comb and the level."""

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def heard(seconds: float = 8.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SYNTHS["airplane"], seed, {**controls}).read(round(seconds * 48_000))


def test_a_jet_is_a_low_roar():
    assert hearing.share_db(heard(motion=0.0), 60.0, 500.0) > -2.0


def test_a_jet_has_no_tone_and_propellers_drone():
    jet, propeller = (hearing.line_db(heard(propeller=p, motion=0.0), 60.0, 900.0) for p in (0.0, 1.0))
    assert jet < 6.0
    assert propeller > jet + 6.0


def test_thrust_is_loudness():
    assert hearing.level_db(heard(thrust=1.0)) > hearing.level_db(heard(thrust=0.0)) + 10.0


def test_it_comes_and_goes_when_told_to_move():
    assert hearing.swing_db(heard(40.0, motion=1.0)) > hearing.swing_db(heard(40.0, motion=0.0)) + 0.7
