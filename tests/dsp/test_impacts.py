"""Bodies that are hit, surfaces that rub, things that crumble, and the room that answers."""

import numpy as np

from roomtone.dsp import impacts


def chance(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def centre_hz(x: np.ndarray) -> float:
    power = np.abs(np.fft.rfft(x)) ** 2
    return float((np.fft.rfftfreq(len(x), 1 / 48_000) * power).sum() / power.sum())


def test_a_soft_contact_excites_less_of_the_highs() -> None:
    body = impacts.draw_body(chance(), low_hz=200.0, high_hz=8_000.0, modes=12, decay_s=0.05, tilt_db=0.0)
    finger, steel = (
        impacts.strike_body(chance(2), body, contact_s=contact_s, seconds=0.2)
        for contact_s in (0.002, 0.0001)
    )
    assert centre_hz(finger) < 0.5 * centre_hz(steel)


def test_no_two_hits_on_a_body_are_alike_but_its_pitches_stay() -> None:
    body = impacts.draw_body(chance(), low_hz=300.0, high_hz=3_000.0, modes=6, decay_s=0.1)
    rng = chance(3)
    one, other = (impacts.strike_body(rng, body, contact_s=0.0005, seconds=0.3) for _ in range(2))
    assert not np.allclose(one, other)
    spectra = [np.abs(np.fft.rfft(x * np.hanning(len(x)))) for x in (one, other)]
    assert np.corrcoef(np.log(spectra[0] + 1e-3), np.log(spectra[1] + 1e-3))[0, 1] > 0.6


def test_a_scrape_is_strongest_where_it_says() -> None:
    sound = impacts.scrape(chance(), centre_hz=2_000.0, octaves=0.4, rise_s=0.01, decay_s=0.2, seconds=1.0)
    power = np.abs(np.fft.rfft(sound)) ** 2
    octaves = [power[hz : 2 * hz].sum() for hz in (350, 1_400, 5_600)]
    assert octaves[1] > 4.0 * max(octaves[0], octaves[2])


def test_what_crumbles_is_many_grains_in_a_while() -> None:
    sound = impacts.crumble(chance(), grains=80, low_hz=2_000.0, high_hz=6_000.0, grain_s=0.001, rise_s=0.05,
                            decay_s=0.08, seconds=0.4)  # fmt: skip
    energy = np.cumsum(sound**2) / (sound**2).sum()
    assert 0.03 < np.interp(0.5, energy, np.arange(len(sound)) / 48_000) < 0.2
    assert np.abs(sound).max() == 1.0


def test_a_room_has_the_power_that_it_is_given_and_dies_in_its_time() -> None:
    room = impacts.draw_room(chance(), decay_s=0.5, share_db=-6.0, seconds=0.5)
    assert abs(10.0 * np.log10((room**2).sum()) + 6.0) < 0.5
    early, late = (room[round(t * 48_000) : round((t + 0.05) * 48_000)] for t in (0.03, 0.23))
    assert 15.0 < 10.0 * np.log10((early**2).sum() / (late**2).sum()) < 35.0


def test_a_sound_in_a_room_begins_as_it_is() -> None:
    room = impacts.draw_room(chance(), decay_s=0.3, share_db=-10.0, seconds=0.2)
    sound = chance(4).normal(size=100)
    heard = impacts.heard_in(room, sound)
    assert len(heard) == len(room) + 100
    assert np.corrcoef(heard[:100], sound)[0, 1] > 0.95
