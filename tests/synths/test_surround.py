"""A bed in first-order ambisonics is all around, level on every side, and the same for the same seed."""

import math

import numpy as np
import pytest

from listening import hearing
from roomtone.audio import Samples
from roomtone.errors import SynthError
from roomtone.synths.surround import Surround, direction_gains
from roomtone.synths.voice import Voice, get_synth

_SECOND = 48_000
BED, POINT = "stream", "fire"


def _towards(x: Samples, azimuth_deg: float) -> Samples:
    """What a cardioid hears that looks in a direction."""
    w, y, _, x_axis = (x[:, i] for i in range(4))
    azimuth_rad = math.radians(azimuth_deg)
    return np.asarray(0.5 * (w + math.cos(azimuth_rad) * x_axis + math.sin(azimuth_rad) * y))[:, None]


def test_a_plane_wave_is_encoded_as_ambix_has_it():
    assert direction_gains(0.0) == pytest.approx((1.0, 0.0, 0.0, 1.0), abs=1e-6)
    assert direction_gains(math.radians(90.0)) == pytest.approx((1.0, 1.0, 0.0, 0.0), abs=1e-6)
    assert direction_gains(0.0, math.radians(90.0)) == pytest.approx((1.0, 0.0, 1.0, 0.0), abs=1e-6)


def test_a_bed_is_as_loud_around_as_in_stereo():
    around = Surround(get_synth(BED), 5).read(8 * _SECOND)
    stereo = Voice(get_synth(BED), 5).read(8 * _SECOND)
    sides_db = hearing.level_db(stereo) + 10.0 * math.log10(2.0)
    assert hearing.level_db(around[:, :1]) == pytest.approx(sides_db, abs=1.5)


def test_turning_the_head_changes_nothing_of_its_level():
    around = Surround(get_synth(BED), 5).read(8 * _SECOND)
    levels = [hearing.level_db(_towards(around, azimuth_deg)) for azimuth_deg in range(0, 360, 30)]
    assert max(levels) - min(levels) < 3.0


def test_ahead_and_behind_are_not_the_same_take():
    around = Surround(get_synth(BED), 5).read(4 * _SECOND)
    ahead, behind = (_towards(around, azimuth_deg)[:, 0] for azimuth_deg in (0.0, 180.0))
    assert abs(np.corrcoef(ahead, behind)[0, 1]) < 0.5


def test_the_same_seed_is_the_same_in_pieces_of_any_length():
    whole, pieces = (Surround(get_synth(BED), 7) for _ in range(2))
    parts = [pieces.read(frames, {"flow": 0.9}) for frames in (1, 479, 4_520, 19_000)]
    assert np.array_equal(whole.read(24_000, {"flow": 0.9}), np.concatenate(parts))


def test_what_has_a_place_cannot_surround():
    with pytest.raises(SynthError) as caught:
        Surround(get_synth(POINT), 1)
    assert caught.value.code == "synth.not-a-bed"
