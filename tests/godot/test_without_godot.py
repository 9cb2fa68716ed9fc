"""Where there is no Godot, the run says so loudly, and fails under CI."""

from pathlib import Path

import pytest
from engine import engine_or_skip


@pytest.fixture(autouse=True)
def no_godot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOMTONE_GODOT", str(tmp_path / "nothing"))


def test_ci_fails_and_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"NO GODOT, SO ITS CLIENT IS NOT TESTED.*is not there"):
        engine_or_skip(tmp_path)


def test_others_skip_loudly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="NO GODOT, SO ITS CLIENT IS NOT TESTED"):
        engine_or_skip(tmp_path)
