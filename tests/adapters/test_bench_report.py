"""The report about the models: what is kept of which machine, and what is said of it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bench_findings import on_a_card

from roomtone.models.adapters.bench.results import Failed, Measured

ROOT = Path(__file__).parents[2]
MACHINE = {"date": "2030-01-01", "cores": 8}


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The benchmark's module, which stands beside the package."""
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks import models  # noqa: PLC0415

    return models


def run(found: Sequence[Measured | Failed]) -> dict[str, Any]:
    return {"machine": MACHINE, "families": [json.loads(json.dumps(each.record())) for each in found]}


def test_what_was_measured_on_a_gpu_is_not_forgotten_on_a_processor(models: Any, tmp_path: Path):
    real = on_a_card("audioldm2", took_s=10.0)
    tiny = replace(real, size="tiny", device="cpu", card="cpu")
    for found in (tiny, real, tiny, replace(tiny, load_s=7.0)):
        models._keep(run([found]), tmp_path)
    kept = json.loads((tmp_path / "models.json").read_text())["runs"]
    assert [Measured.from_record(each["families"][0]) for each in kept] == [real, replace(tiny, load_s=7.0)]
    text = (tmp_path / "MODELS.md").read_text()
    assert text.index("## Real: a card") < text.index("## Tiny: cpu")
    assert "says nothing about a GPU" in text


def test_the_report_says_what_holds_and_what_does_not(models: Any, tmp_path: Path):
    wrong = on_a_card("audiogen", took_s=40.0)
    wrong = replace(
        wrong, agreement=replace(wrong.agreement, found=0.9), missed=("ours, compiled: no compiler",)
    )
    models._keep(run([on_a_card("audioldm2", took_s=10.0), wrong]), tmp_path)
    good, bad = (tmp_path / "MODELS.md").read_text().split("### ")[1:]
    row = "| ours | fp16, 16 at once, steps recorded, 100 steps, 12.0 GB | 16 s | 32 × plain fp32, 16 × plain fp16 "
    assert f"{row}| >= 4 × | yes |" in good
    assert "The two make the same: latents 0.01 apart" in good
    assert "| >= 10 × | **no** |" in bad
    assert "**The two do not make the same**" in bad
    assert "Not measured: ours, compiled: no compiler." in bad


def test_a_family_that_failed_is_in_the_report(models: Any, tmp_path: Path):
    failed = Failed(family="musicgen", code="model.died", what="its process ended (9)", fix="see above")
    found = run([on_a_card("stable_audio", took_s=10.0), failed])
    models._keep(found, tmp_path)
    assert "### musicgen\n\nNot measured: its process ended (9)." in (tmp_path / "MODELS.md").read_text()
    assert "Not measured: musicgen, its process ended (9)." in models._section(found).method
    models._keep(run([failed]), tmp_path)
    assert "nothing was measured" in (tmp_path / "MODELS.md").read_text()


def test_figures_carry_their_bars(models: Any):
    section = models._section(run([on_a_card("audioldm2", took_s=10.0), on_a_card("audiogen", took_s=40.0)]))
    figures = {figure.name: figure for figure in section.figures}
    assert figures["audioldm2: ours against plain fp16"].value == pytest.approx(16.0)
    assert figures["audioldm2: ours against plain fp16"].holds is True
    assert figures["audiogen: ours against plain fp16"].value == pytest.approx(4.0)
    assert figures["audiogen: ours against plain fp16"].holds is False
    assert figures["audiogen: latents apart from the library's"].holds is True
    assert figures["audiogen: cancelled within"].value == pytest.approx(20.0)
