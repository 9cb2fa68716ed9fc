"""The report on sounds: every demand can be missed, and the page tells of it."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from listening.report import catalogue
from listening.report.findings import find
from listening.report.marks import marks
from listening.report.page import FINDINGS, write_page, write_takes
from roomtone.synths import SYNTHS

SYNTH = "stream"


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return find(SYNTH, seeds=1, minutes=0.25)


def test_a_good_sound_is_held_against_every_demand(found: dict[str, Any]):
    named = {mark.name: mark for mark in marks(found)}
    assert {"true peak, searched", "DC", "heard again, of 10 min", "corners between blocks",
            "worst octave in mono", "flow: even", "as real stream"} <= set(named)  # fmt: skip
    assert named["true peak, searched"].holds
    assert named["DC"].holds
    assert named["heard again, of 10 min"].holds
    assert named["corners between blocks"].holds


@pytest.mark.parametrize(
    ("path", "value", "mark"),
    [
        (("corner", "true_peak_db"), -0.5, "true peak, searched"),
        (("corner", "dc_db"), -60.0, "DC"),
        (("corner", "finite"), False, "every sample a number"),
        (("endless", "exact_share"), 0.01, "heard again, of 10 min"),
        (("endless", "seam"), 2.0, "corners between blocks"),
        (("space", "worst_db"), -4.0, "worst octave in mono"),
        (("speed", "full"), 50.0, "speed, slowest corner"),
        (("speed", "silent"), 0.1, "silent against sounding"),
        (("responses", 0, "rank"), 0.9, "flow: even"),
        (("claims", 0, "kept"), False, "as real stream"),
    ],
)
def test_every_demand_can_be_missed(found: dict[str, Any], path: tuple[Any, ...], value: object, mark: str):
    spoilt = copy.deepcopy(found)
    inner: Any = spoilt
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert [each.holds for each in marks(spoilt) if each.name == mark] == [False]


def test_the_page_shows_what_was_found_beside_sounds_and_a_picture(found: dict[str, Any], tmp_path: Path):
    write_takes(SYNTH, tmp_path)
    page = write_page([found], tmp_path).read_text(encoding="utf-8")
    for file in tmp_path.iterdir():
        if file.suffix in {".flac", ".png"}:
            assert f'src="{file.name}"' in page
    assert "true peak, searched" in page
    assert json.loads((tmp_path / FINDINGS).read_text(encoding="utf-8"))[0]["name"] == SYNTH


def test_the_catalogue_of_sounds_is_up_to_date():
    assert catalogue.PAGE.read_text(encoding="utf-8") == catalogue.text(), (
        "run `python -m listening catalogue`"
    )
    assert {path.stem for path in catalogue.PICTURES.glob("*.png")} == set(SYNTHS)
