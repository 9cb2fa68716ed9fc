"""The cache keeps within its bounds: what was used least goes first, what is wanted stays, what crashed is cleared."""

import errno
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest
from clips_to_keep import STARTED_S, Clock, files_in, is_whole, key, latent, put
from hypothesis import given
from hypothesis import strategies as st

from roomtone.cache.disk import Disk
from roomtone.cache.eviction import choose
from roomtone.cache.index import Row
from roomtone.cache.store import Cache
from roomtone.errors import CacheError

DAY_S = 86_400.0


def fill(cache: Cache, clock: Clock, seeds: range) -> None:
    for seed in seeds:
        clock.now_s += 1.0
        put(cache, seed)


def present(cache: Cache, seeds: range) -> set[int]:
    return {seed for seed in seeds if cache.find(key(seed))}


def bounded(root: Path, clock: Clock, *, clips: int) -> Cache:
    """A cache with room for so many clips."""
    with Cache(root.with_name("sample")) as sample:
        size_bytes = put(sample).size_bytes
    return Cache(root, max_bytes=round((clips + 0.5) * size_bytes), clock=clock)


# Eviction -------------------------------------------------------------------------------------


def test_the_least_recently_used_clip_goes_first(root: Path, clock: Clock) -> None:
    cache = bounded(root, clock, clips=3)
    fill(cache, clock, range(3))
    for seed in (0, 2):
        entry = cache.find(key(seed))
        assert entry is not None
        clock.now_s += 1.0
        cache.read(entry)
    fill(cache, clock, range(3, 4))
    assert present(cache, range(4)) == {0, 2, 3}
    fill(cache, clock, range(4, 5))
    assert present(cache, range(5)) == {2, 3, 4}
    assert all(is_whole(cache, seed) for seed in (2, 3, 4))
    assert len(list(root.rglob("*.flac"))) == 3


def test_the_cache_never_takes_more_than_it_may(root: Path, clock: Clock) -> None:
    cache = bounded(root, clock, clips=2)
    for seed in range(12):
        put(cache, seed, frames=1_000 + 700 * (seed % 5))
        assert sum(row.size_bytes for row in cache.rows()) <= (cache.max_bytes or 0)
        assert sum(path.stat().st_size for path in (root / "content").rglob("*.*")) <= (cache.max_bytes or 0)
        assert is_whole(cache, seed)


def test_pinned_clips_stay_whatever_comes(root: Path, clock: Clock) -> None:
    cache = bounded(root, clock, clips=2)
    fill(cache, clock, range(1))
    cache.pin(key(0))
    cache.pin(key(0))
    fill(cache, clock, range(1, 6))
    assert present(cache, range(6)) == {0, 5}
    cache.unpin(key(0))
    cache.unpin(key(0))
    fill(cache, clock, range(6, 7))
    assert present(cache, range(7)) == {5, 6}


def test_a_lease_keeps_clips_until_it_ends(root: Path, clock: Clock) -> None:
    cache = bounded(root, clock, clips=2)
    fill(cache, clock, range(2))
    Cache(root, clock=clock).lease("daemon-1", [key(0), key(99)], seconds=60.0)
    fill(cache, clock, range(2, 4))
    assert present(cache, range(4)) == {0, 3}
    assert cache.held() == {key(0), key(99)}
    clock.now_s += 60.0
    assert cache.held() == set()
    fill(cache, clock, range(4, 5))
    assert present(cache, range(5)) == {3, 4}


def test_a_lease_takes_the_place_of_the_one_before_and_none_ends_it(cache: Cache, root: Path) -> None:
    cache.lease("a", [key(1)], seconds=60.0)
    cache.lease("b", [key(2)], seconds=60.0)
    cache.lease("a", [key(3)], seconds=60.0)
    assert cache.held() == {key(2), key(3)}
    cache.lease("a", [], seconds=60.0)
    assert cache.held() == {key(2)}
    assert [path.name for path in (root / "leases").iterdir()] == ["b.json"]


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{" * 9_000, b'{"until_s": 1e300, "keys": ["a"]}', b'{"until_s": "x"}']
)
def test_a_lease_that_cannot_be_read_keeps_nothing(cache: Cache, root: Path, text: bytes) -> None:
    cache.lease("a", [key(1)], seconds=60.0)
    (root / "leases" / "a.json").write_bytes(text)
    assert cache.held() == set()


