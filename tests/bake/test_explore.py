"""Exploring makes every category by synths that exist, and shows takes that differ as waves and agree in colour."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from test_bake_report import Page
from toy_models import install_noise

from roomtone.bake.categories import CATEGORIES
from roomtone.cli import exploring, main
from roomtone.synths import SYNTHS


def explore(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main(["explore", *words, "--seconds", "4", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_every_category_has_sounds_that_the_catalogue_can_make() -> None:
    assert tuple(CATEGORIES) == exploring.CATEGORIES
    assert len(CATEGORIES) == 6
    for sounds in CATEGORIES.values():
        assert len(sounds) >= 4
        assert len({sound.name for sound in sounds}) == len(sounds)
        for sound in sounds:
            known = {control.name for control in SYNTHS[sound.maker.synth].controls}
            assert set(sound.maker.controls) <= known, sound.name
            assert all(0.0 <= value <= 1.0 for value in sound.maker.controls.values())


def test_a_category_is_made_played_shown_and_compared(capsys: pytest.CaptureFixture[str]) -> None:
    said = explore(capsys, "natural", "animals", "--takes", "2")
    assert set(said["categories"]) == {"natural", "animals"}
    page = Page(Path("explored/index.html").read_text(encoding="utf-8"))
    made = {file for sounds in said["categories"].values() for each in sounds for file in each["files"]}
    assert {unquote(each) for each in page.sources["audio"]} == made
    assert len(made) == 24
    assert all((Path("explored") / each).is_file() for each in made)
    assert all(seconds > 0.0 for each in said["categories"]["natural"] for seconds in each["rendered_s"])
    for each in said["categories"]["natural"]:
        assert each["likeness"] < 0.3, each
    readme = Path("explored/natural/README.md").read_text(encoding="utf-8")
    assert "seed 1" in readme
    assert "a small brook over stones" in readme


def test_a_model_can_make_a_category(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    install_noise(tmp_path / "models")
    said = explore(capsys, "abstract", "--takes", "1", "--model", "noise")
    assert [each["by"] for each in said["categories"]["abstract"]] == ["noise"] * 6
    assert all(len(each["files"]) == 1 for each in said["categories"]["abstract"])


def test_a_category_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explore", "nonsense"]) == 64
    assert "natural" in capsys.readouterr().err
