import re
import string
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import roomtone.scene as scene_package
from roomtone.errors import SceneErrors
from roomtone.scene.files import MAX_FILE_BYTES, find_scenes, load_scene, parse_scene
from roomtone.scene.model import (
    Area,
    Bed,
    Catalogue,
    ClipsSource,
    Constant,
    Curve,
    Follow,
    Point,
    Scatter,
    Scene,
    SynthEntry,
    SynthSource,
    Wander,
)

Parse = Callable[[str], Scene]
Mistakes = Callable[[str], list[tuple[str, int, int]]]

CAFE = """\
# a comment
scene: cafe
summary: A café in the rain.
seed: 7
parameters:
  rain:        {default: 0.4, range: [0, 1], rise_s: 8, fall_s: 15}
  crowd:       {default: 0.3, wander: {depth: 0.05, period_s: 40}}
  warmth:      {default: 20, range: [10, 30], unit: °C}
  time_of_day: {default: 24, range: [0, 24], unit: h, wraps: true}
  trim:        {default: -6, range: [-40, 0], unit: dB}
moods:
  calm:  {rain: 0.15, crowd: 0.2}
  storm: {rain: 1.0}
layers:
  street:
    synth: rain
    controls:
      intensity: rain
      surface: {from: time_of_day, curve: [[0, 0.2], [12, 0.8], [24, 0.2]]}
    gain_db: {from: rain, curve: [[0, -60], [1, -6]]}
  window:
    synth: rain
    controls: {intensity: warmth, surface: 0.9}
    gain_db: trim
    placement: {kind: area, at_m: [4, 1.5, 0], radius_m: 3}
  bell:
    clips: [clips/bell.wav, clips/brook.flac]
    crossfade_s: 0.5
    gain_db: -3
    placement: {kind: point, at_m: [0, 0, -5], near_m: 2, reach_m: 20}
  thunder:
    synth: thunder
    placement: {kind: scatter, every_s: [20, 60], distance_m: [50, 400]}
neighbours: [street]
"""


def test_a_whole_scene_is_read_as_it_is_written(parse: Parse, root: Path) -> None:
    scene = parse(CAFE)
    assert (scene.name, scene.seed, scene.summary) == ("cafe", 7, "A café in the rain.")
    assert list(scene.parameters) == ["rain", "crowd", "warmth", "time_of_day", "trim"]
    assert (scene.parameters["rain"].rise_s, scene.parameters["rain"].fall_s) == (8.0, 15.0)
    assert scene.parameters["crowd"].wander == Wander(depth=0.05, period_s=40.0)
    assert scene.parameters["warmth"].unit == "°C"
    assert scene.moods == {"calm": {"rain": 0.15, "crowd": 0.2}, "storm": {"rain": 1.0}}
    assert scene.neighbours == ("street",)
    bell = scene.layers["bell"].source
    clips = ((root / "clips" / "bell.wav").resolve(), (root / "clips" / "brook.flac").resolve())
    assert bell == ClipsSource(files=clips, crossfade_s=0.5)


def test_every_placement_is_read(parse: Parse) -> None:
    layers = parse(CAFE).layers
    assert layers["street"].placement == Bed()
    assert layers["window"].placement == Area(at_m=(4.0, 1.5, 0.0), radius_m=3.0, reach_m=60.0)
    assert layers["bell"].placement == Point(at_m=(0.0, 0.0, -5.0), near_m=2.0, reach_m=20.0)
    assert layers["thunder"].placement == Scatter(every_s=(20.0, 60.0), distance_m=(50.0, 400.0))


def test_a_control_runs_from_0_to_1_over_the_range_of_the_parameter_it_follows(parse: Parse) -> None:
    layers = parse(CAFE).layers
    street, window = layers["street"].source, layers["window"].source
    assert isinstance(street, SynthSource)
    assert isinstance(window, SynthSource)
    assert street.controls["intensity"] == Follow("rain")
    assert window.controls["intensity"] == Follow("warmth", Curve(((10.0, 0.0), (30.0, 1.0))))
    assert window.controls["surface"] == Constant(0.9)


