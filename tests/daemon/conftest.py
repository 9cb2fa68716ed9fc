from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import YARD, Serving


@pytest.fixture
def yard_dir(tmp_path: Path) -> Path:
    """A scenes folder that a test may edit."""
    (tmp_path / "yard.yaml").write_text(YARD, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A daemon that one module's tests share."""
    folder = tmp_path_factory.mktemp("scenes")
    (folder / "yard.yaml").write_text(YARD, encoding="utf-8")
    with Serving(folder) as daemon:
        yield daemon
