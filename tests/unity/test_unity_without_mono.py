"""Where there is no Mono, the run says so loudly, and fails under CI."""

from collections.abc import Callable
from pathlib import Path

import mono_build
import pytest


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    """Take every program away; nothing can be fetched."""

    def take(ci: str | None) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setattr(mono_build, "_fetched", lambda: "engines: *** there is no mono on this machine")
        monkeypatch.delenv("CI", raising=False)
        if ci is not None:
            monkeypatch.setenv("CI", ci)

    return take


def test_ci_fails_and_says_what_is_missing(bare: Callable[[str | None], None]) -> None:
    bare("true")
    with pytest.raises(
        pytest.fail.Exception, match=r"NOT TESTED: mono, mcs, nunit-console missing; engines: \*\*\*"
    ):
        mono_build.require_mono()


def test_others_skip_loudly_and_say_what_to_do(bare: Callable[[str | None], None]) -> None:
    bare(None)
    with pytest.raises(pytest.skip.Exception, match=r"NOT TESTED.*run \.ci/engines mono"):
        mono_build.require_mono()
