"""Exploring: every category of sounds in several takes, timed, to listen to and to compare on one page."""

import base64
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

import numpy as np
from jinja2 import Environment, StrictUndefined

from roomtone.audio_files import read_shipped
from roomtone.bake.categories import CATEGORIES, Sound
from roomtone.bake.jobs import Job, RenderJob
from roomtone.bake.kept import FOLDER, Kept, LocalFiles, picture_name
from roomtone.bake.order import Order
from roomtone.bake.prompt_list import PromptList, Row
from roomtone.bake.prompts import Makers
from roomtone.bake.session import Session, run
from roomtone.bake.working import Alone, Outcome, Workers
from roomtone.layers.match import octave_levels_db
from roomtone.scene.model import Bed, Constant, Layer, Scene, SynthSource

INDEX: Final = "index.html"
README: Final = "README.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One file: its measures are those of the manifest."""

    path: str
    seed: int
    picture: str
    seconds: float
    loudness_lufs: float | None
    rendered_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explored:
    """One sound in all its takes.

    Attributes:
        by: the synth or the model.
        controls: where the synth's stand.
        likeness: the largest correlation of two takes' waves: near 0, as they are other takes.
        colour_db: by how much two takes differ in an octave, at most.
    """

    name: str
    prompt: str
    by: str
    controls: Mapping[str, float]
    takes: tuple[Take, ...]
    likeness: float
    colour_db: float


@dataclass(slots=True)
class _Timed:
    """Workers that note how long each job took."""

    workers: Alone
    clock: Callable[[], float]
    took_s: dict[str, float] = field(default_factory=dict)

    def run(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Outcome]]:
        """See `Workers`."""
        for job in jobs:
            began_s = self.clock()
            yield from self.workers.run([job])
            if isinstance(job, RenderJob):
                self.took_s[job.key] = self.clock() - began_s


def explore(
    names: Sequence[str],
    out: Path,
    makers: Makers,
    *,
    seconds: float,
    takes: int,
    model: str = "",
    tell: Callable[[str], None] = lambda _: None,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, tuple[Explored, ...]]:
    """Make categories of sounds, a page of all and a README for each.

    Args:
        names: of `CATEGORIES`.
        out: the folder; each category has one inside.
        makers: where models are.
        seconds: how long each take is.
        takes: how many there are of each sound.
        model: who makes them; "" for the synths.
        tell: called with each category before it is made.
        clock: for the timings.

    Raises:
        OrderErrors, ModelError: the model cannot make them.
        OutputError: the disk fails.
    """
    found: dict[str, tuple[Explored, ...]] = {}
    for name in names:
        tell(name)
        folder = out / name
        order = _order(name, folder, seconds=seconds, takes=takes, model=model)
        kept = Kept(LocalFiles(folder / FOLDER))
        timed = _Timed(Alone(folder, kept), clock)
        session = run(order, makers, partial(_as_they_are, timed), kept, jobs=1, tell=_quietly, log=_silent)
        found[name] = tuple(_explored(each, session, kept, timed.took_s, model) for each in CATEGORIES[name])
        _write(folder / README, _readme(name, found[name]))
    _write(out / INDEX, _page(found))
    return found


@contextmanager
def _as_they_are(workers: Workers) -> Iterator[Workers]:
    yield workers


