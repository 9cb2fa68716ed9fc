from itertools import pairwise

import numpy as np
import pytest

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.mixing import (
    LIMIT_KNEE,
    Mixer,
    Pose,
    Zone,
    bearing_of,
    distance_gain,
    pan_gains,
    placed_gains,
    soft_limit,
    zone_gains,
)
from roomtone.wire.messages import PlacementInfo

BED = PlacementInfo(kind="bed")
POINT = PlacementInfo(kind="point", at_m=(0.0, 1.5, 0.0), near_m=1.0, reach_m=40.0)
AREA = PlacementInfo(kind="area", at_m=(0.0, 0.0, 0.0), near_m=5.0, reach_m=60.0)
SCATTER = PlacementInfo(kind="scatter", distance_m=(50.0, 400.0))
STREET = Zone(name="street", at_m=(0.0, 0.0, 0.0), radius_m=10.0, fade_m=6.0)
CAFE = Zone(name="cafe", at_m=(0.0, 0.0, 22.0), radius_m=6.0, fade_m=6.0)


def power(gains: Samples) -> float:
    return float((gains**2).sum())


def largest_step(samples: Samples) -> float:
    return float(np.abs(np.diff(samples, axis=0)).max())


@pytest.mark.parametrize("bearing_deg", range(-180, 181, 15))
@pytest.mark.parametrize("channels", [1, 2])
def test_panning_keeps_the_power_whatever_the_bearing(bearing_deg: int, channels: int):
    gains = placed_gains(AREA, Pose(at_m=(0.0, 0.0, -20.0), yaw_deg=bearing_deg), channels=channels)
    level = distance_gain(20.0, near_m=5.0, reach_m=60.0)
    assert power(gains) == pytest.approx(2.0 * level**2, rel=1e-5)


def test_a_bed_passes_as_it_is():
    pose = Pose(at_m=(9.0, 0.0, 9.0), yaw_deg=77.0)
    assert np.array_equal(placed_gains(BED, pose, channels=2), np.eye(2))
    assert np.array_equal(placed_gains(BED, pose, channels=1), np.ones((1, 2)))


def test_what_lies_on_the_right_is_louder_on_the_right_and_turning_towards_it_centres_it():
    left, right = placed_gains(POINT, Pose(at_m=(-5.0, 1.5, 0.0)), channels=1)[0]
    assert right > 3.0 * left > 0.0
    left, right = placed_gains(POINT, Pose(at_m=(-5.0, 1.5, 0.0), yaw_deg=90.0), channels=1)[0]
    assert left == pytest.approx(right, rel=1e-5)


def test_ahead_is_minus_z_as_on_the_wire():
    left, right = placed_gains(POINT, Pose(at_m=(0.0, 1.5, 5.0), yaw_deg=-90.0), channels=1)[0]
    assert right > 3.0 * left
    assert bearing_of((0.0, 0.0, -3.0), yaw_deg=0.0) == 0.0


def test_distance_fades_steadily_from_full_level_to_silence_at_the_reach():
    gains = [distance_gain(d, near_m=2.0, reach_m=40.0) for d in np.linspace(0.0, 45.0, 500)]
    assert gains[0] == 1.0
    assert gains[-1] == 0.0
    assert (np.diff(gains) <= 0.0).all()
    assert np.abs(np.diff(gains)).max() < 0.05


def test_inside_an_area_a_stereo_stream_stays_wide_and_outside_it_comes_from_one_side():
    inside = placed_gains(AREA, Pose(at_m=(3.0, 0.0, 0.0)), channels=2)
    outside = placed_gains(AREA, Pose(at_m=(30.0, 0.0, 0.0)), channels=2)
    assert np.allclose(inside, np.eye(2), atol=1e-6)
    assert outside[:, 0].sum() > 3.0 * outside[:, 1].sum()


@pytest.mark.parametrize("placement", [POINT, AREA], ids=lambda p: p.kind)
@pytest.mark.parametrize("channels", [1, 2])
def test_walking_through_the_middle_of_a_layer_never_jumps(placement: PlacementInfo, channels: int):
    path = np.arange(-70.0, 70.0, 0.02)  # 2 m/s at one pose a block
    gains = np.stack([placed_gains(placement, Pose(at_m=(x, 1.5, 0.01)), channels=channels) for x in path])
    assert np.abs(np.diff(gains, axis=0)).max() < 0.04


def test_a_scattered_event_sounds_from_where_it_was_placed():
    right = placed_gains(SCATTER, Pose(), channels=1, offset_m=(50.0, 0.0, 0.0))
    left = placed_gains(SCATTER, Pose(), channels=1, offset_m=(-400.0, 0.0, 0.0))
    assert right[0, 1] > 3.0 * right[0, 0]
    assert left[0, 0] > 3.0 * left[0, 1]
    assert power(left) == pytest.approx(power(right))


def test_zones_crossfade_with_equal_power_and_end_in_one_alone():
    walk = [zone_gains((STREET, CAFE), (0.0, 0.0, z)) for z in np.arange(0.0, 22.0, 0.1)]
    assert walk[0] == {"street": 1.0, "cafe": 0.0}
    assert walk[-1] == {"street": 0.0, "cafe": 1.0}
    assert all(gains["street"] ** 2 + gains["cafe"] ** 2 == pytest.approx(1.0) for gains in walk)
    assert max(abs(b["cafe"] - a["cafe"]) for a, b in pairwise(walk)) < 0.15


def test_out_of_every_zone_the_nearest_is_heard():
    assert zone_gains((STREET, CAFE), (0.0, 0.0, 100.0)) == {"street": 0.0, "cafe": 1.0}


def test_a_mix_walks_its_gains_without_a_jump():
    steady = np.ones((BLOCK_FRAMES, 1), np.float32)
    mixer = Mixer()
    poses = [Pose(), Pose(at_m=(0.0, 1.5, 30.0)), Pose(at_m=(-8.0, 1.5, 2.0)), Pose(at_m=(100.0, 0.0, 0.0))]
    blocks = [mixer.mix(BLOCK_FRAMES, {"lamp": (steady, placed_gains(POINT, p, channels=1))}) for p in poses]
    assert largest_step(np.concatenate(blocks)) < 2.0 / BLOCK_FRAMES
    assert np.abs(blocks[-1][-1]).max() == 0.0


def test_the_parts_of_a_block_that_moves_mix_to_the_same_as_their_sum():
    rng = np.random.default_rng(5)
    streams = {
        name: rng.standard_normal((BLOCK_FRAMES, channels)).astype(np.float32)
        for name, channels in (("a", 1), ("b", 2))
    }
    gains = {name: rng.random((x.shape[1], 2)).astype(np.float32) for name, x in streams.items()}
    whole = Mixer().mix(BLOCK_FRAMES, {name: (x, gains[name]) for name, x in streams.items()})
    apart = [Mixer().mix(BLOCK_FRAMES, {name: (x, gains[name])}) for name, x in streams.items()]
    assert np.allclose(whole, sum(apart), atol=1e-6)


def test_the_limiter_leaves_what_is_quiet_and_keeps_what_is_loud_below_full_scale():
    sweep = np.linspace(-4.0, 4.0, 4001, dtype=np.float32)[:, None]
    bent = soft_limit(sweep)
    quiet = np.abs(sweep) <= LIMIT_KNEE
    assert np.array_equal(bent[quiet], sweep[quiet])
    assert np.abs(bent).max() <= 1.0
    assert (np.diff(bent, axis=0) >= 0.0).all()


def test_a_source_at_the_side_still_reaches_the_other_ear():
    left, right = pan_gains(np.pi / 2)
    assert 0.05 < left < right
