"""A playhouse with a pool that makes what a test tells it to, into a real cache."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from playhouse import Playhouse

from roomtone.audio import SAMPLE_RATE_HZ
from roomtone.cache.entry import Provenance
from roomtone.cache.store import Cache
from roomtone.layers.banks import BankRoom
from roomtone.models.crew import Governor
from roomtone.models.families import Licence
from roomtone.models.library import Installed, ModelLibrary, record_files, write_manifest
from roomtone.models.news import Made, Missed, News
from roomtone.models.wishes import Urgency, Wish
from roomtone.server.planner import Planner
from roomtone.server.supply import LOOK_EVERY_S, Supply
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice

ATTIC = """\
scene: attic
parameters:
  rain: {default: 0.1, rise_s: 20, fall_s: 20}
layers:
  window:
    prompt: "{rain: light|heavy} rain on a window"
    variations: 2
    seconds: 2
    stand_in: {synth: rain, controls: {intensity: 0.5}}
  roof: {synth: rain}
neighbours: [cellar]
"""
CELLAR = """\
scene: cellar
layers:
  drip:
    prompt: water dripping in a cellar
    variations: 2
    seconds: 2
    stand_in: {synth: stream}
"""


def install_model(folder: Path, name: str = "toy", family: str = "audiogen") -> Installed:
    """A folder that looks like an installed model; nobody will ever load it."""
    home = folder / name
    home.mkdir(parents=True)
    (home / "weights.bin").write_bytes(name.encode())
    model = Installed(
        name=name,
        family=family,
        folder=home,
        weights="ab" * 32,
        licence=Licence(name="CC0", commercial="yes"),
        adapter="nowhere:Nothing",
        files=record_files(home),
    )
    write_manifest(model, home)
    return model


class HandPool:
    """Remembers what it was asked for, and makes it when told."""

    def __init__(self, cache: Cache) -> None:
        self.cache = cache
        self.wanted: dict[str, tuple[Wish, ...]] = {}
        self.governor = Governor()
        self.told: list[News] = []

    def want(self, owner: str, wishes: tuple[Wish, ...], melodies: Mapping[str, str]) -> None:  # noqa: ARG002
        if wishes:
            self.wanted[owner] = wishes
        else:
            self.wanted.pop(owner, None)

    def govern(self, governor: Governor) -> None:
        self.governor = governor

    def news(self) -> list[News]:
        told, self.told = self.told, []
        return told

    def close(self) -> None: ...

    @property
    def wishes(self) -> list[Wish]:
        return sorted(
            (wish for wishes in self.wanted.values() for wish in wishes), key=lambda each: each.rank
        )

    def urgent(self, urgency: Urgency) -> list[str]:
        return [wish.recipe.prompt for wish in self.wishes if wish.rank.urgency is urgency]

    def make(self, *wishes: Wish, synth: str = "stream") -> None:
        """Put clips into the cache and say so."""
        for wish in wishes:
            recipe = wish.recipe
            frames = round(recipe.seconds * SAMPLE_RATE_HZ)
            sound = np.float32(0.3) * Voice(SYNTHS[synth], recipe.seed % 1000).read(frames)
            self.cache.put(
                recipe.record(),
                sound,
                provenance=Provenance(
                    model=recipe.model,
                    weights=recipe.weights,
                    licence="CC0",
                    prompt=recipe.prompt,
                    seed=recipe.seed,
                ),
            )
            self.told.append(Made(key=wish.key))

    def make_all(self, urgency: Urgency = Urgency.MORE) -> None:
        self.make(*[wish for wish in self.wishes if wish.rank.urgency <= urgency])

    def miss(self, wish: Wish, code: str = "model.died") -> None:
        self.told.append(Missed(key=wish.key, code=code, what="it ended", fix="see the log"))


class Studio(Playhouse):
    """The host with everything that prompts need."""

    def __init__(self, folder: Path, *, models: tuple[str, ...] = ("toy",), **options: Any) -> None:
        scenes = folder / "scenes"
        scenes.mkdir(exist_ok=True)
        for name, text in (("attic", ATTIC), ("cellar", CELLAR)):
            (scenes / f"{name}.yaml").write_text(text, encoding="utf-8")
        self.models_dir = folder / "models"
        for name in models:
            if not (self.models_dir / name).exists():
                install_model(self.models_dir, name)
        self.cache = Cache(folder / "cache")
        self.banks = BankRoom(self.cache, ModelLibrary(self.models_dir))
        super().__init__(scenes, banks=self.banks, **options)
        self.pool = HandPool(self.cache)
        self.supply = Supply(
            banks=self.banks,
            pool=self.pool,  # type: ignore[arg-type]
            planner=Planner(
                banks=self.banks,
                workshop=self.workshop,
                register=self.host.register,
                library=self.library,
                clock=lambda: self.now_s,
            ),
            workshop=self.workshop,
            register=self.host.register,
            clock=lambda: self.now_s,
            log=self.log,
            governor=Governor(),
        )

    def look(self, times: int = 3) -> None:
        """Let time pass for a few looks around, and all the work that comes of them be done."""
        for _ in range(times):
            self.now_s += LOOK_EVERY_S + 0.01
            self.supply.look_after()
            self.work()
