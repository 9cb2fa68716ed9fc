"""On a Ray cluster of several workers, one of which is killed in the middle, a bake comes out the same to the byte."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import fsspec
import psutil
import pytest
from baking_yard import Bake
from toy_models import install_noise

from roomtone.bake.kept import Kept
from roomtone.bake.shared import SharedFiles, open_files
from roomtone.cache.key import key_of
from roomtone.errors import EXIT_UNAVAILABLE
from roomtone.models.request import Recipe
from roomtone.models.service import ServiceOptions

ray = pytest.importorskip("ray", reason="NO RAY, SO CLUSTERS ARE NOT TESTED: pip install 'roomtone[farm]'")
from roomtone.bake.farm import open_farm  # noqa: E402 - only where Ray is
from roomtone.bake.farm_clips import ClipFarm  # noqa: E402

RAY = Path(sys.executable).parent / "ray"
WORKERS = 3
STATES = ("--seconds", 4, "--states", "wet,wild", "--variations", 3)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def cluster() -> Iterator[tuple[str, int]]:
    """A cluster on this computer: the address of its head, and its process."""
    port = free_port()
    # Sockets have short names only.
    folder = Path(f"/tmp/rt-ray-{port}")
    words = ["--head", f"--port={port}", f"--num-cpus={WORKERS}", "--include-dashboard=false", "--block"]
    words += [f"--temp-dir={folder}", "--object-store-memory=100000000", "--disable-usage-stats"]
    process = subprocess.Popen([RAY, "start", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: (folder / "session_latest").exists() and reachable(port))
        yield f"127.0.0.1:{port}", process.pid
    finally:
        for child in [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]:
            child.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def reachable(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(happened: object, within_s: float = 120.0) -> None:
    deadline_s = time.monotonic() + within_s
    while not happened():  # type: ignore[operator]
        assert time.monotonic() < deadline_s, "it did not happen"
        time.sleep(0.02)


def workers_of(head: int, kind: str = "FarmWorker") -> list[psutil.Process]:
    children = psutil.Process(head).children(recursive=True)
    return [child for child in children if f"ray::{kind}" in " ".join(child.cmdline())]


def whole_tree(out: str) -> dict[str, bytes]:
    files = (path for path in Path(out).rglob("*") if path.is_file() and ".roomtone" not in path.parts)
    return {
        path.relative_to(out).as_posix(): path.read_bytes() for path in files if path.name != "report.html"
    }


@pytest.mark.system
@pytest.mark.timeout(480)
@pytest.mark.skipif(sys.platform == "win32", reason="Ray is in beta there")
def test_a_killed_worker_changes_not_a_byte(
    bake: Bake, yard: Path, tmp_path: Path, cluster: tuple[str, int]
) -> None:
    bake(yard, *STATES)
    alone = whole_tree("out")
    store = tmp_path / "store"
    words = [sys.executable, "-m", "roomtone", "bake", yard, "-o", "farm", *STATES, "--cluster", cluster[0]]
    process = subprocess.Popen(
        [*map(str, words), "--store", str(store)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    wait_until(lambda: list(store.glob("records/*.json")) or process.poll() is not None, 240.0)
    running = workers_of(cluster[1])
    assert len(running) == WORKERS, process.communicate()
    running[0].kill()
    _, told = process.communicate(timeout=300)
    assert process.returncode == 0, told.decode()
    assert whole_tree("farm") == alone


@pytest.mark.system
@pytest.mark.timeout(480)
@pytest.mark.skipif(sys.platform == "win32", reason="Ray is in beta there")
def test_clips_are_made_by_warm_models_of_the_cluster_and_a_killed_one_changes_not_a_byte(
    bake: Bake, tmp_path: Path, cluster: tuple[str, int]
) -> None:
    loads = tmp_path / "loads"
    install_noise(tmp_path / "models", step_s=0.4, loads=str(loads))
    rows = [f"{name},a {name} hiss,noise" for name in ("long", "longer", "short", "shorter", "wide", "wider")]
    Path("list.csv").write_text("\n".join(["name,prompt,model", *rows]), encoding="utf-8")
    assert bake("list.csv", "--seconds", 4, "--cache-dir", "alone")[0] == 0
    assert len(loads.read_text().split()) == 1
    loads.unlink()
    store = tmp_path / "store"
    words = [sys.executable, "-m", "roomtone", "bake", "list.csv", "-o", "farm", "--seconds", "4"]
    process = subprocess.Popen(
        [*words, "--cluster", cluster[0], "--store", str(store)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    wait_until(lambda: list(store.glob("clips/*.zip")) or process.poll() is not None, 240.0)
    first = {path.name for path in store.glob("clips/*.zip")}
    (maker,) = workers_of(cluster[1], "ClipMaker")
    maker.kill()
    _, told = process.communicate(timeout=300)
    assert process.returncode == 0, told.decode()
    assert len(first) < len(list(store.glob("clips/*.zip"))) == 2 * len(rows)
    assert len(loads.read_text().split()) == 2, "once, and once more after it was killed"
    assert whole_tree("farm") == whole_tree("out")


@pytest.mark.system
@pytest.mark.timeout(480)
@pytest.mark.skipif(sys.platform == "win32", reason="Ray is in beta there")
def test_nodes_without_the_same_weights_are_left_out_and_the_conductor_makes_what_none_can(
    tmp_path: Path, cluster: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = install_noise(tmp_path / "models")
    recipe = Recipe(model="noise", weights=model.weights, prompt="a hiss", seconds=2.0, seed=1)
    bad = replace(recipe, prompt="a silent hiss")
    options = ServiceOptions(models_dir=tmp_path / "models", cache_dir=tmp_path / "here")
    store = str(tmp_path / "store")
    with open_farm(cluster[0], tmp_path, open_files(store), store, workers=1) as farm:
        clips = ClipFarm(open_files(store), store, options, {"noise": "0" * 64, "nothing": "1"})
        assert not clips.has("noise")
        assert not clips.has("nothing")
        clips.close()
        how = {"progress": lambda _: None, "log": lambda _: None}
        wanted = {key_of(each.record()): each for each in (recipe, bad)}
        made, missed = farm.try_clips(wanted, options, **how)
        assert [each.code for each in missed] == ["clip.silent"]
        assert made == {key_of(recipe.record())}
        assert [path.stem for path in Path(store).glob("clips/*.zip")] == list(made)
        with monkeypatch.context() as nowhere:
            nowhere.setattr(ClipFarm, "has", lambda *_: False)
            again = replace(recipe, seed=2)
            made, missed = farm.try_clips({key_of(again.record()): again}, options, **how)
        assert (made, missed) == ({key_of(again.record())}, [])
        assert len(list(Path(store).glob("clips/*.zip"))) == 1


def test_a_cluster_that_is_not_there_is_said(bake: Bake, yard: Path) -> None:
    code, said = bake(yard, *STATES, "--cluster", f"127.0.0.1:{free_port()}")
    assert code == EXIT_UNAVAILABLE
    assert said["errors"][0]["code"] == "farm.unreachable"


def test_a_store_behind_fsspec_keeps_what_a_folder_keeps() -> None:
    files = SharedFiles(fsspec.filesystem("memory"), "/roomtone")
    files.write("raw/a.npy", lambda path: path.write_bytes(b"sound") and None)
    assert files.has("raw/a.npy")
    assert files.read("raw/a.npy") == b"sound"
    assert files.names("raw") == ["a.npy"]
    other = SharedFiles(fsspec.filesystem("memory"), "/roomtone")
    assert other.fetch("raw/a.npy").read_bytes() == b"sound"
    assert Kept(other).find("0" * 64) is None
    Kept(other).forget_raw([])
    assert files.names("raw") == []
    assert files.read("raw/a.npy") is None
