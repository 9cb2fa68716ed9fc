"""Nothing is made twice, nothing finished is lost, and what appears is whole: whatever happens on the way."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import soundfile
from baking_yard import YARD, Bake, manifest

from roomtone.bake import rendering
from roomtone.bake.kept import Kept, LocalFiles
from roomtone.bake.working import Failure, Pool
from roomtone.errors import EXIT_CANNOT_CREATE

STATES = ("--seconds", 4, "--states", "wet,wild")


def whole_tree(out: str = "out") -> dict[str, bytes]:
    """Read all that a bake made, but for the report, which says how long it took."""
    files = (path for path in Path(out).rglob("*") if path.is_file() and ".roomtone" not in path.parts)
    return {
        path.relative_to(out).as_posix(): path.read_bytes() for path in files if path.name != "report.html"
    }


def leftovers() -> list[Path]:
    return [path for path in Path("out").rglob("*") if ".part" in path.name or "probe" in path.name]


def wait_for(happened: Callable[[], Any]) -> Any:
    deadline_s = time.monotonic() + 60.0
    while time.monotonic() < deadline_s:
        if found := happened():
            return found
        time.sleep(0.01)
    raise AssertionError("it did not happen")


# Again ----------------------------------------------------------------------------------------


def test_baking_again_makes_nothing_and_changes_nothing(bake: Bake, yard: Path) -> None:
    _, first = bake(yard, *STATES)
    before = whole_tree()
    code, second = bake(yard, *STATES)
    assert code == 0
    assert len(first["made"]) == 3
    assert second["made"] == []
    assert second["audio_s"] == 0
    assert whole_tree() == before


def test_only_what_an_edit_touches_is_rendered_again(bake: Bake, yard: Path) -> None:
    bake(yard, *STATES, "--lufs", "keep")
    yard.write_text(YARD.replace("gain_db: -14", "gain_db: -15"), encoding="utf-8")
    _, again = bake(yard, *STATES, "--lufs", "keep")
    assert again["made"] == ["yard/brook.wav"]
    # Where a point is, which mood is called what, and what is said of a scene, is not heard in a layer.
    moved = YARD.replace("at_m: [1, 0, -2]", "at_m: [2, 0, -2]").replace("gain_db: -14", "gain_db: -15")
    yard.write_text(moved.replace("seed: 5", "seed: 5\nsummary: other words"), encoding="utf-8")
    _, again = bake(yard, *STATES, "--lufs", "keep")
    assert again["made"] == []
    assert manifest()["scenes"][0]["layers"][1]["placement"]["at_m"] == [2.0, 0.0, -2.0]


def test_a_file_that_was_lost_or_altered_is_written_again(bake: Bake, yard: Path) -> None:
    bake(yard, *STATES)
    before = whole_tree()
    Path("out/yard/brook.wav").write_bytes(b"something else")
    Path("out/yard/street-wet.wav").unlink()
    _, again = bake(yard, *STATES)
    assert again["made"] == ["yard/brook.wav", "yard/street-wet.wav"]
    assert again["audio_s"] == 0
    assert whole_tree() == before


def test_several_processes_make_the_same_bytes_as_one(bake: Bake, yard: Path) -> None:
    bake(yard, *STATES)
    alone = whole_tree()
    shutil.rmtree("out")
    bake(yard, *STATES, "--jobs", 2)
    assert whole_tree() == alone


def test_a_dry_run_says_what_would_be_made_and_makes_nothing(bake: Bake, yard: Path) -> None:
    code, said = bake(yard, *STATES, "--dry-run")
    assert code == 0
    assert said["make"] == [
        "yard/street-wet.wav",
        "yard/brook.wav",
        "yard/thunder-wet.wav",
        "yard/thunder-wild.wav",
    ]
    assert said["audio_s"] == 16.0
    assert said["size_bytes"] > 16 * 48_000 * 3
    assert not list(Path("out").iterdir())
    bake(yard, *STATES)
    _, said = bake(yard, *STATES, "--dry-run")
    assert said["make"] == []
    assert len(said["reuse"]) == 3


def test_files_of_an_earlier_bake_are_named_and_left(bake: Bake, yard: Path) -> None:
    bake(yard, *STATES)
    _, said = bake(yard, "--seconds", 4, "--states", "wet")
    assert said["stale"] == ["yard/thunder-wild.wav"]
    assert Path("out/yard/thunder-wild.wav").is_file()


# Interrupted ----------------------------------------------------------------------------------


def start(yard: Path, *words: object) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-m", "roomtone", "bake", str(yard), "-o", "out", *map(str, words)]
    # A shell hands down to what it runs in the background that Ctrl-C is ignored; a terminal does not.
    heard = None if sys.platform == "win32" else partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=heard)  # noqa: PLW1509


def workers_of(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    children = psutil.Process(process.pid).children(recursive=True)
    return [child for child in children if "spawn_main" in " ".join(child.cmdline())]


@pytest.mark.system
def test_a_worker_that_is_killed_is_not_noticed_in_what_comes_out(bake: Bake, yard: Path) -> None:
    bake(yard, *STATES)
    alone = whole_tree()
    shutil.rmtree("out")
    process = start(yard, *STATES, "--jobs", 2)
    wait_for(lambda: Path("out/.roomtone/raw").is_dir())
    for worker in workers_of(process)[:1]:
        worker.kill()
    _, told = process.communicate(timeout=100)
    assert process.returncode == 0, told
    assert whole_tree() == alone
    assert leftovers() == [] or all(".roomtone" in path.parts for path in leftovers())


@pytest.mark.system
@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process there")
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupt_keeps_what_is_finished(bake: Bake, yard: Path, jobs: int) -> None:
    process = start(yard, *STATES, "--variations", 4, "--jobs", jobs)
    wait_for(lambda: list(Path("out").glob(".roomtone/records/*.json")))
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert not Path("out/manifest.json").exists()
    finished = len(list(Path("out").glob(".roomtone/records/*.json")))
    _, said = bake(yard, *STATES, "--variations", 4, "--dry-run")
    assert said["audio_s"] <= 4 * (16 - min(finished, 16))
    code, _ = bake(yard, *STATES, "--variations", 4)
    assert code == 0


@pytest.mark.system
def test_a_job_that_kills_every_worker_is_given_up_and_others_are_not(
    tmp_path: Path, yard: Path, bake: Bake
) -> None:
    from killing import KillingJob  # noqa: PLC0415 - what the workers import

    with Pool(tmp_path / "out", tmp_path / "kept", workers=2) as pool:
        outcomes = [outcome for _, outcome in pool.run([KillingJob("k", "the deadly one", os.getpid())])]  # type: ignore[list-item]
    (failure,) = outcomes
    assert isinstance(failure, Failure)
    assert failure.code == "bake.worker-died"


# Disks ----------------------------------------------------------------------------------------


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_fills_up_while_rendering_is_said_and_leaves_nothing_half(
    bake: Bake, yard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(rendering, "_save", full)
        code, said = bake(yard, *STATES)
    assert code == EXIT_CANNOT_CREATE
    assert said["errors"][0]["code"] == "output.full"
    assert whole_tree() == {}
    assert leftovers() == []
    assert bake(yard, *STATES)[0] == 0


def test_a_disk_that_fills_up_while_writing_keeps_the_files_that_are_whole(
    bake: Bake, yard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = soundfile.SoundFile.write
    count = iter(range(100))

    def write(self: soundfile.SoundFile, samples: object) -> None:
        if next(count) >= 3:
            full()
        written(self, samples)

    with monkeypatch.context() as patched:
        patched.setattr(soundfile.SoundFile, "write", write)
        code, said = bake(yard, *STATES)
    assert code == EXIT_CANNOT_CREATE
    assert said["errors"][0]["fix"]
    assert leftovers() == []
    for name in whole_tree():
        assert len(soundfile.read(Path("out") / name)[0]) > 0
    _, again = bake(yard, *STATES)
    assert again["audio_s"] == 0


@pytest.mark.parametrize("edited", [True, False], ids=["other sound", "the same sound"])
def test_no_manifest_tells_of_files_that_an_interrupted_bake_replaced(
    bake: Bake, yard: Path, monkeypatch: pytest.MonkeyPatch, *, edited: bool
) -> None:
    words = (yard, "--seconds", 4, "--states", "wet", "--engine", "unity")
    bake(*words, "--variations", 2)
    before = whole_tree()
    if edited:
        yard.write_text(YARD.replace("-14", "-9"), encoding="utf-8")
    else:
        Path("out/yard/brook.wav").unlink()
    with monkeypatch.context() as patched:
        patched.setattr(soundfile.SoundFile, "write", full)
        assert bake(*words, "--variations", 2)[0] == EXIT_CANNOT_CREATE
    assert Path("out/manifest.json").exists() is not edited
    assert Path("out/yard/yard.json").exists() is not edited
    # What was is still known: what is left over of it is named.
    _, said = bake(*words)
    assert said["stale"] == ["yard/brook-2.wav", "yard/street-wet-2.wav"]
    assert sorted(manifest()["files"]) == ["yard/brook.wav", "yard/street-wet.wav"]
    bake(*words, "--variations", 2)
    assert (whole_tree() == before) is not edited


def test_what_is_kept_is_whole_or_not_there(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path / "kept")

    def fill(path: Path) -> None:
        path.write_bytes(b"half")
        full()

    with pytest.raises(Exception, match=r"output\.full"):
        files.write("raw/a.npy", fill)
    assert files.read("raw/a.npy") is None
    assert files.names("raw") == []


def test_a_record_that_was_cut_short_counts_for_nothing(bake: Bake, yard: Path) -> None:
    bake(yard, *STATES)
    for path in Path("out/.roomtone/records").iterdir():
        path.write_bytes(path.read_bytes()[:20])
    assert all(
        Kept(LocalFiles(Path("out/.roomtone"))).find(path.stem) is None
        for path in Path("out").rglob("*.json")
    )
    before = whole_tree()
    assert bake(yard, *STATES)[0] == 0
    assert whole_tree() == before


def test_raw_sound_that_nothing_wants_is_let_go(bake: Bake, yard: Path) -> None:
    bake(yard, *STATES)
    bake(yard, "--seconds", 5, "--states", "wet")
    raws = list(Path("out/.roomtone/raw").iterdir())
    assert len(raws) == len(manifest()["files"])
    assert all(np.load(path).shape[0] <= 5 * 48_000 for path in raws)
