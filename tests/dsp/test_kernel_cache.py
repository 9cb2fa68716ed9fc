from collections.abc import Iterator
from pathlib import Path

import pytest

from roomtone.dsp import kernel_cache

SOURCES = {
    "audio.py": "RATE = 48_000\n",
    "dsp/__init__.py": "",
    "dsp/random.py": "from roomtone.audio import RATE\n",
    "dsp/bed.py": "from roomtone.dsp.random import uniform\n",
    "dsp/modal.py": "X = 1\n",
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name, text in SOURCES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(kernel_cache, "_PACKAGE", tmp_path)
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    _forget()
    yield tmp_path
    _forget()


def _forget() -> None:
    for remembered in (kernel_cache.cache_root, kernel_cache.kernel_folder, kernel_cache._text_of):
        remembered.cache_clear()


def _folder_after(package: Path, edited: str, module: str) -> Path:
    with (package / edited).open("a", encoding="utf-8") as source:
        source.write("# edited\n")
    _forget()
    return kernel_cache.kernel_folder(module)


def test_an_edit_far_below_a_kernel_gives_it_another_folder(package: Path):
    before = kernel_cache.kernel_folder("roomtone.dsp.bed")
    assert _folder_after(package, "audio.py", "roomtone.dsp.bed") != before


def test_an_edit_beside_a_kernel_leaves_its_folder_alone(package: Path):
    before = kernel_cache.kernel_folder("roomtone.dsp.bed")
    assert _folder_after(package, "dsp/modal.py", "roomtone.dsp.bed") == before


def test_any_edit_of_the_sounds_ends_their_being_compiled(package: Path):
    before = kernel_cache.stamp_path()
    (package / "dsp" / "modal.py").write_text("X = 2\n", encoding="utf-8")
    _forget()
    assert kernel_cache.stamp_path() != before


def test_kernels_of_sources_that_are_no_more_are_removed(package: Path):
    stale, fresh = kernel_cache.cache_root() / "stale", kernel_cache.kernel_folder("roomtone.dsp.bed")
    stale.mkdir()
    fresh.mkdir()
    kernel_cache.prune()
    assert fresh.exists()
    assert not stale.exists()


def test_the_users_choice_of_folder_counts(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "elsewhere"))
    _forget()
    assert kernel_cache.kernel_folder("roomtone.dsp.bed").parent == tmp_path / "elsewhere"
