"""A quiet room: low, still, all around, with a little mains and things that settle."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths.people.room_tone import ROOM_TONE
from roomtone.synths.voice import Voice


def heard(seconds: float = 10.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(ROOM_TONE, seed, controls).read(round(seconds * 48_000))


def test_a_room_is_dark_and_quiet() -> None:
    x = heard(liveliness=0.0)
    assert hearing.level_db(x) < -24.0
    assert hearing.share_db(x, 4_000.0, 20_000.0) < -15.0


def test_a_hall_is_deeper_than_a_closet() -> None:
    closet, hall = (heard(size=size, liveliness=0.0) for size in (0.0, 1.0))
    deep = [hearing.share_db(x, 40.0, 120.0) - hearing.share_db(x, 500.0, 2_000.0) for x in (closet, hall)]
    assert deep[1] > deep[0] + 8.0


def test_mains_hum_stands_at_twice_its_frequency() -> None:
    none, old = (heard(mains=m, liveliness=0.0) for m in (0.0, 1.0))
    assert hearing.line_db(old, 80.0, 130.0) > hearing.line_db(none, 80.0, 130.0) + 5.0


def test_air_comes_from_everywhere_and_rumble_from_below() -> None:
    x = heard(mains=0.0, liveliness=0.0)
    assert hearing.agreement_of_sides(x, 2_000.0, 8_000.0) < 0.2
    assert hearing.agreement_of_sides(x, 40.0, 80.0) > 0.6


def test_an_old_house_creaks() -> None:
    still, old = (hearing.onsets_per_s(heard(30.0, liveliness=v), 1_500.0, -60.0) for v in (0.0, 1.0))
    assert still < 0.1
    assert old > 0.3


def test_two_rooms_are_not_alike() -> None:
    octaves = (50.0, 100.0, 200.0, 400.0)
    one, other = (
        np.array([hearing.share_db(heard(seed=seed), hz, 2.0 * hz) for hz in octaves]) for seed in (1, 2)
    )
    assert np.abs(one - other).max() > 1.0
