import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from clips_to_keep import Clock

from roomtone.cache.store import Cache


@pytest.fixture(autouse=True)
def impatient(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the real disk: what happens without it is played, not measured."""
    if not request.node.get_closest_marker("system"):
        monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def cache(root: Path, clock: Clock) -> Iterator[Cache]:
    with Cache(root, clock=clock) as cache:
        yield cache
