"""A game in Godot asks for sounds in words while it runs: they sound at once, and say when they are the model's."""

from collections.abc import Iterator
from typing import Any

import pytest
from engine import Engine
from places import level_db, write_places
from recordings import Played, Stage, longest_silence_frames
from serving import Serving
from toy_models import install_noise

pytestmark = pytest.mark.system

PROMPT = "light rain on a tin roof"


@pytest.fixture(scope="module")
def played(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("requests")
    install_noise(folder / "models")
    options = {"layer": "roof", "variations": 1, "seconds": 2.0, "model": "noise"}
    steps: list[list[Any]] = [
        ["keep_ahead", 300], ["open", "meadow"], ["govern", 1.0],
        ["request", "meadow", "", {"layer": "nothing"}], ["await_event", "scene_failed"],
        ["set_property", "meadow", "level", 0.0], ["wait", 0.1], ["set_property", "meadow", "level", 1.0],
        ["request", "meadow", PROMPT, options], ["await_event", "request_opened"], ["mark", "opened"],
        ["await_event", "generated"], ["wait", 0.8], ["mark", "generated"], ["look", "meadow", "meadow"],
    ]  # fmt: skip
    flags = ["--models-dir", str(folder / "models"), "--cache-dir", str(folder / "cache")]
    scenes = folder / "scenes"
    scenes.mkdir()
    with pytest.MonkeyPatch.context() as patch, Serving(write_places(scenes), *flags) as daemon:
        patch.setenv("ROOMTONE_ENDPOINT", daemon.endpoint)
        yield Stage(engine, folder, steps).finished()


def test_a_request_sounds_at_once(played: Played) -> None:
    heard = played.between("opened", "generated")
    assert longest_silence_frames(heard) < 480
    assert "roof" in played.report["meadow"]["layers"]


def test_a_request_tells_every_step_until_it_is_the_models(played: Played) -> None:
    steps = [event["details"] for event in played.events("source_changed")]
    assert [step[0] for step in steps] == [PROMPT] * len(steps)
    assert steps[0][1] == "stand_in"
    assert steps[-1][1] == "exact"
    assert steps[-1][2] == PROMPT
    (generated,) = played.events("generated")
    assert generated["details"] == [PROMPT]
    assert played.report["meadow"]["layers"]["roof"]["source"] == "exact"


def test_a_refused_request_is_told_and_leaves_nothing_behind(played: Played) -> None:
    (refused,) = played.events("scene_failed")
    assert refused["details"][0] == "wire.out-of-range"
    assert "nothing" not in played.report["meadow"]["layers"]
    assert level_db(played.between("opened", "generated")) > -60.0
