import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine import Engine, engine_or_skip

# Daemons in processes, the C# client, and the readers of the protocol's vectors are the other rooms' own.
for room in ("daemon", "unity", "wire"):
    sys.path.append(str(Path(__file__).parents[1] / room))


@pytest.fixture(scope="session", autouse=True)
def no_models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Daemons of these tests have no model but those that a test brings, whatever this computer has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROOMTONE_MODELS_DIR", str(tmp_path_factory.mktemp("no_models")))
        patch.setenv("ROOMTONE_CACHE_DIR", str(tmp_path_factory.mktemp("no_clips")))
        yield


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A Godot that has imported its own copy of the client."""
    found = engine_or_skip(tmp_path_factory.mktemp("godot"))
    yield found
    found.stop()
