"""The laws of docs/clients.md in GDScript are those of the reference client: distance, panning, zones, concealment."""

import json
import math
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from engine import Engine
from places import level_db
from recordings import sharpest_step

from roomtone.audio import Samples
from roomtone.mixing import Zone, distance_gain, pan_gains, zone_gains

pytestmark = pytest.mark.system

DISTANCES: Final = [
    (d, near, reach) for d in (0.0, 0.5, 1.0, 2.0, 9.0, 40.0) for near, reach in ((1, 40), (0, 10), (3, 8))
]
BEARINGS: Final = [(b, f) for b in np.linspace(-math.pi, math.pi, 17).tolist() for f in (0.0, 0.4, 1.0)]
ZONES: Final = [
    {"beyond_m": [-1.0, 4.0], "fade_m": [5.0, 5.0]},
    {"beyond_m": [1.0, 2.0], "fade_m": [5.0, 4.0]},
    {"beyond_m": [0.5, 0.7, 3.0], "fade_m": [2.0, 2.0, 9.0]},
    {"beyond_m": [30.0, 20.0], "fade_m": [5.0, 4.0]},
]
# The shape, a place in its own coordinates, and how far that is beyond the surface: worked out by hand.
SHAPES: Final[list[tuple[str, dict[str, Any], tuple[float, float, float], float]]] = [
    ("SphereShape3D", {"radius": 2.0}, (3.0, 0.0, 4.0), 3.0),
    ("SphereShape3D", {"radius": 2.0}, (0.0, 0.5, 0.0), -1.5),
    ("BoxShape3D", {"size": [2.0, 4.0, 6.0]}, (4.0, 0.0, 7.0), 5.0),
    ("BoxShape3D", {"size": [2.0, 4.0, 6.0]}, (0.5, 0.0, 0.0), -0.5),
    ("CylinderShape3D", {"radius": 1.0, "height": 2.0}, (3.0, 0.0, 4.0), 4.0),
    ("CylinderShape3D", {"radius": 1.0, "height": 2.0}, (0.0, 3.0, 0.0), 2.0),
    ("CylinderShape3D", {"radius": 1.0, "height": 2.0}, (0.8, 0.0, 0.0), -0.2),
    ("CapsuleShape3D", {"radius": 1.0, "height": 4.0}, (3.0, 0.0, 0.0), 2.0),
    ("CapsuleShape3D", {"radius": 1.0, "height": 4.0}, (0.0, 5.0, 0.0), 3.0),
]
ENDPOINTS: Final = {
    "tcp://127.0.0.1:5570": ["127.0.0.1", 5570],
    "tcp://localhost:1": ["localhost", 1],
    "tcp://[::1]:65535": ["::1", 65535],
    "127.0.0.1:5570": [],
    "tcp://host": [],
    "tcp://host:0": [],
    "tcp://host:65536": [],
    "ipc:///tmp/x": [],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("laws")


@pytest.fixture(scope="module")
def known() -> Samples:
    """Two seconds of noise with a colour, stereo."""
    rng = np.random.default_rng(1)
    noise = np.cumsum(rng.standard_normal((96_000, 2)), axis=0)
    return ((noise - np.roll(noise, 40, axis=0)) * 0.01).astype("<f4")[: 200 * 480]


@pytest.fixture(scope="module")
def report(engine: Engine, folder: Path, known: Samples) -> Any:
    asked = {
        "distances": DISTANCES,
        "bearings": BEARINGS,
        "zones": ZONES,
        "shapes": [{"shape": shape, "properties": of, "at": at} for shape, of, at, _ in SHAPES],
        "endpoints": list(ENDPOINTS),
        "said": "\x1b[31mred\r\nINFO all is well, 雨\x9b",
    }
    (folder / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
    known.tofile(folder / "known.f32")
    return engine.check(
        "nodes_check",
        folder / "report.json",
        **{"in": folder / "asked.json", "known": folder / "known.f32", "heard": folder / "heard.f32"},
    )


def test_distance_fades_as_in_python(report: Any) -> None:
    expected = [distance_gain(d, near_m=near, reach_m=reach) for d, near, reach in DISTANCES]
    assert report["distance_gains"] == pytest.approx(expected, abs=1e-6)


def test_panning_through_the_engines_law_is_ours_at_the_sides_and_near_it_between(report: Any) -> None:
    for (bearing, focus), found in zip(BEARINGS, report["pans"], strict=True):
        ours = pan_gains(bearing, focus=focus)
        at_a_side = abs(math.sin(bearing)) in (0.0, 1.0) or focus < 0.5
        assert found == pytest.approx(ours, abs=2e-3 if at_a_side else 0.11)
        assert math.fsum(gain**2 for gain in found) == pytest.approx(2.0, abs=1e-3)


def test_zones_crossfade_as_in_python(report: Any) -> None:
    for asked, found in zip(ZONES, report["zone_gains"], strict=True):
        zones = [
            Zone(name=str(i), at_m=(beyond + 1.0, 0.0, 0.0), radius_m=1.0, fade_m=fade)
            for i, (beyond, fade) in enumerate(zip(asked["beyond_m"], asked["fade_m"], strict=True))
        ]
        expected = list(zone_gains(zones, (0.0, 0.0, 0.0)).values())
        if asked["beyond_m"][0] >= 0.0:
            assert found == pytest.approx(expected, abs=1e-5)
        assert math.fsum(gain**2 for gain in found) == pytest.approx(1.0, abs=1e-6)


def test_a_zone_reaches_as_far_as_its_shape_wherever_it_stands(report: Any) -> None:
    assert report["beyond_m"] == pytest.approx([beyond for *_, beyond in SHAPES], abs=1e-5)


def test_an_endpoint_is_taken_apart_or_refused(report: Any) -> None:
    assert dict(zip(ENDPOINTS, report["endpoints"], strict=True)) == ENDPOINTS


def test_what_comes_from_the_other_side_cannot_write_into_a_log(report: Any) -> None:
    assert report["shown"] == r"a.b: \u001b[31mred\u000d\u000aINFO all is well, 雨\u009b"


def test_nodes_tell_a_level_designer_what_they_lack(report: Any) -> None:
    told = report["warnings_of"]
    assert any("Name the scene" in text for text in told["RoomtoneScene"])
    for name in ("RoomtoneLayer", "RoomtoneLayer3D"):
        assert len(told[name]) == 2
    assert any("CollisionShape3D" in text for text in told["RoomtoneZone3D"])


def test_a_parameter_is_kept_in_the_scene_only_when_it_was_set(report: Any) -> None:
    assert report["properties"] == {
        "at first": 0.5,
        "can revert": True,
        "reverts to": 0.5,
        "kept": False,
        "set": 1.5,
        "kept when set": True,
        "loaded": 1.5,
    }


@pytest.fixture(scope="module")
def heard(report: Any, folder: Path) -> Samples:
    return np.fromfile(folder / "heard.f32", "<f4").reshape(-1, 2)


GAP: Final = 150 * 480
BACK: Final = GAP + 400 * 480


def test_what_arrives_passes_untouched_after_its_fade(heard: Samples, known: Samples) -> None:
    assert np.array_equal(heard[1_440:GAP], known[1_440:GAP])


def test_a_gap_begins_with_the_mirror_image_of_what_was_heard(heard: Samples) -> None:
    mirrored = heard[GAP - 100 : GAP][::-1]
    assert np.corrcoef(heard[GAP : GAP + 100, 0], mirrored[:, 0])[0, 1] > 0.95


def test_a_gap_goes_on_at_its_level_for_a_second_and_is_gone_after_three(heard: Samples) -> None:
    before_db = level_db(heard[GAP - 48_000 : GAP])
    first_second = [level_db(heard[GAP + i * 9_600 : GAP + (i + 1) * 9_600]) for i in range(5)]
    assert first_second == pytest.approx([before_db] * 5, abs=2.0)
    half_way = level_db(heard[GAP + 91_200 : GAP + 100_800])
    assert half_way == pytest.approx(before_db - 6.0, abs=2.5)
    assert not heard[GAP + 144_480 : BACK].any()


def test_nothing_clicks_where_a_gap_begins_ends_or_a_stream_is_over(heard: Samples, known: Samples) -> None:
    assert sharpest_step(heard) < 1.3 * sharpest_step(known)


def test_what_returns_is_exact_again_after_30_ms(heard: Samples, known: Samples) -> None:
    assert np.array_equal(heard[BACK + 1_440 : BACK + 50 * 480], known[GAP + 1_440 : GAP + 50 * 480])


def test_a_stream_that_ends_fades_in_30_ms(heard: Samples) -> None:
    end = BACK + 60 * 480
    assert np.abs(heard[end : end + 200]).max() > 0.0
    assert not heard[end + 1_440 :].any()


def test_concealing_costs_little(report: Any) -> None:
    assert report["concealed_usec_per_block"] < 1_000.0
