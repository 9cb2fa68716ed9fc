"""The index only makes the cache quicker: whatever becomes of it, the clips are there, and nobody waits for it."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from clips_to_keep import Clock, is_whole, key, put

from roomtone.cache.disk import Disk
from roomtone.cache.index import INDEX_NAME, Index
from roomtone.cache.store import Cache
from roomtone.errors import CacheError


@pytest.fixture
def filled(cache: Cache, clock: Clock) -> Cache:
    for seed in range(4):
        clock.now_s += 1.0
        put(cache, seed)
    return cache


def keys(cache: Cache) -> list[str]:
    return [row.key for row in cache.rows()]


def asked(root: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(root / INDEX_NAME)) as index:
        return index.execute(question).fetchall()


def lose(root: Path) -> None:
    for path in root.glob("index.*"):
        path.unlink()


def test_the_list_says_what_is_there_in_order_of_use(filled: Cache, clock: Clock) -> None:
    assert keys(filled) == [key(seed) for seed in range(4)]
    entry = filled.find(key(1))
    assert entry is not None
    clock.now_s += 1.0
    filled.read(entry)
    assert keys(filled) == [key(seed) for seed in (0, 2, 3, 1)]
    row = filled.rows()[-1]
    assert (row.model, row.prompt, row.frames, row.channels) == ("audioldm2", "rain on tin", 4_800, 2)
    assert (row.size_bytes, row.made_s, row.used_s) == (entry.size_bytes, entry.made_s, clock.now_s)


def test_the_index_is_a_write_ahead_one_that_others_can_read_meanwhile(filled: Cache, root: Path) -> None:
    assert asked(root, "PRAGMA journal_mode") == [("wal",)]


def test_a_lost_index_is_made_again_from_the_files(filled: Cache, root: Path) -> None:
    lose(root)
    assert keys(Cache(root)) == [key(seed) for seed in range(4)]
    assert asked(root, "SELECT count(*) FROM clips") == [(4,)]


@pytest.mark.parametrize(
    "damage", [b"", b"this is no database at all, but long enough to be looked at" * 50, bytes(5_000)]
)
def test_a_broken_index_is_put_away_and_made_again(filled: Cache, root: Path, damage: bytes) -> None:
    (root / INDEX_NAME).write_bytes(damage)
    assert keys(Cache(root)) == [key(seed) for seed in range(4)]
    assert asked(root, "SELECT count(*) FROM clips") == [(4,)]
    put(filled, 9)
    assert key(9) in keys(filled)


def test_an_index_with_broken_pages_is_made_again(filled: Cache, root: Path) -> None:
    for seed in range(10, 30):
        put(filled, seed, prompt="p" * 2_000)
    whole = (root / INDEX_NAME).read_bytes()
    size_bytes = int(asked(root, "PRAGMA page_size")[0][0])  # type: ignore[call-overload]
    (root / INDEX_NAME).write_bytes(whole[:size_bytes] + b"\xa5" * (len(whole) - size_bytes))
    assert len(keys(Cache(root))) == 24
    assert asked(root, "PRAGMA quick_check") == [("ok",)]


def test_an_index_of_another_version_is_made_again(filled: Cache, root: Path) -> None:
    with closing(sqlite3.connect(root / INDEX_NAME)) as index:
        index.execute("DROP TABLE clips")
        index.execute("CREATE TABLE clips (name TEXT)")
        index.execute("PRAGMA user_version = 99")
        index.commit()
    assert keys(Cache(root)) == [key(seed) for seed in range(4)]


def test_without_any_index_the_files_say_everything(filled: Cache, root: Path, clock: Clock) -> None:
    lose(root)
    (root / INDEX_NAME).mkdir()
    cache = Cache(root, clock=clock)
    assert keys(cache) == [key(seed) for seed in range(4)]
    put(cache, 5)
    assert is_whole(cache, 5)
    assert len(cache.prune(max_bytes=0).keys) == 5
    assert cache.find(key(5)) is None
    assert cache.rebuild() == 0
    (root / INDEX_NAME).rmdir()
    put(cache, 6)
    assert keys(cache) == [key(6)]


def test_clips_that_came_or_went_without_the_index_are_noticed(
    filled: Cache, root: Path, clock: Clock
) -> None:
    old = (root / INDEX_NAME).read_bytes()
    put(filled, 7)
    filled.prune(max_bytes=0)
    put(filled, 8)
    lose(root)
    (root / INDEX_NAME).write_bytes(old)
    assert keys(filled) == [key(8)]
    assert asked(root, "SELECT key FROM clips") == [(key(8),)]


def test_rebuilding_starts_from_the_files(filled: Cache, root: Path) -> None:
    with closing(sqlite3.connect(root / INDEX_NAME)) as index:
        index.execute("UPDATE clips SET model = 'nonsense'")
        index.commit()
    assert filled.rebuild() == 4
    assert {row.model for row in filled.rows()} == {"audioldm2"}


def test_nobody_waits_long_for_who_holds_the_index(filled: Cache, root: Path, clock: Clock) -> None:
    entry = filled.find(key(1))
    assert entry is not None
    clock.now_s += 1_000.0
    with closing(sqlite3.connect(root / INDEX_NAME, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        started_s = time.perf_counter()
        # The first read after a minute would note what was used.
        filled.read(entry)
        filled.read(entry)
        put(filled, 5)
        assert set(keys(filled)) == {key(seed) for seed in (0, 1, 2, 3, 5)}
        assert time.perf_counter() - started_s < 5.0
    assert set(keys(filled)[-2:]) == {key(1), key(5)}
    assert asked(root, f"SELECT used_s FROM clips WHERE key = '{key(1)}'") == [(clock.now_s,)]


def test_reading_writes_nothing_and_uses_are_noted_together(filled: Cache, root: Path, clock: Clock) -> None:
    entry = filled.find(key(1))
    assert entry is not None
    before = (root / INDEX_NAME).stat().st_mtime_ns
    for _ in range(50):
        clock.now_s += 1.0
        filled.read(entry)
    assert (root / INDEX_NAME).stat().st_mtime_ns == before
    clock.now_s += 30.0
    filled.read(entry)
    assert asked(root, f"SELECT used_s FROM clips WHERE key = '{key(1)}'") == [(clock.now_s,)]
    clock.now_s += 5.0
    filled.read(entry)
    filled.close()
    assert asked(root, f"SELECT used_s FROM clips WHERE key = '{key(1)}'") == [(clock.now_s,)]


def test_a_read_only_cache_can_be_read_and_says_so_when_written(filled: Cache, root: Path) -> None:
    class ReadOnly(Disk):
        def make_folder(self, folder: Path) -> None:
            raise OSError(30, "Read-only file system", str(folder))

    cache = Cache(root, disk=ReadOnly())
    assert is_whole(cache, 1)
    with pytest.raises(CacheError) as caught:
        put(cache, 5)
    assert caught.value.code == "cache.read-only"


def test_an_index_of_a_folder_that_is_not_there_knows_nothing_and_makes_nothing(root: Path) -> None:
    assert Index(root).rows() is None
    assert not Index(root).clear()
    assert not root.exists()
