"""Tiny checkpoints, built once a run; one thread, as two are at times much slower than one."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from roomtone.models.adapters.tiny.__main__ import build

Tiny = Callable[[str], Path]
"""Gives the folder of a family's tiny checkpoint, which a test must not change: copy it first."""


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """The folder of a family's tiny checkpoint."""
    torch.set_num_threads(1)
    root, built = tmp_path_factory.mktemp("tiny"), set()

    def folder(family: str) -> Path:
        if family not in built:
            build(family, root / family)
            built.add(family)
        return root / family

    return folder
