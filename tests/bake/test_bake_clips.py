"""Who makes the clips of a bake: the workers' models, but for what follows a recording that lies here."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from roomtone.bake import baking
from roomtone.models.news import Missed

MELODIES = {"d1": "tune.wav"}
WANTED: Mapping[str, Any] = {"plain": SimpleNamespace(melody=""), "sung": SimpleNamespace(melody="d1")}


class _WithModels:
    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def run(self, jobs: object) -> object:
        raise NotImplementedError

    def try_clips(
        self, recipes: Mapping[str, Any], *_: object, **__: object
    ) -> tuple[set[str], list[Missed]]:
        self.asked.append(list(recipes))
        return set(recipes), []


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], Mapping[str, str]]]:
    asked: list[tuple[list[str], Mapping[str, str]]] = []

    def made(
        recipes: Mapping[str, Any], _options: object, *, melodies: Mapping[str, str], **_: object
    ) -> tuple[set[str], list[Missed]]:
        asked.append((list(recipes), melodies))
        return set(), [Missed(key=key, code="model.failed", what="it failed") for key in recipes]

    monkeypatch.setattr(baking, "try_clips", made)
    return asked


def _make(workers: object) -> SimpleNamespace:
    room = SimpleNamespace(there=lambda _: set())
    makers = SimpleNamespace(room=room, options=None, melodies=MELODIES, missed={})
    baking.make_clips(WANTED, makers, workers, lambda *_: None, lambda _: None)  # type: ignore[arg-type]
    return makers


def test_without_models_elsewhere_all_are_made_here_with_their_recordings(here: list[Any]):
    makers = _make(SimpleNamespace())
    assert here == [(["plain", "sung"], MELODIES)]
    assert set(makers.missed) == {"plain", "sung"}


def test_what_follows_a_recording_is_made_where_that_lies(here: list[Any]):
    workers = _WithModels()
    _make(workers)
    assert workers.asked == [["plain"]]
    assert here == [(["sung"], MELODIES)]
