import json
from pathlib import Path
from typing import Any

import pytest

from roomtone.errors import SceneErrors
from roomtone.scene.files import find_scenes, load_scene
from roomtone.scene.model import Follow, Layer, Scatter, Scene, SynthSource
from roomtone.scene_schema import schema_text
from roomtone.synths import SYNTHS
from roomtone.synths.catalogue import catalogue

PROJECT = Path(__file__).parents[2]
SCENES = PROJECT / "scenes"
SCHEMA = PROJECT / "protocol" / "scene.schema.json"


def test_the_schema_in_the_protocol_folder_is_up_to_date() -> None:
    written = SCHEMA.read_text(encoding="utf-8")
    assert written == schema_text(), "run `python -m roomtone.scene_schema protocol/scene.schema.json`"


def _properties(schema: Any, path: str = "") -> dict[str, Any]:
    """Collect every property of a schema, however deep, by its path."""
    found = {}
    for key, value in schema.items() if isinstance(schema, dict) else enumerate(schema):
        if key == "properties" and "if" not in path.split("/"):
            found.update({f"{path}/{name}": prop for name, prop in value.items()})
        if isinstance(value, dict | list):
            found.update(_properties(value, f"{path}/{key}"))
    return found


def test_editors_can_say_something_about_every_key() -> None:
    shapes = _properties(json.loads(schema_text())["$defs"])
    own = {path: prop for path, prop in shapes.items() if "allOf" not in path}
    assert len(own) > 30
    assert [path for path, prop in own.items() if not prop.get("description")] == []


def test_editors_offer_the_synths_and_the_controls_of_each() -> None:
    layer = json.loads(schema_text())["$defs"]["LayerShape"]
    assert [choice["const"] for choice in layer["properties"]["synth"]["oneOf"]] == list(SYNTHS)
    for rule in layer["allOf"]:
        synth = SYNTHS[rule["if"]["properties"]["synth"]["const"]]
        names = rule["then"]["properties"]["controls"]["propertyNames"]["enum"]
        assert names == [control.name for control in synth.controls]


# The example scenes ------------------------------------------------------------------------------


def examples() -> list[Path]:
    return list(find_scenes(SCENES).values())


@pytest.fixture(params=examples(), ids=lambda path: path.stem)
def example(request: pytest.FixtureRequest) -> Scene:
    try:
        return load_scene(request.param, root=SCENES, catalogue=catalogue())
    except SceneErrors as errors:
        pytest.fail(str(errors))


def test_there_is_a_scene_for_every_stop_of_the_walk() -> None:
    assert {"rainy_street", "cafe", "night_forest"} <= set(find_scenes(SCENES))


def test_an_example_says_what_to_try_and_has_something_to_steer(example: Scene) -> None:
    assert "Try" in example.summary
    assert example.moods
    assert 3 <= len(example.layers) <= 6
    followed = {binding.parameter for layer in example.layers.values() for binding in _follows(layer)}
    assert followed == set(example.parameters), "every parameter is heard"


def _follows(layer: Layer) -> list[Follow]:
    controls = list(layer.source.controls.values()) if isinstance(layer.source, SynthSource) else []
    return [binding for binding in (*controls, layer.gain_db) if isinstance(binding, Follow)]


def test_an_example_names_its_schema_for_editors(example: Scene) -> None:
    first_line = (SCENES / f"{example.name}.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first_line == "# yaml-language-server: $schema=../protocol/scene.schema.json"


def test_the_examples_use_every_synth_and_every_placement() -> None:
    scenes = [load_scene(path, root=SCENES, catalogue=catalogue()) for path in examples()]
    layers = [layer for scene in scenes for layer in scene.layers.values()]
    assert {layer.source.synth for layer in layers if isinstance(layer.source, SynthSource)} == set(SYNTHS)
    assert {type(layer.placement).__name__ for layer in layers} == {"Bed", "Point", "Area", "Scatter"}
    assert all(isinstance(layer.placement, Scatter) for layer in layers if layer.name == "thunder")
