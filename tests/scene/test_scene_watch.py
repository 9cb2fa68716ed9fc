import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from roomtone.scene.watch import QUIET_S, watch_scenes

SOON_S = 10.0


class Changes:
    """What the watch reported, with the thread that it came on."""

    def __init__(self) -> None:
        self._reported: queue.Queue[Path] = queue.Queue()
        self.threads: set[threading.Thread] = set()

    def __call__(self, path: Path) -> None:
        self.threads.add(threading.current_thread())
        self._reported.put(path)

    def until(self, path: Path) -> list[Path]:
        """Wait for a report of `path`; return what was reported up to then."""
        seen = []
        while path not in seen:
            seen.append(self._reported.get(timeout=SOON_S))
        return seen

    def rest(self) -> list[Path]:
        """Return what was reported and not asked for yet."""
        return [self._reported.get_nowait() for _ in range(self._reported.qsize())]


@pytest.fixture
def changes() -> Changes:
    return Changes()


@pytest.fixture
def folder(tmp_path: Path, changes: Changes) -> Iterator[Path]:
    (tmp_path / "cafe.yaml").write_text("scene: cafe\n")
    with watch_scenes(tmp_path, changes):
        yield tmp_path


def _settle(folder: Path, changes: Changes) -> list[Path]:
    """Make a last change and wait for it: what was reported before is all there was."""
    (folder / "last.yaml").write_text("scene: last\n")
    return [path for path in changes.until(folder / "last.yaml") if path != folder / "last.yaml"]


def test_a_file_written_in_place_is_reported(folder: Path, changes: Changes) -> None:
    (folder / "cafe.yaml").write_text("scene: cafe\nseed: 2\n")
    assert changes.until(folder / "cafe.yaml") == [folder / "cafe.yaml"]


def test_a_new_file_renamed_over_the_old_one_is_reported_once(folder: Path, changes: Changes) -> None:
    (folder / ".cafe.yaml.tmp").write_text("scene: cafe\nseed: 2\n")
    (folder / ".cafe.yaml.tmp").replace(folder / "cafe.yaml")
    assert changes.until(folder / "cafe.yaml") == [folder / "cafe.yaml"]
    assert _settle(folder, changes) == []


def test_a_file_moved_in_from_elsewhere_is_reported(
    folder: Path, changes: Changes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "cafe.yaml"
    elsewhere.write_text("scene: cafe\nseed: 2\n")
    elsewhere.replace(folder / "cafe.yaml")
    assert changes.until(folder / "cafe.yaml") == [folder / "cafe.yaml"]


def test_a_file_truncated_and_rewritten_is_read_whole(tmp_path: Path) -> None:
    whole = "scene: cafe\n" + "# a long comment\n" * 1000
    read = queue.Queue[str]()
    with watch_scenes(tmp_path, lambda path: read.put(path.read_text())):
        for line in whole.splitlines(keepends=True):
            with (tmp_path / "cafe.yaml").open("a") as file:
                file.write(line)
        reads = [read.get(timeout=SOON_S)]
        while reads[-1] != whole:
            reads.append(read.get(timeout=SOON_S))
    # A thousand writes; a machine that stalls in between may show the file growing, but not every line.
    assert len(reads) < 10


def test_a_burst_of_writes_is_reported_together(folder: Path, changes: Changes) -> None:
    for seed in range(20):
        (folder / "cafe.yaml").write_text(f"scene: cafe\nseed: {seed}\n")
    reports = changes.until(folder / "cafe.yaml") + _settle(folder, changes)
    assert len(reports) < 4


def test_a_deleted_file_is_reported(folder: Path, changes: Changes) -> None:
    (folder / "cafe.yaml").unlink()
    changes.until(folder / "cafe.yaml")
    assert not (folder / "cafe.yaml").exists()


def test_both_names_of_a_renamed_scene_are_reported(folder: Path, changes: Changes) -> None:
    (folder / "cafe.yaml").rename(folder / "bar.yaml")
    reported = changes.until(folder / "bar.yaml")
    assert set(reported + _settle(folder, changes)) == {folder / "cafe.yaml", folder / "bar.yaml"}


def test_what_is_no_scene_file_is_not_reported(folder: Path, changes: Changes) -> None:
    for name in ("notes.txt", "cafe.yaml~", ".cafe.yaml.swp", "#cafe.yaml#", "4913"):
        (folder / name).write_text("x")
    (folder / "clips.yaml").mkdir()
    assert _settle(folder, changes) == []


def test_reading_a_scene_does_not_report_it(folder: Path, changes: Changes) -> None:
    for _ in range(5):
        (folder / "cafe.yaml").read_text()
    assert _settle(folder, changes) == []


def test_every_report_comes_on_one_thread_and_none_after_closing(tmp_path: Path, changes: Changes) -> None:
    watch = watch_scenes(tmp_path, changes)
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text("x")
        changes.until(tmp_path / f"{name}.yaml")
    watch.close()
    assert len(changes.threads) == 1
    assert not any(thread.is_alive() for thread in changes.threads)
    (tmp_path / "a.yaml").write_text("y")
    assert changes.rest() == []


def test_the_wait_for_quiet_is_short_enough_not_to_be_noticed() -> None:
    assert 0.05 <= QUIET_S <= 0.1
