"""What cannot be made is refused before any work, with all the reasons; what a model cannot make stops nothing else."""

import sys
from pathlib import Path
from typing import Any

import pytest
from baking_yard import Bake, manifest
from toy_models import install_noise

from roomtone.bake.prompt_list import read_prompt_list
from roomtone.errors import (
    EXIT_BAD_DATA,
    EXIT_CANNOT_CREATE,
    EXIT_NO_INPUT,
    EXIT_UNAVAILABLE,
    EXIT_USAGE,
    OrderErrors,
)
from roomtone.models.families import Licence
from roomtone.models.library import read_model, write_manifest

BROKEN_CSV = """\
name,prompt,seconds,variations,model,tags
drip,light rain,,,,
Bad Name,rain,,,,
empty,,5,,,
long,rain,99999,,,
many,rain,5,1.5,,
drip,heavy rain,,,,
who,rain,5,1,no_such_model,
commas,rain, wind, birds,5,1,,
nonsense,xyzzy plugh,5,1,synths,
"""

BROKEN_YAML = """\
prompts:
  - name: drip
    prompt: light rain
  - name: 7
    prompt: wind
  - just words
  - name: odd
    prompt: rain
    second: 5
"""


def codes(said: Any) -> list[tuple[str, str]]:
    return [(each["code"], each["at"].rpartition("/")[2].rpartition("\\")[2]) for each in said["errors"]]


def nothing_was_begun() -> bool:
    return not Path("out/.roomtone").exists() and not Path("out/manifest.json").exists()


# Lists ----------------------------------------------------------------------------------------


def test_every_wrong_row_of_a_list_is_told_at_once_with_its_line(bake: Bake, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(BROKEN_CSV, encoding="utf-8")
    code, said = bake("list.csv")
    assert code == EXIT_BAD_DATA
    assert codes(said) == [
        ("bake.row-name", "list.csv:3"),
        ("bake.row-prompt", "list.csv:4"),
        ("bake.row-seconds", "list.csv:5"),
        ("bake.row-variations", "list.csv:6"),
        ("bake.row-cells", "list.csv:9"),
        ("bake.name-clash", "list.csv:7"),
    ]
    assert all(each["fix"] for each in said["errors"])
    assert nothing_was_begun()


def test_rows_that_nobody_can_make_are_told_at_once_too(bake: Bake, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "name,prompt,model\nwho,rain,no_such_model\ngood,rain,\nnonsense,xyzzy plugh,synths\n",
        encoding="utf-8",
    )
    code, said = bake("list.csv")
    assert code == EXIT_BAD_DATA
    assert codes(said) == [("model.unknown", "list.csv:2"), ("prompt.nothing-known", "list.csv:4")]
    assert nothing_was_begun()


def test_yaml_lists_are_read_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "list.yaml").write_text(BROKEN_YAML, encoding="utf-8")
    with pytest.raises(OrderErrors) as caught:
        read_prompt_list(tmp_path / "list.yaml")
    found = [(each.code, int(each.at.rpartition(":")[2])) for each in caught.value.errors]
    assert ("bake.row-shape", 6) in found
    assert ("bake.column", 9) in found
    assert ("bake.row-name", 4) in found


def test_rows_become_files_with_their_own_length_takes_and_tags(bake: Bake, tmp_path: Path) -> None:
    (tmp_path / "list.yaml").write_text(
        "- {name: drip, prompt: light rain on leaves, seconds: 4, variations: 2, tags: [wet, soft]}\n"
        "- {name: blow, prompt: a strong wind}\n",
        encoding="utf-8",
    )
    code, said = bake("list.yaml", "--seconds", 5, "--no-loop")
    assert code == 0
    assert said["files"] == ["list/blow.wav", "list/drip-2.wav", "list/drip.wav"]
    found = manifest()
    assert found["prompts"][0]["tags"] == ["wet", "soft"]
    assert found["files"]["list/drip.wav"]["seconds"] == 4.0
    assert found["files"]["list/blow.wav"]["seconds"] == 5.0
    # Single drops are all peaks: those decide how loud they may be.
    drip = found["files"]["list/drip.wav"]
    assert drip["loudness_lufs"] < -23.0 or drip["loudness_lufs"] == pytest.approx(-23.0, abs=3.0)
    assert found["files"]["list/blow.wav"]["loudness_lufs"] == pytest.approx(-23.0, abs=3.0)


# Models ---------------------------------------------------------------------------------------


def test_a_model_that_fails_for_one_row_stops_no_other(bake: Bake, tmp_path: Path) -> None:
    install_noise(tmp_path / "models")
    (tmp_path / "list.csv").write_text(
        "name,prompt,model\ngood,a hiss,noise\nbad,a silent hiss,noise\n", encoding="utf-8"
    )
    code, said = bake("list.csv", "--seconds", 5)
    assert code == EXIT_UNAVAILABLE
    assert said["files"] == ["list/good.wav"]
    (failure,) = manifest()["failures"]
    assert failure["about"] == "list/bad"
    assert failure["at"].endswith("list.csv:3")
    origin = manifest()["files"]["list/good.wav"]["provenance"]
    assert origin["made_of"] == "model"
    assert origin["prompts"] == ["a hiss"]
    assert origin["models"][0]["licence"] == "CC0"
    assert b"prompt 'a hiss'" in Path("out/list/good.wav").read_bytes()


