"""The demo opens and runs where it stands: the same walk as the one in Python, from the street to the forest."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from engine import ROOT, Engine
from serving import Serving

from roomtone.demo.story import CAPTIONS, PLACES, listener_at, scene_levels
from roomtone.scene.files import load_scene
from roomtone.synths.catalogue import catalogue

pytestmark = pytest.mark.system

WALK_S: Final = 6.0
ORDER: Final = [place.name for place in PLACES]


@pytest.fixture(scope="module")
def walked(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch, Serving(ROOT / "scenes") as daemon:
        patch.setenv("ROOMTONE_ENDPOINT", daemon.endpoint)
        yield engine.check("demo_check", folder / "report.json", walk_s=WALK_S)


def test_the_story_is_the_one_that_python_tells(walked: Any) -> None:
    for told in walked["story"]:
        share = told["share"]
        pose = listener_at(share)
        assert told["at"] == pytest.approx(pose.at_m, abs=1e-3)
        assert told["yaw_deg"] == pytest.approx(pose.yaw_deg, abs=0.05)
        for place in PLACES:
            assert told["values"][place.name] == pytest.approx(place.values(share), abs=1e-6)
        assert told["caption"] == [caption for at, caption in CAPTIONS if at <= share][-1]


def test_scenes_crossfade_where_the_zones_are(walked: Any) -> None:
    for share, levels, _ in walked["steps"][2:]:
        # The zones were heard where the listener was a frame before.
        near = [scene_levels(listener_at(max(0.0, share - back))) for back in (0.0, 0.004, 0.008)]
        for name, level in zip(ORDER, levels, strict=True):
            lows, highs = min(each[name] for each in near), max(each[name] for each in near)
            assert lows - 0.05 <= level <= highs + 0.05, (share, name)


def test_every_scene_was_heard_and_rested_before(walked: Any) -> None:
    first, last = walked["steps"][0][2], walked["steps"][-1][2]
    assert all(position > 0 for position in last)
    assert first[1:] == [0, 0]
    files = (ROOT / "scenes" / f"{name}.yaml" for name in ORDER)
    scenes = [load_scene(file, root=file.parent, catalogue=catalogue()) for file in files]
    assert walked["layers"] == [len(scene.layers) for scene in scenes]


def test_nothing_was_warned_of(walked: Any) -> None:
    assert walked["warnings"] == []
