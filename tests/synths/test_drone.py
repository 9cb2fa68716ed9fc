"""A drone: a root that wanders under voices that come and go, at rest or in a cluster."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths.designed.drone import DRONE
from roomtone.synths.voice import Voice


def _heard(seconds: float, seed: int = 1, **controls: float) -> Samples:
    return Voice(DRONE, seed, controls).read(round(seconds * 48_000))


def test_it_sounds_at_once_and_is_tonal():
    x = _heard(6.0, tension=0.0)
    assert hearing.level_db(x[48_000:96_000]) > -40.0
    assert hearing.tonality_db(x, 60.0, 1_000.0) > 8.0


def test_a_cluster_trembles_and_fifths_do_not():
    still, unbearable = (
        np.mean(
            [
                hearing.flutter_db(_heard(8.0, seed, tension=t, motion=0.1), 120.0, 4_000.0, 2.0, 30.0)
                for seed in (1, 2)
            ]
        )
        for t in (0.0, 1.0)
    )
    assert unbearable > still + 2.0


def test_depth_goes_from_glass_to_sub_bass():
    glass, sub = (_heard(6.0, depth=d) for d in (0.0, 1.0))
    assert hearing.centroid_hz(glass) > 600.0
    assert hearing.share_db(sub, 20.0, 90.0) > -6.0
    assert hearing.share_db(glass, 20.0, 90.0) < -10.0


def test_two_drones_stand_on_different_roots():
    powers = [
        np.abs(np.fft.rfft(_heard(4.0, seed, depth=0.4).mean(1)[:131_072]))[200:2_000] for seed in (1, 2, 3)
    ]
    peaks = [int(power.argmax()) for power in powers]
    assert len(set(peaks)) == 3


def test_no_chord_stays():
    voice = Voice(DRONE, 3, {"motion": 0.8})
    early = voice.read(4 * 48_000)
    voice.read(40 * 48_000)
    late = voice.read(4 * 48_000)
    one, other = (np.abs(np.fft.rfft(x.mean(1)))[200:4_000] for x in (early, late))
    assert np.corrcoef(one, other)[0, 1] < 0.7