def _quietly(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def _silent(_line: str) -> None:
    """Log nothing."""


def _order(name: str, folder: Path, *, seconds: float, takes: int, model: str) -> Order:
    sounds = CATEGORIES[name]
    rows = tuple(Row(name=each.name, prompt=each.prompt, model=model) for each in sounds)
    return Order(
        scenes=() if model else tuple(_scene(each) for each in sounds),
        lists=(PromptList("model", rows),) if model else (),
        out=folder,
        seconds=seconds,
        loop=False,
        variations=takes,
    )


def _scene(sound: Sound) -> Scene:
    maker = sound.maker
    controls = {name: Constant(value) for name, value in maker.controls.items()}
    layer = Layer(
        name=sound.name,
        source=SynthSource(synth=maker.synth, controls=MappingProxyType(controls)),
        gain_db=Constant(-6.0),
        placement=Bed(),
    )
    return Scene(
        name=sound.name,
        seed=0,
        parameters=MappingProxyType({}),
        moods=MappingProxyType({}),
        layers=MappingProxyType({sound.name: layer}),
        neighbours=(),
        summary=sound.prompt,
    )


# What came of it ------------------------------------------------------------------------------


def _explored(
    sound: Sound, session: Session, kept: Kept, took_s: Mapping[str, float], model: str
) -> Explored:
    out = session.baked.plan.order.out
    group = next(each for each in session.baked.plan.groups if each.name == sound.name)
    paths = [each.path for each in group.sounds if each.path in session.baked.written]
    takes = [_take(path, session, kept, took_s) for path in paths]
    likeness, colour_db = _compared([out / path for path in paths])
    return Explored(
        name=sound.name,
        prompt=sound.prompt,
        by=model or sound.maker.synth,
        controls={} if model else sound.maker.controls,
        takes=tuple(takes),
        likeness=likeness,
        colour_db=colour_db,
    )


def _take(path: str, session: Session, kept: Kept, took_s: Mapping[str, float]) -> Take:
    record = session.record["files"][path]
    key = record["provenance"]["render"]
    png = kept.files.read(picture_name(key)) or b""
    return Take(
        path=path,
        seed=record["provenance"]["seed"],
        picture=f"data:image/png;base64,{base64.b64encode(png).decode()}",
        seconds=record["seconds"],
        loudness_lufs=record["loudness_lufs"],
        rendered_s=took_s.get(key),
    )


def _compared(paths: Sequence[Path]) -> tuple[float, float]:
    """Compare every two takes: their waves, and their levels in octaves that are heard."""
    sounds = [read_shipped(path) for path in paths]
    likeness = colour_db = 0.0
    for a, b in combinations(sounds, 2):
        frames = min(len(a), len(b))
        waves = np.corrcoef(a[:frames].mean(axis=1), b[:frames].mean(axis=1))[0, 1]
        likeness = max(likeness, abs(float(np.nan_to_num(waves))))
        levels_db = np.stack([octave_levels_db(a), octave_levels_db(b)])
        heard = levels_db.max(axis=0) > levels_db.max() - 40.0
        colour_db = max(colour_db, float(np.abs(levels_db[0] - levels_db[1])[heard].max(initial=0.0)))
    return likeness, colour_db


def _readme(name: str, sounds: Sequence[Explored]) -> str:
    lines = [
        f"# {name.capitalize()}",
        "",
        "Generated by Roomtone: `roomtone explore`. Each sound in takes that differ by their seed only; listen and",
        "compare in [`../index.html`](../index.html).",
        "",
        "| sound | made by | controls | takes | loudness | rendered in |",
        "|---|---|---|---|---|---|",
    ]
    for each in sounds:
        controls = ", ".join(f"{key} {value:g}" for key, value in each.controls.items()) or "as they are"
        takes = ", ".join(f"[seed {take.seed}]({quote(take.path)})" for take in each.takes) or "none"
        loudness = ", ".join(_number(take.loudness_lufs, "{:.1f} LUFS") for take in each.takes)
        took = ", ".join(_number(take.rendered_s, "{:.2f} s", "reused") for take in each.takes)
        lines.append(f"| {each.prompt} | `{each.by}` | {controls} | {takes} | {loudness} | {took} |")
    return "\n".join(lines) + "\n"


def _number(value: float | None, pattern: str, nothing: str = "too faint") -> str:
    return nothing if value is None else pattern.format(value)


def _page(found: Mapping[str, Sequence[Explored]]) -> str:
    source = (files("roomtone.bake") / "explore.html.jinja").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(source).render(found=found, quote=quote)


def _write(path: Path, text: str) -> None:
    def fill(staged: Path) -> None:
        staged.write_text(text, encoding="utf-8", newline="\n")

    LocalFiles(path.parent).write(path.name, fill)


def records(found: Mapping[str, Sequence[Explored]]) -> dict[str, Any]:
    """Say what was made, for scripts."""
    return {
        name: [
            {
                "name": each.name,
                "by": each.by,
                "files": [f"{name}/{take.path}" for take in each.takes],
                "rendered_s": [take.rendered_s for take in each.takes],
                "likeness": each.likeness,
                "colour_db": each.colour_db,
            }
            for each in sounds
        ]
        for name, sounds in found.items()
    }
