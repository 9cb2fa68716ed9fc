from collections.abc import Iterator
from pathlib import Path

import pytest
from clips_to_keep import Clock

from roomtone.cache.store import Cache


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