def test_a_layer_without_its_model_is_its_stand_in_and_the_manifest_says_so(
    bake: Bake, tmp_path: Path
) -> None:
    (tmp_path / "room.yaml").write_text(
        "scene: room\nlayers:\n  window:\n    prompt: rain on a window\n"
        "    stand_in: {synth: rain}\n    gain_db: -6\n    placement: {kind: bed}\n",
        encoding="utf-8",
    )
    code, _ = bake("room.yaml", "--seconds", 4)
    assert code == 0
    assert manifest()["files"]["room/window.wav"]["provenance"]["made_of"] == "stand_in"
    install_noise(tmp_path / "models")
    code, said = bake("room.yaml", "--seconds", 4)
    assert code == 0
    assert said["made"] == ["room/window.wav"]
    assert manifest()["files"]["room/window.wav"]["provenance"]["made_of"] == "model"


def test_weights_that_forbid_commerce_are_refused_before_any_work(bake: Bake, tmp_path: Path) -> None:
    install_noise(tmp_path / "models", "hobby")
    home = tmp_path / "models" / "hobby"
    model = read_model(home)
    import dataclasses  # noqa: PLC0415

    forbidden = dataclasses.replace(model, licence=Licence(name="CC-BY-NC 4.0", commercial="no"))
    write_manifest(forbidden, home, adapter="adapter.py:Noise")
    (tmp_path / "list.csv").write_text("name,prompt,model\nhiss,a hiss,hobby\n", encoding="utf-8")
    code, said = bake("list.csv", "--seconds", 5, "--licence-policy", "commercial")
    assert code == EXIT_BAD_DATA
    assert said["errors"][0]["code"] == "bake.licence"
    assert nothing_was_begun()
    assert not (tmp_path / "cache").exists() or not list((tmp_path / "cache").rglob("*.flac"))
    code, _ = bake("list.csv", "--seconds", 5, "--licence-policy", "commercial", "--synths")
    assert code in {0, EXIT_BAD_DATA}


# Orders ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "refusal", "exit_code"),
    [
        (["--format", "ogg", "--rate", "96000"], "bake.rate", EXIT_USAGE),
        (["--rate", "47999"], "bake.rate", EXIT_USAGE),
        (["--lufs", "10"], "bake.loudness", EXIT_USAGE),
        (["--true-peak", "3"], "bake.loudness", EXIT_USAGE),
        (["--states", "sunny"], "bake.unknown-state", EXIT_USAGE),
        (["--states", "rain=7"], "bake.state-range", EXIT_USAGE),
        (["--states", "rain=a"], "bake.states", EXIT_USAGE),
        (["--states", "rain=" + ",".join(["0"] * 300)], "bake.too-many-states", EXIT_USAGE),
    ],
)
def test_orders_that_cannot_be_made_are_refused(
    bake: Bake, yard: Path, words: list[str], refusal: str, exit_code: int
) -> None:
    code, said = bake(yard, *words)
    assert (code, said["errors"][0]["code"]) == (exit_code, refusal)
    assert said["errors"][0]["fix"]
    assert nothing_was_begun()


def test_two_of_one_name_are_refused(bake: Bake, yard: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "yard.yaml").write_text(yard.read_text(encoding="utf-8"), encoding="utf-8")
    code, said = bake(yard, other)
    assert code == EXIT_BAD_DATA
    assert said["errors"][0]["code"] == "bake.name-clash"


def test_broken_scenes_and_lists_are_all_told_together(bake: Bake, tmp_path: Path) -> None:
    scenes = tmp_path / "several"
    scenes.mkdir()
    (scenes / "bad.yaml").write_text("scene: bad\nlayers: {a: {synth: nosuch}}\n", encoding="utf-8")
    (scenes / "list.csv").write_text("name,prompt\nX,rain\n", encoding="utf-8")
    code, said = bake(scenes, "nowhere.yaml")
    assert code == EXIT_BAD_DATA
    assert {each["code"] for each in said["errors"]} >= {
        "scene.unknown-synth",
        "bake.row-name",
        "bake.missing",
    }


def test_a_path_that_is_not_there_is_said(bake: Bake) -> None:
    code, said = bake("nowhere")
    assert code in {EXIT_NO_INPUT, EXIT_BAD_DATA}
    assert said["errors"][0]["code"] == "bake.missing"


def test_an_output_that_cannot_be_is_refused(bake: Bake, yard: Path) -> None:
    Path("out").write_text("a file", encoding="utf-8")
    code, said = bake(yard)
    assert code == EXIT_CANNOT_CREATE
    assert said["errors"][0]["code"] == "output.is-file"


@pytest.mark.skipif(sys.platform == "win32", reason="folders are protected otherwise there")
def test_an_output_below_a_file_is_refused(bake: Bake, yard: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    code, said = bake(yard)
    assert (code, said["errors"][0]["code"]) == (EXIT_CANNOT_CREATE, "output.not-writable")