def test_a_setting_may_be_written_by_its_name(parse: Parse) -> None:
    window = parse(CAFE.replace("surface: 0.9", "surface: tin")).layers["window"].source
    assert isinstance(window, SynthSource)
    assert window.controls["surface"] == Constant(0.8)


def test_a_control_with_names_still_follows_a_parameter(parse: Parse) -> None:
    window = parse(CAFE.replace("surface: 0.9", "surface: rain")).layers["window"].source
    assert isinstance(window, SynthSource)
    assert window.controls["surface"] == Follow("rain")


def test_a_control_that_comes_round_follows_a_parameter_that_does(parse: Parse) -> None:
    text = CAFE.replace("surface: 0.9", "surface: 0.9, brightness: time_of_day")
    window = parse(text).layers["window"].source
    assert isinstance(window, SynthSource)
    assert window.controls["brightness"] == Follow("time_of_day", Curve(((0.0, 0.0), (24.0, 1.0))))


def test_a_gain_in_db_never_leaves_the_range_of_the_parameter_it_follows(parse: Parse) -> None:
    gain_db = parse(CAFE).layers["window"].gain_db
    assert isinstance(gain_db, Follow)
    assert gain_db.curve is not None
    assert [gain_db.curve.at(x) for x in (-90.0, -40.0, -7.0, 18.0)] == [-40.0, -40.0, -7.0, 0.0]


def test_the_end_of_a_circle_is_its_beginning(parse: Parse) -> None:
    assert parse(CAFE).parameters["time_of_day"].default == 0.0


