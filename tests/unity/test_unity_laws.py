"""The C# laws of placing, zones and limiting give the numbers of `roomtone.mixing`."""

import json
import subprocess
from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from mono_build import Build

from roomtone.mixing import Pose, Zone, distance_gain, placed_gains, soft_limit, zone_gains
from roomtone.wire.messages import PlacementInfo

pytestmark = pytest.mark.system

KINDS = ("bed", "point", "area", "scatter")
MANY = 2_000


def csharp(build: Build, law: str, cases: Iterable[Sequence[float]]) -> list[list[float]]:
    lines = "".join(f"{law} {' '.join(repr(float(number)) for number in case)}\n" for case in cases)
    command = ["mono", str(build.runners), "laws"]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True, timeout=60)
    return [json.loads(line) for line in done.stdout.splitlines()]


def places(rng: np.random.Generator) -> np.ndarray:
    """Return a place: anywhere, near by, or exactly in the middle."""
    scale = rng.choice([0.0, 0.05, 3.0, 60.0])
    return rng.uniform(-scale, scale, 3)


def test_a_layer_is_heard_from_any_pose_as_in_python(build: Build) -> None:
    rng = np.random.default_rng(1)
    cases, expected = [], []
    for _ in range(MANY):
        kind, channels = int(rng.integers(4)), int(rng.integers(1, 3))
        near_m = float(rng.choice([0.0, rng.uniform(0.0, 5.0)]))
        reach_m = near_m + rng.uniform(0.1, 60.0)
        at_m, listener_m, offset_m = places(rng), places(rng), places(rng)
        yaw_deg, level = rng.uniform(-720, 720), rng.uniform(0, 1)
        cases.append([kind, *at_m, near_m, reach_m, *listener_m, yaw_deg, channels, *offset_m, level])
        placement = PlacementInfo(kind=KINDS[kind], at_m=tuple(at_m), near_m=near_m, reach_m=reach_m)
        gains = placed_gains(
            placement,
            Pose(at_m=tuple(listener_m), yaw_deg=yaw_deg),
            channels=channels,
            offset_m=tuple(offset_m),
            level=level,
        )
        expected.append([*gains.ravel(), 0.0, 0.0][:4])
    assert np.array(csharp(build, "placed", cases)) == pytest.approx(np.array(expected), abs=2e-6)


def test_zones_crossfade_as_in_python(build: Build) -> None:
    rng = np.random.default_rng(2)
    cases, expected = [], []
    for _ in range(MANY):
        at_m = places(rng)
        zones = [
            Zone(
                name=str(i), at_m=tuple(places(rng)), radius_m=rng.uniform(0, 20), fade_m=rng.uniform(0.1, 10)
            )
            for i in range(rng.integers(1, 5))
        ]
        cases.append([*at_m, *(n for zone in zones for n in (*zone.at_m, zone.radius_m, zone.fade_m))])
        expected.append(list(zone_gains(zones, tuple(at_m)).values()))
    for found, gains in zip(csharp(build, "zones", cases), expected, strict=True):
        assert found == pytest.approx(gains, abs=1e-9)
        assert sum(gain * gain for gain in found) == pytest.approx(1.0)


def test_distance_fades_as_in_python(build: Build) -> None:
    rng = np.random.default_rng(3)
    cases = [(rng.uniform(0, 50), rng.uniform(0, 5), rng.uniform(5, 50)) for _ in range(MANY)]
    expected = [[distance_gain(d, near_m=near, reach_m=reach)] for d, near, reach in cases]
    assert np.array(csharp(build, "distance", cases)) == pytest.approx(np.array(expected), abs=1e-12)


def test_peaks_are_limited_as_in_python(build: Build) -> None:
    samples = np.linspace(-4.0, 4.0, MANY, dtype=np.float32)[:, None]
    assert np.array(csharp(build, "limit", samples)) == pytest.approx(soft_limit(samples), abs=1e-6)
