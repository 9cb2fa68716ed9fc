"""The report as one page with pictures and sounds beside it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import soundfile
from jinja2 import Environment, FileSystemLoader, select_autoescape

from listening.pictures import picture
from listening.report.marks import marks
from listening.sounds import claims_of
from listening.sweep import hear
from roomtone.audio import SAMPLE_RATE_HZ
from roomtone.synths import SYNTHS

_WIDTH, _HEIGHT = 180.0, 110.0
_TAKE_S: Final = 12.0
FINDINGS: Final = "findings.json"


def write_takes(name: str, folder: Path) -> None:
    """Write the sounds and the picture of one synth into the report's folder."""
    for file, _, controls, seed in _takes(name):
        x = hear(name, controls, seconds=_TAKE_S, seed=seed)
        soundfile.write(folder / file, x, SAMPLE_RATE_HZ, format="FLAC", subtype="PCM_16")
    picture(hear(name, {}, seconds=20.0, seed=1), folder / f"{name}.png", title=name)


def _takes(name: str) -> Iterator[tuple[str, str, Mapping[str, float], int]]:
    """List what is to be heard of a synth: file, title, controls, seed."""
    claimed = [setting for claim in claims_of(name)[:1] for setting in claim.settings]
    first = SYNTHS[name].controls[0].name
    settings = claimed or [{first: place} for place in (0.1, 0.5, 1.0)]
    yield f"{name}.flac", "as it comes", {}, 1
    yield f"{name}-2.flac", "another seed", {}, 2
    for i, setting in enumerate(settings):
        title = ", ".join(f"{control} {value:g}" for control, value in setting.items())
        yield f"{name}-{'abc'[i]}.flac", title, setting, 1


def write_page(found: Sequence[Mapping[str, Any]], folder: Path) -> Path:
    """Write the page, and what it was made from as JSON.

    Args:
        found: what `findings.find` says of each synth.
        folder: with the sounds and pictures.
    """
    rows = [_row(each) for each in found]
    all_marks = [mark for row in rows for mark in row["marks"]]
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape(), trim_blocks=True
    )
    text = environment.get_template("page.html").render(
        rows=rows,
        date=datetime.now(UTC).date().isoformat(),
        demanded=len(all_marks),
        held=sum(mark.holds for mark in all_marks),
    )
    (folder / FINDINGS).write_text(json.dumps(list(found), indent=1) + "\n", encoding="utf-8")
    page = folder / "index.html"
    page.write_text(text, encoding="utf-8")
    return page


def _row(found: Mapping[str, Any]) -> dict[str, Any]:
    synth = SYNTHS[found["name"]]
    held = tuple(marks(found))
    return {
        "name": synth.name,
        "title": synth.name.replace("_", " "),
        "summary": synth.summary,
        "kind": synth.kind,
        "tags": ", ".join(synth.tags),
        "source": synth.source,
        "marks": held,
        "all_hold": all(mark.holds for mark in held),
        "takes": [{"file": file, "title": title} for file, title, _, _ in _takes(synth.name)],
        "curves": [_curve(each) for each in found["responses"]],
        "found": found,
    }


def _curve(response: Mapping[str, Any]) -> dict[str, Any]:
    values = response["measured"]
    low, high = min(values), max(values)
    span = (high - low) or 1.0

    def place(i: float, value: float) -> str:
        return f"{i / (len(values) - 1) * _WIDTH:.1f},{_HEIGHT - (value - low) / span * _HEIGHT:.1f}"

    return {
        "control": response["control"],
        "measure": response["measure"],
        "unit": response["unit"],
        "low": f"{values[0]:.1f}",
        "high": f"{values[-1]:.1f}",
        "points": " ".join(place(i, value) for i, value in enumerate(values)),
        "line": f"{place(0, values[0])} {place(len(values) - 1, values[-1])}",
    }