# Each text has a § where the mistake is to be reported.
ONE_MISTAKE = {
    "scene.unknown-key": [
        CAFE.replace("seed: 7", "§sed: 7"),
        CAFE.replace("rise_s: 8", "§rise: 8"),
        CAFE.replace("kind: area,", "kind: area, §colour: red,"),
        CAFE.replace("synth: thunder", "synth: thunder\n    §reverb: 0.5"),
    ],
    "scene.missing-key": [
        CAFE.replace("scene: cafe\n", "§"),
        CAFE.replace("  crowd:       {default: 0.3, ", "  §crowd:       {"),
        CAFE.replace("placement: {kind: area, at_m: [4, 1.5, 0],", "§placement: {kind: area,"),
        CAFE.replace("placement: {kind: area, ", "§placement: {"),
    ],
    "scene.type": [
        CAFE.replace("rise_s: 8", 'rise_s: §"8"'),
        CAFE.replace("wraps: true", "wraps: §yes"),
        CAFE.replace("seed: 7", "seed: §7.5"),
        CAFE.replace("seed: 7", "seed:§"),
        CAFE.replace("surface: 0.9", "surface: §[0.9]"),
        CAFE.replace("surface: 0.9", "surface: §true"),
        CAFE.replace("gain_db: -3", "gain_db: §.nan"),
        CAFE.replace("{kind: area, at_m: [4, 1.5, 0], radius_m: 3}", "§bed"),
        "§- scene",
        "§scene",
        "§",
    ],
    "scene.range": [
        CAFE.replace("surface: 0.9", "surface: §1.9"),
        CAFE.replace("[12, 0.8]", "[12, §-0.8]"),
        CAFE.replace("rise_s: 8", "rise_s: §-8"),
        CAFE.replace("seed: 7", "seed: §-7"),
        CAFE.replace("seed: 7", "seed: §" + "9" * 30),
    ],
    "scene.gain-range": [
        CAFE.replace("gain_db: -3", "gain_db: §14"),
        CAFE.replace("[1, -6]]", "[1, §6.5]]"),
        CAFE.replace("gain_db: trim", "gain_db: §trim").replace("[-40, 0]", "[-40, 12]"),
    ],
    "scene.length": [
        CAFE.replace("[4, 1.5, 0]", "§[4, 1.5]"),
        CAFE.replace("[[0, -60], [1, -6]]", "[[0, -60], §[1, -6, 3]]"),
        CAFE.replace("[[0, -60], [1, -6]]", "§[[0, -60]]"),
        CAFE.replace("[clips/bell.wav, clips/brook.flac]", "§[]"),
    ],
    "scene.name": [
        CAFE.replace("  bell:", "  §Bell:"),
        CAFE.replace("  bell:", "  §bell-tower:"),
        CAFE.replace("  bell:", f"  §{'b' * 65}:"),
        CAFE.replace("intensity: rain", "intensity: §Rain"),
    ],
    "scene.name-differs": [CAFE.replace("scene: cafe", "scene: §café_noir".replace("é", "e"))],
    "scene.unknown-kind": [CAFE.replace("kind: area", "kind: §aera")],
    "scene.unknown-synth": [CAFE.replace("synth: thunder", "synth: §thundr")],
    "scene.unknown-setting": [CAFE.replace("surface: 0.9", "surface: §tinn")],
    "scene.ambiguous-setting": [
        CAFE.replace("surface: 0.9", "surface: §tin").replace("moods:", "  tin: {default: 0}\nmoods:")
    ],
    "scene.unknown-control": [CAFE.replace("intensity: warmth", "§intensty: warmth")],
    "scene.unknown-parameter": [
        CAFE.replace("intensity: rain", "intensity: §rian"),
        CAFE.replace("gain_db: {from: rain", "gain_db: {from: §rian"),
        CAFE.replace("storm: {rain: 1.0}", "storm: {§rian: 1.0}"),
        CAFE.replace("gain_db: -3", "gain_db: §quiet"),
    ],
    "scene.unknown-neighbour": [CAFE.replace("[street]", "[§stret]")],
    "scene.default-range": [CAFE.replace("default: 0.4", "default: §1.4")],
    "scene.mood-range": [CAFE.replace("storm: {rain: 1.0}", "storm: {rain: §1.5}")],
    "scene.range-order": [
        CAFE.replace("range: [0, 1]", "range: §[1, 1]"),
        CAFE.replace("every_s: [20, 60]", "every_s: §[60, 20]"),
    ],
    "scene.curve-order": [CAFE.replace("[12, 0.8], [24, 0.2]", "[24, 0.8], §[24, 0.2]")],
    "scene.curve-wrap": [CAFE.replace("curve: [[0, 0.2], [12", "curve: §[[0, 0.3], [12")],
    "scene.needs-curve": [
        CAFE.replace("intensity: rain", "intensity: §time_of_day"),
        CAFE.replace("gain_db: -3", "gain_db: §rain"),
        CAFE.replace("gain_db: -3", "gain_db: {from: §rain}"),
    ],
    "scene.reach": [
        CAFE.replace("radius_m: 3}", "radius_m: §60}"),
        CAFE.replace("near_m: 2, reach_m: 20", "near_m: 2, reach_m: §2"),
    ],
    "scene.no-source": [CAFE.replace("  thunder:\n    synth: thunder", "  §thunder:")],
    "scene.two-sources": [
        CAFE.replace("    crossfade_s: 0.5", "    synth: rain").replace("clips: [", "§clips: [")
    ],
    "scene.misplaced-key": [
        CAFE.replace("    crossfade_s: 0.5", "    §controls: {}"),
        CAFE.replace("synth: thunder", "synth: thunder\n    §crossfade_s: 1"),
    ],
    "scene.clip-missing": [
        CAFE.replace("clips/brook.flac", "§clips/brok.flac"),
        CAFE.replace("clips/brook.flac", "§clips"),
        CAFE.replace("clips/brook.flac", "§" + "x" * 400),
    ],
    "scene.clip-outside": [
        CAFE.replace("clips/brook.flac", "§../secret.wav"),
        CAFE.replace("clips/brook.flac", "§/etc/passwd"),
        CAFE.replace("clips/brook.flac", "§clips/../../secret.wav"),
    ],
    "scene.clip-format": [CAFE.replace("clips/brook.flac", "§clips/song.mp3")],
    "scene.clip-path": [
        CAFE.replace("clips/brook.flac", r"§clips\brook.flac"),
        CAFE.replace("clips/brook.flac", r'§"clips/\0.flac"'),
        CAFE.replace("clips/brook.flac", "§C:/brook.flac"),
    ],
    "scene.duplicate-key": [
        CAFE.replace("seed: 7", "seed: 7\n§seed: 8"),
        CAFE.replace("storm: {rain: 1.0}", "storm: {rain: 1.0, §rain: {0: [1]}}"),
        CAFE.replace("  thunder:\n", "  §window:\n"),
    ],
    "scene.alias": [
        CAFE.replace("rain:        {default", "rain:        §&r {default"),
        CAFE.replace("seed: 7", "seed: §*r"),
    ],
    "scene.tag": [CAFE.replace("seed: 7", "seed: §!!python/object/apply:os.system [ls]")],
    "scene.key": [CAFE.replace("seed: 7", "§[1, 2]: 7")],
    "scene.documents": [CAFE + "§---\nscene: two\n"],
    "scene.depth": ["a: " + "[" * 31 + "§[1"],
    "scene.yaml": [CAFE.replace("seed: 7", "seed: 7§: 8"), CAFE.replace("  calm:", "§\tcalm:")],
    "scene.character": [CAFE.replace("seed: 7", "seed: §\x07")],
}


