from pathlib import Path

import pytest
from playhouse import YARD, Playhouse


@pytest.fixture
def scenes_dir(tmp_path: Path) -> Path:
    (tmp_path / "yard.yaml").write_text(YARD, encoding="utf-8")
    return tmp_path


@pytest.fixture
def house(scenes_dir: Path) -> Playhouse:
    return Playhouse(scenes_dir)