@pytest.mark.parametrize(
    ("owner", "keys"),
    [("../a", [key(1)]), ("", [key(1)]), ("A B", [key(1)]), ("a", ["../../x"]), ("a", [key(1)[:9]])],
)
def test_a_lease_of_a_strange_name_is_refused(cache: Cache, root: Path, owner: str, keys: list[str]) -> None:
    with pytest.raises(CacheError) as caught:
        cache.lease(owner, keys, seconds=1.0)
    assert caught.value.code == "cache.bad-lease"
    assert files_in(root) == {}


def test_a_clip_that_does_not_fit_is_refused_and_nothing_goes_for_it(root: Path, clock: Clock) -> None:
    cache = bounded(root, clock, clips=2)
    fill(cache, clock, range(2))
    before = files_in(root)
    with pytest.raises(CacheError) as caught:
        put(cache, 9, frames=48_000)
    assert caught.value.code == "cache.full"
    assert files_in(root) == before
    for seed in (0, 1):
        cache.pin(key(seed))
    with pytest.raises(CacheError, match="pinned"):
        put(cache, 9)
    assert present(cache, range(2)) == {0, 1}


def test_a_latent_of_two_clips_goes_with_the_last_of_them(cache: Cache, tmp_path: Path) -> None:
    shared = latent(tmp_path)
    put(cache, 1, latent=shared)
    put(cache, 2, latent=shared)
    size_bytes = cache.rows()[1].size_bytes
    assert len(cache.prune(max_bytes=size_bytes).keys) == 1
    left = [seed for seed in (1, 2) if is_whole(cache, seed)]
    assert len(left) == 1
    cache.prune(max_bytes=0)
    assert list((cache.root / "content").rglob("*.npz")) == []


def a_row(key: str, size_bytes: int, used_s: float) -> Row:
    return Row(
        key=key,
        audio="",
        latent="",
        size_bytes=size_bytes,
        frames=1,
        channels=1,
        model="",
        prompt="",
        made_s=0.0,
        used_s=used_s,
    )


ROWS = st.lists(st.tuples(st.integers(1, 100), st.floats(0, 100), st.booleans()), max_size=12)


@given(rows=ROWS, to_bytes=st.none() | st.integers(0, 600), unused_since_s=st.none() | st.floats(0, 100))
def test_what_is_chosen_is_never_held_and_never_more_than_needed(
    rows: list[tuple[int, float, bool]], to_bytes: int | None, unused_since_s: float | None
) -> None:
    listed = sorted(
        (a_row(str(i), size_bytes, used_s) for i, (size_bytes, used_s, _) in enumerate(rows)),
        key=lambda row: row.used_s,
    )
    held = {str(i) for i, (*_, is_held) in enumerate(rows) if is_held}
    chosen = choose(listed, held, to_bytes=to_bytes, unused_since_s=unused_since_s)
    assert not {row.key for row in chosen} & held
    left = [row for row in listed if row not in chosen]
    free = [row for row in left if row.key not in held]
    if unused_since_s is not None:
        assert all(row.used_s >= unused_since_s for row in free)
    if to_bytes is not None and free:
        assert sum(row.size_bytes for row in left) <= to_bytes
    # In order of use, none is spared for a younger one; and the last that went had to.
    assert all(row.used_s <= other.used_s for row in chosen for other in free)
    if chosen and (unused_since_s is None or chosen[-1].used_s >= unused_since_s):
        assert to_bytes is not None
        assert sum(row.size_bytes for row in left) + chosen[-1].size_bytes > to_bytes


# Pruning --------------------------------------------------------------------------------------