def _marked(text: str) -> tuple[str, int, int]:
    """Take the § out of a text and return where it stood, counted from 1."""
    before, _, after = text.partition("§")
    return before + after, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


@pytest.mark.parametrize(
    ("code", "text"), [(code, text) for code, texts in ONE_MISTAKE.items() for text in texts]
)
def test_a_mistake_is_reported_once_and_where_it_stands(code: str, text: str, mistakes: Mistakes) -> None:
    assert "§" in text
    clean, line, column = _marked(text)
    assert mistakes(clean) == [(code, line, column)]


@pytest.mark.parametrize(
    ("clip", "code"), [("way_out", "scene.clip-outside"), ("circle", "scene.clip-missing")]
)
def test_links_that_lead_out_or_nowhere_are_refused(
    clip: str, code: str, mistakes: Mistakes, root: Path
) -> None:
    made = (root / "clips" / f"{clip}.wav").is_symlink()
    text, line, column = _marked(CAFE.replace("clips/brook.flac", f"§clips/{clip}.wav"))
    assert mistakes(text) == [(code if made else "scene.clip-missing", line, column)]


def test_all_mistakes_of_a_file_come_at_once_in_its_order(mistakes: Mistakes) -> None:
    text = (
        CAFE.replace("seed: 7", "sede: 7")
        .replace("rise_s: 8", "rise_s: fast")
        .replace("{rain: 1.0}", "{rian: 1.0, crowd: 3}")
        .replace("intensity: rain", "intensty: 4")
        .replace("gain_db: -3", "gain_db: 7")
        .replace("synth: thunder", "synth: thundr")
        .replace("kind: scatter", "kind: scater")
        .replace("[street]", "[stret, 4]")
    )
    assert [code for code, _, _ in mistakes(text)] == [
        "scene.unknown-key",
        "scene.type",
        "scene.unknown-parameter",
        "scene.mood-range",
        "scene.unknown-control",
        "scene.range",
        "scene.gain-range",
        "scene.unknown-synth",
        "scene.unknown-kind",
        "scene.type",
    ]


def test_a_broken_parameter_is_not_also_called_unknown_where_it_is_followed(mistakes: Mistakes) -> None:
    text, line, column = _marked(CAFE.replace("rain:        {default: 0.4,", "rain:        {default: §x,"))
    assert mistakes(text) == [("scene.type", line, column)]


