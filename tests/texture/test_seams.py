"""The measure of seams finds what can be found, and nothing where there is nothing."""

import numpy as np
import pytest
from takes import S, noise, takes

from roomtone.errors import AudioError
from roomtone.texture.measures import measure_seams


def percentiles(samples, frames, **options) -> np.ndarray:
    return np.array([seam.percentile for seam in measure_seams(samples, frames, **options)])


@pytest.mark.parametrize("width_s", [0.0, 0.25])
def test_places_inside_rank_evenly(width_s: float):
    rain = takes("rain", count=1, seconds=60.0)[0]
    rng = np.random.default_rng(1)
    frames = rng.integers(2 * S, 58 * S, 400).tolist()
    ranks = percentiles(rain, frames, width_s=width_s, inside=[rain])
    assert np.allclose(np.percentile(ranks, [10, 25, 50, 75, 90]), [10, 25, 50, 75, 90], atol=9.0)


@pytest.mark.parametrize(("synth", "other"), [("rain", "crowd"), ("waves", "rain"), ("leaves", "waves")])
def test_a_cut_between_two_sounds_ranks_at_the_top(synth: str, other: str):
    before, behind = takes(synth, count=1)[0], takes(other, count=1)[0]
    joined = np.concatenate((before[: 5 * S], behind[: 5 * S]))
    assert percentiles(joined, [5 * S])[0] > 98.0


def test_a_change_of_colour_shows_in_the_surroundings():
    rain = takes("rain", count=1)[0].copy()
    rain[5 * S :] = np.cumsum(rain[5 * S :] * 0.3, axis=0) * 0.5 + rain[5 * S :] * 0.5
    assert measure_seams(rain, [5 * S], inside=takes("rain"))[0].surroundings > 99.0


def test_a_step_of_3_db_shows_in_the_level():
    stepped = noise(1, 10.0)
    stepped[5 * S :] *= np.float32(2.0**0.5)
    seam = measure_seams(stepped, [5 * S])[0]
    assert seam.level > 99.0
    assert seam.click < 95.0


def test_a_click_shows_as_a_click_wherever_in_the_hop_it_is():
    hum = np.sin(2.0 * np.pi * 100.0 * np.arange(10 * S) / S)[:, None] * 0.3
    hum = (hum + 0.001 * np.random.default_rng(2).standard_normal(hum.shape)).astype(np.float32)
    for frame in (5 * S, 5 * S + 100, 5 * S + 333, 5 * S + 479):
        clicked = hum.copy()
        clicked[frame:] += 0.03
        assert measure_seams(clicked, [frame])[0].click > 99.0


def test_a_sound_too_short_to_have_an_inside_is_refused():
    with pytest.raises(AudioError, match=r"2\.0 s.*\[audio\.too-short\]"):
        measure_seams(noise(1, 2.0), [S])