def test_pruning_says_before_what_it_would_do(cache: Cache, clock: Clock, root: Path) -> None:
    fill(cache, clock, range(3))
    before = files_in(root)
    would = cache.prune(max_bytes=cache.rows()[2].size_bytes, dry_run=True)
    assert files_in(root) == before
    assert would.keys == (key(0), key(1))
    did = cache.prune(max_bytes=cache.rows()[2].size_bytes)
    assert did == would
    assert present(cache, range(3)) == {2}
    assert did.kept_bytes == cache.rows()[0].size_bytes


def test_what_was_not_used_for_long_goes(cache: Cache, clock: Clock) -> None:
    fill(cache, clock, range(3))
    clock.now_s += 10 * DAY_S
    entry = cache.find(key(1))
    assert entry is not None
    cache.read(entry)
    cache.pin(key(2))
    clock.now_s += 1 * DAY_S
    assert cache.prune(older_than_s=5 * DAY_S).keys == (key(0),)
    assert present(cache, range(3)) == {1, 2}


def test_pruning_without_a_limit_only_clears_up(cache: Cache, clock: Clock) -> None:
    fill(cache, clock, range(2))
    assert cache.prune().keys == ()
    assert present(cache, range(2)) == {0, 1}


def test_an_empty_or_missing_cache_prunes_and_verifies(cache: Cache) -> None:
    assert cache.prune(max_bytes=0).keys == ()
    assert cache.verify().clips == 0
    assert cache.rebuild() == 0


# What crashes leave ---------------------------------------------------------------------------


