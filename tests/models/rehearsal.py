"""A pool without processes: its workers are objects that do what a test tells them, its clock stands still."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from roomtone.cache.key import key_of
from roomtone.cache.store import Cache
from roomtone.errors import ModelError
from roomtone.models.families import Licence
from roomtone.models.finish import Finished, Measures
from roomtone.models.library import FileRecord, Installed
from roomtone.models.makings import Makings
from roomtone.models.messages import Cancel, Done, Failed, Govern, Load, Progress, Quit, Ready, Run
from roomtone.models.news import Busy, Made, Missed, ModelState, News
from roomtone.models.pool import Pool, PoolOptions
from roomtone.models.process import Ended
from roomtone.models.request import Capabilities, Output, Recipe
from roomtone.models.wishes import Rank, Urgency, Wish

RATE_HZ = 48_000
WEIGHTS = "ab" * 32


def model(name: str, *, gb: float = 1.0, makes: str = "clips", weights: str = WEIGHTS) -> Installed:
    return Installed(
        name=name,
        family=name,
        folder=Path("/models") / name,
        weights=weights,
        licence=Licence(name="CC0", commercial="yes"),
        adapter="anywhere:Anything",
        files={"weights": FileRecord(size_bytes=round(gb * 1e9), sha256="")},
        makes=makes,
    )


def recipe(prompt: str, *, name: str = "noise", seed: int = 1, **more: Any) -> Recipe:
    return Recipe(model=name, weights=WEIGHTS, prompt=prompt, seconds=2.0, seed=seed, **more)


def wish(
    prompt: str, urgency: Urgency = Urgency.SOUNDING, order: float = 0.0, *, name: str = "noise", **more: Any
) -> Wish:
    wanted = recipe(prompt, name=name, **more)
    return Wish(key=key_of(wanted.record()), recipe=wanted, rank=Rank(urgency, order))


@dataclass
class ToyWorker:
    """What a worker's owner sees of it."""

    model: Installed
    house: "Rehearsal"
    said: list[Any] = field(default_factory=list)
    killed: bool = False
    closed: bool = False

    def say(self, message: Any) -> None:
        self.said.append(message)

    def kill(self) -> None:
        self.killed = True

    def close(self) -> None:
        self.closed = True

    # What it does when a test says so.

    def answer(self, message: Any) -> None:
        self.house.pool.take(self, message)

    def get_ready(self, *, batch: int = 1, tasks: tuple[str, ...] = ("generate",), gb: float = 1.0) -> None:
        able = Capabilities(
            family=self.model.family,
            sample_rate_hz=RATE_HZ,
            channels=1,
            longest_s=10.0,
            batch=batch,
            tasks=tasks,
        )
        self.answer(Ready(capabilities=able, memory_gb=gb))

    @property
    def run(self) -> Run:
        """The last run that it was told to do."""
        return [message for message in self.said if isinstance(message, Run)][-1]

    @property
    def prompts(self) -> list[str]:
        return [job["prompt"] for job in self.run.jobs]

    def said_of(self, kind: type) -> list[Any]:
        return [message for message in self.said if isinstance(message, kind)]

    def sound(self, job: dict[str, Any]) -> np.ndarray:
        rng = np.random.default_rng(job["seed"])
        return (0.1 * rng.standard_normal((round(job["seconds"] * RATE_HZ), 1))).astype(np.float32)

    def finish_run(self) -> None:
        """Put a clip for each job into the staging folder, as a worker does."""
        run, outputs = self.run, []
        for i, job in enumerate(run.jobs):
            np.save(Path(run.staging) / f"{i}.npy", self.sound(dict(job)))
            outputs.append(Output(file=f"{i}.npy", rate_hz=RATE_HZ))
        self.answer(Done(run=run.run, outputs=tuple(outputs), took_s=1.0, memory_gb=1.0))

    def score_run(self, *scores: float) -> None:
        self.answer(Done(run=self.run.run, outputs=scores, took_s=0.1, memory_gb=0.5))

    def fail_run(self, code: str = "model.failed") -> None:
        self.answer(Failed(run=self.run.run, code=code, what="it did not work"))

    def progress(self, part: float) -> None:
        self.answer(Progress(run=self.run.run, step=round(part * 100), steps=100))

    def die(self) -> None:
        self.answer(Ended(code=-9, last_lines=("out of memory",)))


def passing(samples: Any, rate_hz: int, *, seconds: float, loop: bool = False) -> Finished:
    """A gate that lets everything through."""
    measures = dict.fromkeys(Measures.__dataclass_fields__, 0.0)
    return Finished(samples=samples, measures=Measures(**{**measures, "edges": "raw", "seconds": seconds}))  # type: ignore[arg-type]


class Gate:
    """Refuses the clips with these numbers, in the order in which they come."""

    def __init__(self, *refused: int) -> None:
        self.refused, self.seen = refused, 0

    def __call__(self, samples: Any, rate_hz: int, *, seconds: float, loop: bool = False) -> Finished:
        self.seen += 1
        if self.seen - 1 in self.refused:
            raise ModelError("clip.silent", what="there is nothing to hear", fix="another seed may help")
        return passing(samples, rate_hz, seconds=seconds, loop=loop)


class Rehearsal:
    """A pool and all that is around it."""

    def __init__(
        self,
        folder: Path,
        *models: Installed,
        gate: Any = passing,
        candidates: int = 1,
        scorer: Installed | None = None,
    ) -> None:
        self.now_s = 100.0
        self.cache = Cache(folder / "cache", clock=lambda: self.now_s)
        self.models = {each.name: each for each in models or (model("noise"),)}
        self.scorer = scorer
        self.workers: list[ToyWorker] = []
        self.cannot_start: ModelError | None = None
        self.news: list[News] = []
        self.pool = Pool(
            find=self._find,
            scorer=lambda: self.scorer,
            start=self._start,
            makings=Makings(self.cache, gate=gate),
            clock=lambda: self.now_s,
            options=PoolOptions(owner="test", candidates=candidates),
            tell=self.news.append,
        )

    def _find(self, name: str) -> Installed:
        if name not in self.models:
            raise ModelError("model.unknown", what=f"there is no model '{name}'")
        return self.models[name]

    def _start(self, found: Installed) -> ToyWorker:
        if self.cannot_start is not None:
            raise self.cannot_start
        self.workers.append(ToyWorker(found, self))
        return self.workers[-1]

    def want(self, *wishes: Wish, owner: str = "game") -> None:
        self.pool.want(owner, wishes)

    def worker(self, name: str = "noise") -> ToyWorker:
        """The newest worker of a model."""
        return [each for each in self.workers if each.model.name == name][-1]

    def ready(self, name: str = "noise", **how: Any) -> ToyWorker:
        worker = self.worker(name)
        worker.get_ready(**how)
        return worker

    def pass_time(self, seconds: float) -> None:
        self.now_s += seconds
        self.pool.tick()

    def made(self) -> list[str]:
        return [news.key for news in self.news if isinstance(news, Made)]

    def missed(self) -> list[Missed]:
        return [news for news in self.news if isinstance(news, Missed)]

    def staged(self) -> list[Path]:
        staging = self.cache.root / "staging"
        return list(staging.iterdir()) if staging.is_dir() else []


__all__: Sequence[str] = ("Busy", "Cancel", "Govern", "Load", "ModelState", "Quit")
