from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from roomtone.audio import SAMPLE_RATE_HZ
from roomtone.audio_files import read_clip
from roomtone.demo import describe, record_walk, run_demo
from roomtone.demo.picture import draw_walk, spectrum_db
from roomtone.demo.story import CAPTIONS, PLACES, listener_at, scene_levels
from roomtone.demo.walk import Recording
from roomtone.errors import OutputError
from roomtone.scene.files import load_scene
from roomtone.synths.catalogue import catalogue
from roomtone.wire.messages import PlacementInfo

SHARES = np.linspace(0.0, 1.0, 601)
SCENES_DIR = Path(__file__).parents[2] / "scenes"


def recording(blocks: int = 500) -> Recording:
    """A walk without sound: what the picture needs and no more."""
    shares = np.linspace(0.0, 1.0, blocks)
    poses = [listener_at(share) for share in shares]
    levels = [scene_levels(pose) for pose in poses]
    layers = {place.name: {"one": PlacementInfo(kind="point", near_m=2.0, reach_m=9.0)} for place in PLACES}
    return Recording(
        sound=np.zeros((480 * blocks, 2), np.float32),
        at_m=np.array([(pose.at_m[0], pose.at_m[2]) for pose in poses]),
        yaw_deg=np.array([pose.yaw_deg for pose in poses]),
        levels={place.name: np.array([level[place.name] for level in levels]) for place in PLACES},
        heard={(place.name, "one"): np.full(blocks, 0.01) for place in PLACES},
        asked={
            (place.name, name): np.array([place.values(share)[name] for share in shares])
            for place in PLACES
            for name in place.course
        },
        placements=layers,
    )


def test_the_walk_goes_steadily_and_never_jumps():
    places = np.array([listener_at(share).at_m for share in SHARES])
    steps_m = np.linalg.norm(np.diff(places, axis=0), axis=1)
    # Thirty seconds: 0.05 s between two shares, so 0.25 m is a run.
    assert steps_m.max() < 0.25
    turns_deg = np.diff([listener_at(share).yaw_deg for share in SHARES])
    assert np.abs((turns_deg + 180.0) % 360.0 - 180.0).max() < 5.0


def test_every_scene_is_heard_alone_once_and_in_the_storys_order():
    alone = [
        name for share in SHARES for name, level in scene_levels(listener_at(share)).items() if level == 1.0
    ]
    order = [name for name, after in pairwise([*alone, ""]) if name != after]
    assert order == ["rainy_street", "cafe", "night_forest"]


def test_the_zones_keep_the_power_all_the_way():
    for share in SHARES:
        assert sum(level**2 for level in scene_levels(listener_at(share)).values()) == pytest.approx(1.0)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_the_story_asks_for_what_its_scenes_have_and_within_range(place):
    scene = load_scene(SCENES_DIR / f"{place.name}.yaml", root=SCENES_DIR, catalogue=catalogue())
    for share in SHARES:
        for name, value in place.values(share).items():
            assert scene.parameters[name].low <= value <= scene.parameters[name].high


def test_captions_are_in_order_and_begin_with_the_walk():
    shares = [share for share, _ in CAPTIONS]
    assert shares == sorted(shares)
    assert shares[0] == 0.0


def test_the_picture_is_drawn(tmp_path: Path):
    sound = (0.1 * np.random.default_rng(1).standard_normal((480 * 500, 2))).astype(np.float32)
    draw_walk(recording(), sound, tmp_path / "walk.png")
    assert (tmp_path / "walk.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "walk.png").stat().st_size > 50_000


def test_the_spectrum_shows_a_tone_where_it_is():
    t = np.arange(SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    tone = np.repeat(np.sin(2.0 * np.pi * 1000.0 * t)[:, None], 2, axis=1).astype(np.float32)
    levels_db = spectrum_db(tone)
    band = int(levels_db[50].argmax())
    assert levels_db.shape[0] == 100
    assert 40.0 * (18_000.0 / 40.0) ** ((band + 0.5) / levels_db.shape[1]) == pytest.approx(1000.0, rel=0.03)


@pytest.mark.system
def test_the_demo_leaves_a_sound_and_a_picture_and_says_what_happened(tmp_path: Path):
    report = record_walk(tmp_path, seconds=3.0)
    sound = read_clip(report.wav)
    assert sound.shape == (3 * SAMPLE_RATE_HZ, 2)
    assert np.abs(sound).max() <= 1.0
    assert -30.0 < report.rms_db < -15.0
    assert report.layers == 17
    assert report.updates > 50
    assert report.picture is not None
    assert report.picture.is_file()
    assert "17 in 3 scenes" in describe(report)


def test_a_folder_that_cannot_be_made_is_refused_before_the_walk(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="--out"):
        run_demo(tmp_path / "file" / "demo")