def test_staging_of_a_living_process_stays_and_of_a_dead_one_goes(root: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    late = Clock(2e9)
    with Cache(root, clock=late) as cache, cache.staging() as mine:
        (mine / "half.flac").write_bytes(b"half")
        dead = mine.with_name(re.sub(r"-\d+-(\d+)-", rf"-{ended.pid}-\1-", mine.name))
        reused = mine.with_name(re.sub(r"-(\d+)-\d+-", r"-\1-1000-", mine.name))
        elsewhere = mine.with_name(f"otherhost{mine.name}")
        for folder in (dead, reused, elsewhere):
            folder.mkdir()
            (folder / "half.flac").write_bytes(b"half")
        (mine.parent / "stray.txt").write_text("what is this?")
        assert Cache(root, clock=late).prune().leftovers == 4
        assert list((root / "staging").iterdir()) == [mine]
    assert list((root / "staging").iterdir()) == []


def test_young_leftovers_stay_for_who_may_come_back(cache: Cache, root: Path) -> None:
    with cache.staging() as mine:
        dead = mine.with_name(re.sub(r"-(\d+)-\d+-", r"-\1-1000-", mine.name))
        dead.mkdir()
        changed_s = dead.stat().st_mtime
        assert Cache(root, clock=Clock(changed_s + 60.0)).prune().leftovers == 0
        assert Cache(root, clock=Clock(changed_s + 4_000.0)).prune().leftovers == 1
        # Whether a process on another computer lives, nobody here knows.
        elsewhere = mine.with_name(f"otherhost{mine.name}")
        elsewhere.mkdir()
        assert Cache(root, clock=Clock(changed_s + 4_000.0)).prune().leftovers == 0
        assert Cache(root, clock=Clock(changed_s + 90_000.0)).prune().leftovers == 1


def test_the_first_put_of_a_process_clears_what_crashes_left(root: Path) -> None:
    with Cache(root).staging() as mine:
        dead = mine.with_name(re.sub(r"-(\d+)-\d+-", r"-\1-1000-", mine.name))
        dead.mkdir()
    put(Cache(root, clock=Clock(2e9)))
    assert list((root / "staging").iterdir()) == []


def test_content_that_no_entry_points_to_goes_when_it_is_old(cache: Cache, root: Path) -> None:
    put(cache, 1)
    entry = put(cache, 2)
    (root / "actions" / entry.key[:2] / f"{entry.key}.json").unlink()
    (orphan,) = (path for path in root.rglob("*.flac") if path.stem == entry.audio.sha256)
    now_s = orphan.stat().st_mtime
    assert Cache(root, clock=Clock(now_s + 60.0)).prune().leftovers == 0
    assert orphan.exists()
    assert Cache(root, clock=Clock(now_s + 4_000.0)).prune(dry_run=True).leftovers == 1
    assert Cache(root, clock=Clock(now_s + 4_000.0)).prune().leftovers == 1
    assert not orphan.exists()
    assert is_whole(cache, 1)


def test_content_of_a_later_roomtone_is_not_taken_for_an_orphan(cache: Cache, root: Path) -> None:
    entry = put(cache)
    (root / "actions" / entry.key[:2] / f"{entry.key}.json").write_text('{"format": 2}')
    assert Cache(root, clock=Clock(2e9)).prune().leftovers == 0
    assert len(list(root.rglob("*.flac"))) == 1


def test_an_ended_lease_and_old_quarantine_are_cleared(cache: Cache, root: Path, clock: Clock) -> None:
    cache.lease("gone", [key(1)], seconds=60.0)
    entry = put(cache)
    (path,) = root.rglob("*.flac")
    path.write_bytes(bytes(path.stat().st_size))
    with pytest.raises(CacheError):
        cache.read(entry)
    for left in (*(root / "quarantine").iterdir(), root / "leases" / "gone.json"):
        os.utime(left, (STARTED_S, STARTED_S))
    clock.now_s = STARTED_S + 2 * DAY_S
    assert cache.prune().leftovers == 1
    clock.now_s = STARTED_S + 40 * DAY_S
    assert cache.prune().leftovers == 2
    assert files_in(root) == {}


def test_nothing_that_is_not_ours_is_touched(cache: Cache, root: Path) -> None:
    put(cache)
    strange = [root / "notes.txt", root / "content" / "notes.txt", root / "content" / "ab" / "notes.flac"]
    for path in (*strange, root / "actions" / "ab" / "xyz.json"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
    late = Cache(root, clock=Clock(2e9))
    late.verify()
    late.prune(max_bytes=0)
    assert all(path.read_text() == "mine" for path in strange)


# Looking for damage ---------------------------------------------------------------------------


def test_verifying_finds_all_damage_and_puts_it_away(cache: Cache, root: Path, tmp_path: Path) -> None:
    entries = [put(cache, seed, latent=latent(tmp_path, seed)) for seed in range(5)]
    shares: list[float] = []
    flac = root / "content" / entries[1].audio.sha256[:2] / f"{entries[1].audio.sha256}.flac"
    flac.write_bytes(b"\0" + flac.read_bytes()[1:])
    kept = cache.latent(entries[2])
    assert kept is not None
    kept.unlink()
    (root / "actions" / entries[3].key[:2] / f"{entries[3].key}.json").write_text("{}")
    found = cache.verify(shares.append)
    assert {damage.key: damage.code for damage in found.damaged} == {
        entries[1].key: "cache.damaged",
        entries[2].key: "cache.gone",
        entries[3].key: "cache.damaged",
    }
    assert shares == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert found.clips == 5
    assert found.size_bytes == entries[0].size_bytes + entries[4].size_bytes
    assert present(cache, range(5)) == {0, 4}
    assert len(cache.rows()) == 2
    assert cache.verify().damaged == ()


def test_damage_that_cannot_be_put_away_is_reported_all_the_same(cache: Cache, root: Path) -> None:
    put(cache)
    (path,) = root.rglob("*.flac")
    path.write_bytes(bytes(path.stat().st_size))

    class ReadOnly(Disk):
        def rename(self, source: Path, target: Path) -> None:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(source), None, str(target))

    for _ in range(2):
        assert len(Cache(root, disk=ReadOnly()).verify().damaged) == 1


def test_the_host_of_a_staging_folder_is_a_plain_name(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Büro-PC.local", "", "../.."):
        monkeypatch.setattr(platform, "node", lambda name=name: name)
        with cache.staging() as folder:
            assert folder.parent == cache.root / "staging"
            assert re.fullmatch(r"[0-9a-z]+-\d+-\d+-[0-9a-f]{32}", folder.name)
