"""A prompt as a scene file: it passes the check, sounds as it was read, and says what was understood."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from any_prompt import any_prompt, any_text
from hypothesis import HealthCheck, given, settings

from roomtone.errors import SceneError, WireError
from roomtone.reading.account import account_of
from roomtone.reading.prompt import read_prompt
from roomtone.reading.reading import layers_of
from roomtone.reading.scene_file import scene_text
from roomtone.scene.files import parse_scene
from roomtone.scene.model import Binding, Constant, Curve, Follow, Scene, SynthSource
from roomtone.synths.catalogue import catalogue

Parse = Callable[[str], Scene]


@pytest.fixture(scope="session")
def parse_prompt(tmp_path_factory: pytest.TempPathFactory) -> Parse:
    """Write a prompt's scene file and read it as `out.yaml` of an empty folder."""
    root = tmp_path_factory.mktemp("scenes")

    def parsed(prompt: str) -> Scene:
        text = scene_text(read_prompt(prompt), name="out", prompt=prompt)
        return parse_scene(text, path=root / "out.yaml", root=root, catalogue=catalogue())

    return parsed


per_prompt = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@per_prompt
@given(any_prompt | any_text)
def test_every_prompt_makes_a_scene_file_that_passes_the_check(parse_prompt: Parse, prompt: str):
    scene = parse_prompt(prompt)
    assert scene.name == "out"
    assert list(scene.layers) == [part.name for part in read_prompt(prompt).parts]


@per_prompt
@given(any_prompt)
def test_the_scene_file_sounds_as_the_prompt_was_read(parse_prompt: Parse, prompt: str):
    scene = parse_prompt(prompt)
    for layer in layers_of(read_prompt(prompt)):
        written = scene.layers[layer.name]
        assert written.placement == layer.placement
        assert _value(written.gain_db, scene) == pytest.approx(_value(layer.gain_db, scene), abs=0.05)
        assert isinstance(written.source, SynthSource)
        assert isinstance(layer.source, SynthSource)
        assert written.source.synth == layer.source.synth
        assert list(written.source.controls) == list(layer.source.controls)
        for name, binding in layer.source.controls.items():
            assert _value(written.source.controls[name], scene) == pytest.approx(_value(binding, scene))


def _value(binding: Binding, scene: Scene, **values: float) -> float:
    """Read a binding where its parameter stands, or at another value."""
    if isinstance(binding, Constant):
        return binding.value
    assert isinstance(binding, Follow)
    at = values.get(binding.parameter, scene.parameters[binding.parameter].default)
    return (binding.curve or Curve(((0.0, 0.0), (1.0, 1.0)))).at(at)


@pytest.mark.parametrize(
    "prompt",
    ["rain", "a single bird", "torrential rain", "embers", "thunder", "a gale in the pines", "crowd"],
)
def test_a_parameter_takes_its_sound_from_silence_to_full(parse_prompt: Parse, prompt: str):
    scene = parse_prompt(prompt)
    for layer in scene.layers.values():
        (parameter,) = _followed(layer.gain_db)
        gains = [_value(layer.gain_db, scene, **{parameter: x}) for x in (0.0, 0.5, 1.0)]
        assert gains[0] <= -60.0 < min(gains[1:])
        assert isinstance(layer.source, SynthSource)
        following = [binding for binding in layer.source.controls.values() if isinstance(binding, Follow)]
        for binding in following:
            assert _value(binding, scene, **{parameter: 0.0}) == 0.0
            assert _value(binding, scene, **{parameter: 1.0}) == 1.0


def _followed(binding: Binding) -> tuple[str, ...]:
    return (binding.parameter,) if isinstance(binding, Follow) else ()


def test_the_clock_sends_birds_to_sleep_and_wakes_crickets(parse_prompt: Parse):
    birds = parse_prompt("a forest at dawn").layers["birds"].gain_db
    crickets = parse_prompt("a forest at night").layers["crickets"].gain_db
    for binding, awake, asleep in ((birds, 8.0, 0.0), (crickets, 0.0, 12.0)):
        assert isinstance(binding, Follow)
        assert binding.parameter == "time_of_day"
        assert binding.curve is not None
        assert binding.curve.at(awake) > -40.0
        assert binding.curve.at(asleep) <= -60.0
        assert binding.curve.at(0.0) == binding.curve.at(24.0)


def test_who_is_awake_against_the_clock_stays_awake(parse_prompt: Parse):
    scene = parse_prompt("crickets at noon")
    assert "time_of_day" not in scene.parameters
    assert _value(scene.layers["crickets"].gain_db, scene) > -40.0