@pytest.mark.parametrize(
    ("broken", "meant"),
    [
        ("intensity: rian", "rain"),
        ("intensty: rain", "intensity"),
        ("intensity: {form: rain}", "from"),
        ("surface: tinn", "tin"),
    ],
)
def test_the_name_that_was_probably_meant_is_offered(broken: str, meant: str, parse: Parse) -> None:
    with pytest.raises(SceneErrors, match=f"did you mean '{meant}'\\?"):
        parse(CAFE.replace("intensity: rain", broken))


def test_words_that_old_yaml_took_for_booleans_and_times_stay_text(mistakes: Mistakes) -> None:
    text = (
        "scene: cafe\nparameters:\n  on: {default: 0.5}\nmoods:\n  no: {on: 1}\n  y: {on: 1e-1}\nlayers: {}\n"
    )
    assert mistakes(text) == []


def test_a_long_list_of_mistakes_is_cut_and_counted(parse: Parse) -> None:
    text = "scene: cafe\nlayers: {}\n" + "".join(f"key{i}: 1\n" for i in range(300))
    with pytest.raises(SceneErrors) as caught:
        parse(text)
    assert len(caught.value.errors) == 101
    assert caught.value.errors[-1].code == "scene.more"
    assert "200 more" in str(caught.value.errors[-1])


HOSTILE = {
    "aliases nine deep": "a: &a [x]\n"
    + "".join(
        f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "an endless flow list": "a: " + "[" * 200_000,
    "an endless flow mapping": "{a: " * 60_000,
    "an endless block list": "- " * 100_000,
    "questions": "? " * 100_000,
    "many values": "a: [" + "0," * 120_000 + "0]",
    "one long key": "k" * 250_000 + ": 1",
    "one long number": "seed: " + "9" * 250_000,
    "deep indentation": "\n".join(" " * i + "a:" for i in range(700)),
    "many keys": "\n".join(f"k{i}:" for i in range(30_000)),
    "many duplicate keys": "k: 1\n" * 40_000,
    "too large": "#" * (MAX_FILE_BYTES + 1),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_refused_quickly(text: str, parse: Parse) -> None:
    started_s = time.perf_counter()
    with pytest.raises(SceneErrors):
        parse(text)
    assert time.perf_counter() - started_s < 2.0


@pytest.mark.parametrize("bomb", ["aliases nine deep", "an endless flow list", "an endless block list"])
def test_bombs_are_refused_in_milliseconds(bomb: str, parse: Parse) -> None:
    def took_s() -> float:
        started_s = time.perf_counter()
        with pytest.raises(SceneErrors):
            parse(HOSTILE[bomb])
        return time.perf_counter() - started_s

    assert min(took_s() for _ in range(3)) < 0.05


def test_errors_carry_no_control_characters_of_the_file(parse: Parse) -> None:
    with pytest.raises(SceneErrors) as caught:
        parse('scene: cafe\nlayers: {"a\\e[31m\\n": {synth: "\\e]0;x"}}\n')
    assert set(str(caught.value).replace("\n", "")) <= set(string.printable) - set("\t\r\x0b\x0c")


def test_a_file_that_cannot_be_read_says_why(root: Path, catalogue: Catalogue) -> None:
    with pytest.raises(SceneErrors, match=r"cannot be read .*scene\.unreadable"):
        load_scene(root / "nowhere.yaml", root=root, catalogue=catalogue)
    with pytest.raises(SceneErrors, match=r"scene\.unreadable"):
        load_scene(root / "clips", root=root, catalogue=catalogue)


def test_a_file_in_another_encoding_says_where(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "cafe.yaml"
    path.write_bytes("scene: cafe\nsummary: caf\xe9\n".encode("latin-1"))
    with pytest.raises(SceneErrors, match=r"2:13: the file is not UTF-8"):
        load_scene(path, root=tmp_path, catalogue=catalogue)


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "cafe.yaml"
    path.write_bytes(b"\xef\xbb\xbfscene: cafe\r\nseed: 7\r\nlayers: {}\r\n")
    assert load_scene(path, root=tmp_path, catalogue=catalogue).seed == 7


def test_a_scene_takes_its_name_from_its_file_and_editors_leavings_are_none(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "b.yml", ".a.yaml", "a.yaml~", "#a.yaml#", "a.yaml.swp", "notes.txt"):
        (tmp_path / name).write_text("")
    (tmp_path / "folder.yaml").mkdir()
    assert find_scenes(tmp_path) == {"a": tmp_path / "a.yml", "b": tmp_path / "b.yaml"}


def test_a_scenes_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SceneErrors, match="nowhere: the scenes folder cannot be read"):
        find_scenes(tmp_path / "nowhere")


_yaml_like = st.text(alphabet="abkrsy019.-:,[]{}&*!|>'\"#?%@`~ \n\t<é§", max_size=200)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=100), _yaml_like))
def test_no_text_raises_anything_but_scene_errors(text: str, parse: Parse) -> None:
    with pytest.raises(SceneErrors):
        parse(text)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.integers(0, len(CAFE)),
    length=st.integers(0, 12),
    inserted=st.sampled_from(
        [
            "",
            "x",
            "0",
            "-1",
            "1e999",
            "[]",
            "{}",
            "null",
            "rain",
            ": ",
            "\n",
            "  ",
            "[",
            "]",
            "}",
            '"',
            "true",
            "\x00",
        ]
    ),
)
def test_a_valid_file_with_a_slip_is_read_or_refused_with_places(
    start: int, length: int, inserted: str, parse: Parse
) -> None:
    text = CAFE[:start] + inserted + CAFE[start + length :]
    lines = text.count("\n") + 1
    try:
        parse(text)
    except SceneErrors as errors:
        for error in errors.errors:
            _, line, column = error.at.rsplit(":", 2)
            assert 1 <= int(line) <= lines + 1
            assert int(column) >= 1
            assert error.what
            assert error.fix


