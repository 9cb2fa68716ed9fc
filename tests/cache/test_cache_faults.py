"""Whatever call fails, or is the last: a clip is there whole or not at all, and nothing else is lost."""

import errno
import re
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from clips_to_keep import Clock, FailingDisk, PowerCutError, SlowDisk, files_in, is_whole, key, latent, put

from roomtone.audio import Samples
from roomtone.cache.disk import Disk
from roomtone.cache.entry import Entry
from roomtone.cache.store import Cache
from roomtone.errors import CacheError, OutputError

CODES = [
    (errno.ENOSPC, "cache.full"),
    (errno.EDQUOT, "cache.full"),
    (errno.EROFS, "cache.read-only"),
    (errno.EACCES, "cache.no-permission"),
    (errno.EIO, "cache.failed"),
]


def fill(root: Path) -> None:
    """Make a cache with two clips, the older of which must go when a third one comes."""
    clock = Clock()
    for seed in (1, 2):
        clock.now_s += 1.0
        put(Cache(root, clock=clock), seed, latent=latent(root.parent))


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    fill(tmp_path / "filled")
    return tmp_path / "filled"


def opened(root: Path, disk: Disk) -> Cache:
    """Open a cache with room for two clips."""
    max_bytes = 2 * max(row.size_bytes for row in Cache(root).rows()) + 1_000
    return Cache(root, max_bytes=max_bytes, disk=disk, clock=Clock())


def put_third(cache: Cache) -> Entry:
    return put(cache, 3, latent=latent(cache.root.parent))


def prune_all(cache: Cache) -> object:
    return cache.prune(max_bytes=0)


def export_all(cache: Cache) -> object:
    return cache.export_to(cache.root.with_name(f"{cache.root.name}_exported"))


def read_second(cache: Cache) -> object:
    entry = cache.find(key(2))
    assert entry is not None
    return cache.read(entry), cache.latent(entry)


# What is done, and which clips may be gone if it fails.
ACTIONS: dict[str, tuple[Callable[[Cache], Any], set[int]]] = {
    "put": (put_third, {1}),
    "prune": (prune_all, {1, 2}),
    "export": (export_all, set()),
    "read": (read_second, set()),
}


def calls_of(action: Callable[[Cache], object], filled: Path) -> list[str]:
    """Name every call that something makes to the disk when nothing fails."""
    disk = FailingDisk()
    action(opened(shutil.copytree(filled, filled.with_name("counted")), disk))
    return disk.calls


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("name", ACTIONS)
def test_whichever_call_fails_the_cache_stays_in_order(filled: Path, name: str, code: int) -> None:
    action, may_be_gone = ACTIONS[name]
    calls = calls_of(action, filled)
    assert len(calls) > 4
    for number in range(len(calls)):
        root = shutil.copytree(filled, filled.with_name(f"cache_{number}"))
        # What is refused is refused with an error of ours, or can be done without.
        with suppress(CacheError, OutputError):
            action(opened(root, FailingDisk(number, code=code)))
        check_order(root, may_be_gone)


@pytest.mark.parametrize("name", ACTIONS)
def test_whichever_call_is_the_last_the_cache_stays_in_order(filled: Path, name: str) -> None:
    action, may_be_gone = ACTIONS[name]
    for number in range(len(calls_of(action, filled))):
        root = shutil.copytree(filled, filled.with_name(f"cache_{number}"))
        with pytest.raises(PowerCutError):
            action(opened(root, FailingDisk(number, ends=True)))
        check_order(root, may_be_gone)


def check_order(root: Path, may_be_gone: set[int]) -> None:
    """A new process finds whole clips or none, can put what is missing, and sweeps what was left."""
    for folder in (root / "staging").glob("*"):
        # This process is the dead one; another now has its number.
        folder.rename(folder.with_name(re.sub(r"-\d+-(\w+)$", r"-1-\1", folder.name)))
    # Years later: everything that was left counts as old.
    with Cache(root, clock=Clock()) as cache:
        present = {seed for seed in (1, 2, 3) if is_whole(cache, seed)}
        assert present >= {1, 2} - may_be_gone
        assert cache.verify().damaged == ()
        assert {row.key for row in cache.rows()} == {key(seed) for seed in present}
        put(cache, 3, latent=latent(root.parent))
        assert is_whole(cache, 3)
        cache.prune()
        kept = {Path(name).suffix for name in files_in(root) if not name.startswith(("actions", "content"))}
        assert kept == set()
        assert len(list(root.rglob("*.flac"))) == len(present | {3})
        assert len(list(root.rglob("*.npz"))) == 1


def test_when_put_returns_the_disk_has_it(tmp_path: Path) -> None:
    disk = FailingDisk()
    with Cache(tmp_path / "cache", disk=disk) as cache:
        put(cache, latent=latent(tmp_path))
    disk.end()
    assert is_whole(Cache(tmp_path / "cache"))


@pytest.mark.parametrize(("number", "code"), CODES)
def test_what_the_disk_refuses_has_a_code_that_says_what_to_do(filled: Path, number: int, code: str) -> None:
    before = files_in(filled)
    disk = FailingDisk(calls_of(put_third, filled).index("write_sound"), code=number)
    with pytest.raises(CacheError) as caught:
        put_third(opened(filled, disk))
    assert caught.value.code == code
    assert caught.value.fix
    assert str(filled) in caught.value.at
    assert files_in(filled) == before


