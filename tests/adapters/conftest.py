"""Tiny checkpoints, built once a run; one thread, as two are at times much slower than one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from roomtone.models.adapters.tiny.__main__ import build

Tiny = Callable[[str], Path]
"""Gives the folder of a family's tiny checkpoint, which a test must not change: copy it first."""

# What an adapter asks Python to pass over when it is loaded; pytest makes it forget that before each test.
_THEIRS_TO_MEND = (
    "ignore:`torch.nn.utils.weight_norm` is deprecated:FutureWarning",
    "ignore:Should have t[ab]:UserWarning:torchsde",
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning:diffusers",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for pattern in _THEIRS_TO_MEND:
                item.add_marker(pytest.mark.filterwarnings(pattern))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """The folder of a family's tiny checkpoint."""
    torch.set_num_threads(1)
    root = tmp_path_factory.mktemp("tiny")
    built: set[str] = set()

    def folder(family: str) -> Path:
        if family not in built:
            build(family, root / family)
            built.add(family)
        return root / family

    return folder


@pytest.fixture(scope="session")
def loaded(tiny: Tiny) -> Callable[[str], Any]:
    """A loaded tiny model of a diffusers family, which makes four clips at once."""
    from latent_runs import ADAPTERS  # noqa: PLC0415 - other families' tests need no diffusers

    models: dict[str, Any] = {}

    def model(family: str) -> Any:
        if family not in models:
            models[family] = ADAPTERS[family](str(tiny(family)), device="cpu", options={"batch": 4})
        return models[family]

    return model