DOCS = Path(__file__).parents[2] / "docs" / "scenes.md"
SOURCES = Path(scene_package.__file__).parent.glob("*.py")


def test_every_mistake_is_in_the_documentation() -> None:
    raised = {
        code for source in SOURCES for code in re.findall(r'"(scene\.[a-z-]+)"', source.read_text("utf-8"))
    }
    documented = set(re.findall(r"`(scene\.[a-z-]+)`", DOCS.read_text("utf-8")))
    assert raised == documented
    assert set(ONE_MISTAKE) <= documented


def test_the_example_in_the_documentation_is_read(tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    for clip in ("bell_1.flac", "bell_2.flac"):
        (tmp_path / "clips" / clip).write_bytes(b"fLaC")
    (tmp_path / "rainy_street.yaml").write_text("")
    example = DOCS.read_text("utf-8").partition("```yaml\n")[2].partition("```")[0]
    controls = dict.fromkeys(("intensity", "surface", "brightness"), "")
    scene = parse_scene(
        example,
        path=tmp_path / "rainy_cafe.yaml",
        root=tmp_path,
        catalogue={"rain": SynthEntry(summary="", controls=controls)},
    )
    assert list(scene.layers) == ["street", "bell"]


def test_a_file_that_no_scene_can_be_named_after_is_not_listed(tmp_path: Path) -> None:
    for name in ("good.yaml", "Bad Name.yaml", f"{'x' * 65}.yaml", "ä.yaml"):
        (tmp_path / name).write_text("scene: good\n", encoding="utf-8")
    assert list(find_scenes(tmp_path)) == ["good"]


def test_a_misspelt_key_hides_no_other_mistake_beside_it(parse: Parse) -> None:
    with pytest.raises(SceneErrors) as refusal:
        parse(CAFE.replace("default: 0.4, range: [0, 1], rise_s: 8", "default: 2, range: [0, 1], rize_s: 8"))
    codes = [error.code for error in refusal.value.errors]
    assert sorted(codes) == ["scene.default-range", "scene.unknown-key"]