def test_a_file_in_place_of_the_folder_is_an_error_and_no_crash(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("not a folder")
    cache = Cache(tmp_path / "cache")
    for action in (cache.rows, cache.verify, lambda: cache.find(key()), lambda: put(cache)):
        with pytest.raises(CacheError) as caught:
            action()
        assert caught.value.code == "cache.failed"


def test_a_disk_that_gives_back_something_else_is_noticed(tmp_path: Path) -> None:
    class Forgetful(Disk):
        def write_sound(self, path: Path, samples: Samples, comment: str) -> None:
            super().write_sound(path, -samples, comment)

    with pytest.raises(CacheError) as caught:
        put(Cache(tmp_path / "cache", disk=Forgetful()))
    assert caught.value.code == "cache.not-kept"
    assert files_in(tmp_path / "cache") == {}


def test_an_export_that_fails_leaves_no_archive(filled: Path, tmp_path: Path) -> None:
    cache = Cache(filled)
    with pytest.raises(OutputError) as caught:
        cache.export_to(tmp_path / "nowhere" / "clips.zip")
    assert caught.value.code == "output.failed"
    (tmp_path / "clips.zip").mkdir()
    with pytest.raises(OutputError):
        cache.export_to(tmp_path / "clips.zip")
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


# Meanwhile, another process -------------------------------------------------------------------


def test_a_clip_that_is_evicted_while_it_is_read_is_gone_and_nothing_worse(tmp_path: Path) -> None:
    fill(tmp_path / "cache")
    disk = SlowDisk()
    cache = Cache(tmp_path / "cache", disk=disk)
    entry = cache.find(key(1))
    assert entry is not None
    disk.before["read"] = lambda: Cache(tmp_path / "cache").prune(max_bytes=0)
    with pytest.raises(CacheError) as caught:
        cache.read(entry)
    assert caught.value.code == "cache.gone"
    assert list(tmp_path.glob("cache/quarantine/*")) == []


def test_content_that_is_written_anew_while_it_is_evicted_stays(tmp_path: Path) -> None:
    clock = Clock()
    put(Cache(tmp_path / "cache", clock=clock))
    disk = SlowDisk()
    # After the entry is forgotten and before its content is, another process puts the same clip.
    disk.before["rename"] = lambda: put(Cache(tmp_path / "cache", clock=clock))
    Cache(tmp_path / "cache", disk=disk, clock=clock).prune(max_bytes=0)
    assert is_whole(Cache(tmp_path / "cache"))


@pytest.mark.parametrize("moment", ["read", "rename", "place"])
def test_of_two_processes_that_make_one_clip_the_first_is_kept_by_both(tmp_path: Path, moment: str) -> None:
    disk, theirs = SlowDisk(), []
    disk.before[moment] = lambda: theirs.append(put(Cache(tmp_path / "cache", clock=Clock(1.8e9))))
    mine = put(Cache(tmp_path / "cache", disk=disk, clock=Clock(1.9e9)))
    assert [mine] == theirs
    with Cache(tmp_path / "cache") as cache:
        assert is_whole(cache)
        assert len(list(tmp_path.rglob("*.flac"))) == 1


def test_a_clip_is_kept_although_the_one_that_came_first_has_just_gone(tmp_path: Path) -> None:
    # By the real clock: content that was placed just now is no leftover.
    other, disk = Cache(tmp_path / "cache"), SlowDisk()

    def come_and_go() -> None:
        put(other)
        disk.before["read"] = lambda: other.prune(max_bytes=0)

    disk.before["place"] = come_and_go
    put(Cache(tmp_path / "cache", disk=disk))
    assert is_whole(Cache(tmp_path / "cache"))


def test_a_disk_without_links_keeps_clips_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    disk, theirs = SlowDisk(), []
    disk.before["place"] = lambda: theirs.append(put(Cache(tmp_path / "cache", clock=Clock(1.8e9))))
    assert [put(Cache(tmp_path / "cache", disk=disk))] == theirs
    assert is_whole(Cache(tmp_path / "cache"))


def test_a_clip_that_is_made_anew_while_its_damage_is_found_is_not_put_away(tmp_path: Path) -> None:
    clock, root = Clock(), tmp_path / "cache"
    entry = put(Cache(root, clock=clock))
    (path,) = root.rglob("*.flac")
    path.write_bytes(bytes(path.stat().st_size))
    disk, looks = SlowDisk(), []

    def second_look() -> None:
        # The first read finds the damage; before the second, another process has made the clip anew.
        looks.append(1)
        if len(looks) == 2:
            put(Cache(root, clock=clock))
        else:
            disk.before["read"] = second_look

    disk.before["read"] = second_look
    with pytest.raises(CacheError):
        Cache(root, clock=clock, disk=disk).read(entry)
    assert is_whole(Cache(root))


# Windows --------------------------------------------------------------------------------------


def test_where_files_in_use_cannot_be_replaced_the_cache_waits_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows: each file is refused twice, as if somebody had just been reading it."""
    refused: Counter[Path] = Counter()

    def busy(path: Path) -> None:
        # Nobody reads what is only being staged.
        if "staging" in path.parts:
            return
        refused[path] += 1
        if refused[path] <= 2:
            raise PermissionError(errno.EACCES, "it is being used by another process", str(path))

    unlink, replace = Path.unlink, Path.replace
    monkeypatch.setattr("roomtone.cache.disk._TRIES", 20)
    monkeypatch.setattr("roomtone.cache.disk._WAIT_S", 0.0)
    monkeypatch.setattr(Path, "unlink", lambda path, **more: (busy(path), unlink(path, **more))[1])
    monkeypatch.setattr(Path, "replace", lambda path, target: (busy(target), replace(path, target))[1])
    cache = Cache(tmp_path / "cache", clock=Clock())
    put(cache, 1)
    put(cache, 2)
    assert is_whole(cache, 1)
    assert len(cache.prune(max_bytes=0).keys) == 2
    assert refused.total() >= 12
    assert list((tmp_path / "cache" / "content").rglob("*.flac")) == []