def test_leaves_and_wind_are_turned_by_one_parameter(parse_prompt: Parse):
    scene = parse_prompt("strong wind and soft leaves")
    assert list(scene.parameters) == ["wind"]
    assert {name for layer in scene.layers.values() for name in _followed(layer.gain_db)} == {"wind"}


def test_moods_move_what_is_there(parse_prompt: Parse):
    scene = parse_prompt("rain, birds and a crowd at dusk")
    assert {"calm", "lively", "storm"} <= set(scene.moods)
    for values in scene.moods.values():
        assert set(values) <= set(scene.parameters)
    assert all(value < scene.parameters[name].default for name, value in scene.moods["calm"].items())


def test_the_file_says_what_was_understood():
    prompt = 'rain on a "tin" roof in a forest at 10:30 pm, no birds, dragons and a parrot'
    text = scene_text(read_prompt(prompt), name="out", prompt=prompt)
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert (
        comments[1]
        == '# Read from: "rain on a \\"tin\\" roof in a forest at 10:30 pm, no birds, dragons and a parrot"'
    )
    for line in (
        "#   rain: 'rain tin', falls on tin; leads",
        "#   leaves: belongs to 'forest'; beside it",
        "#   time of day: 22:30",
        "#   left out: 'no birds'",
        "#   not understood: 'dragons'",
        "#   not understood: 'parrot'; the nearest is birds",
    ):
        assert line in comments


def test_a_prompt_without_a_sound_says_so():
    assert account_of(read_prompt("dragons"))[0] == "no word of it names a sound"


@pytest.mark.parametrize(
    "prompt", ['"', "'", "# rain: [}", "rain\\n- x: !!y &z", "%{rain|wind}", "- rain", "🐉 雨 rain é"]
)
def test_no_prompt_breaks_out_of_its_quotes(parse_prompt: Parse, prompt: str):
    parse_prompt(prompt)
    text = scene_text(read_prompt(prompt), name="out", prompt=prompt, model="some_model")
    assert set(yaml.safe_load(text)) <= {"scene", "summary", "seed", "parameters", "moods", "layers"}


def test_with_a_model_every_layer_is_a_prompt_with_a_stand_in():
    prompt = "heavy rain on a tin roof and {people} talking, with wind in a forest"
    reading = read_prompt(prompt)
    plain = yaml.safe_load(scene_text(reading, name="out", prompt=prompt))["layers"]
    layers = yaml.safe_load(scene_text(reading, name="out", prompt=prompt, model="some_model"))["layers"]
    assert list(layers) == list(plain)
    for name, layer in layers.items():
        assert layer["model"] == "some_model"
        assert layer["stand_in"] == {key: plain[name][key] for key in ("synth", "controls")}
        assert not {"synth", "controls"} & set(layer)
        assert layer["gain_db"] == plain[name]["gain_db"]
        assert layer["placement"] == plain[name]["placement"]
    assert layers["rain"]["prompt"] == "heavy rain on a tin roof"
    assert layers["crowd"]["prompt"] == "people talking"
    assert layers["birds"]["prompt"] == "birds singing"


def test_what_is_struck_stays_a_synth_with_a_model():
    text = scene_text(
        read_prompt("distant thunder"), name="out", prompt="distant thunder", model="some_model"
    )
    assert yaml.safe_load(text)["layers"]["thunder"]["synth"] == "thunder"


@pytest.mark.parametrize("name", ["", "Rain", "my scene", "1st", "x" * 65, "a\n", "../x"])
def test_a_name_that_no_scene_can_have_is_refused(name: str):
    for names in ({"name": name}, {"name": "out", "model": name}):
        with pytest.raises(SceneError) as refused:
            scene_text(read_prompt("rain"), prompt="rain", **names)
        assert refused.value.code == "scene.name"


def test_a_prompt_with_a_line_break_is_refused():
    with pytest.raises(WireError) as refused:
        scene_text(read_prompt("rain"), name="out", prompt="rain\nlayers: {}")
    assert refused.value.code == "prompt.character"


def test_a_scene_file_can_be_written_and_loaded(tmp_path: Path):
    path = tmp_path / "yard.yaml"
    prompt = "rain on a tin roof with distant thunder and crickets at night"
    path.write_text(scene_text(read_prompt(prompt), name="yard", prompt=prompt), encoding="utf-8")
    scene = parse_scene(path.read_text(encoding="utf-8"), path=path, root=tmp_path, catalogue=catalogue())
    assert list(scene.layers) == ["rain", "thunder", "crickets"]
