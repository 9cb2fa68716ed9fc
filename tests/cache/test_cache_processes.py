"""Real processes on a real folder: they share it, are killed in it, find it full, and may not write to it."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from cache_guest import CLIPS
from clips_to_keep import files_in, is_whole, key, latent, put

from roomtone.cache.store import Cache

pytestmark = pytest.mark.system

GUEST = Path(__file__).with_name("cache_guest.py")


def start(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, str(GUEST), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def answer_of(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, _ = process.communicate(timeout=100)
    assert process.returncode == 0
    answer: dict[str, Any] = json.loads(out.splitlines()[-1])
    return answer


def test_processes_share_a_cache_that_is_too_small_for_what_they_want(root: Path) -> None:
    with Cache(root) as cache:
        max_bytes = put(cache, 0, latent=latent(root.parent)).size_bytes * CLIPS // 2
    guests = [start("share", root, seed, 60, max_bytes) for seed in (1, 2)]
    answers = [answer_of(guest) for guest in guests]
    for answer in answers:
        assert answer["put"] > 10
        assert answer["read"] > 5
        # A clip that the other has just evicted is gone; nothing is ever half there, wrong or in the way.
        assert set(answer) <= {"put", "read", "cache.gone", "slowest_read_s"}
        assert answer["slowest_read_s"] < 2.0
    with Cache(root) as cache:
        assert cache.verify().damaged == ()
        assert {row.key for row in cache.rows()} == set(cache.all_keys())
        assert not (root / "quarantine").exists()
        # Two may make room at the same moment, each for its own.
        assert sum(row.size_bytes for row in cache.rows()) <= max_bytes * 1.5
        found = [seed for seed in range(CLIPS) if is_whole(cache, seed)]
        assert len(found) == len(cache.all_keys())


def test_a_writer_that_is_killed_at_any_moment_leaves_whole_clips_or_none(root: Path) -> None:
    calls = start("put", root, 0).communicate(timeout=60)[0].splitlines()[:-1]
    assert (calls.count("rename"), calls.count("place")) == (2, 1)
    for seed, number in enumerate(range(1, len(calls), max(len(calls) // 7, 1)), 1):
        writer = start("put", root, seed)
        assert writer.stdout is not None
        for _ in range(number):
            writer.stdout.readline()
        writer.kill()
        writer.communicate()
        with Cache(root) as cache:
            found = {key(each) for each in range(seed + 1) if is_whole(cache, each)}
            assert found >= {key(0)}
            assert found == set(cache.all_keys()) == {row.key for row in cache.rows()}
            assert cache.verify().damaged == ()
    # Nobody lives who could come back for what they left, only it is not old yet.
    with Cache(root, clock=lambda: 4e9) as cache:
        left = {row.key for row in cache.rows()}
        cache.prune()
        assert list((root / "staging").iterdir()) == []
        assert {row.key for row in cache.rows()} == left
        assert len([name for name in files_in(root) if name.endswith(".flac")]) == len(left)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit for the size of a process's files")
def test_a_disk_that_is_really_full_is_named_and_nothing_is_left(root: Path) -> None:
    with Cache(root) as cache:
        put(cache, 1)
    before = files_in(root)
    refusal = answer_of(start("full", root))
    assert refusal["code"] == "cache.full"
    assert refusal["fix"]
    assert files_in(root) == before
    assert is_whole(Cache(root), 1)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows folders keep nobody out by their mode")
def test_a_cache_without_the_right_to_write_can_be_read() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "cache"
        with Cache(root) as cache:
            put(cache, 1)
        before = files_in(root)
        folders = [Path(folder), root, *(path for path in root.rglob("*") if path.is_dir())]
        for path in folders:
            path.chmod(0o555)
        try:
            answer = answer_of(start("guest", root))
        finally:
            for path in folders:
                path.chmod(0o755)
        assert (answer["is_whole"], answer["rows"], answer["damaged"]) == (True, 1, 0)
        assert answer["put"]["code"] == answer["pin"]["code"] == "cache.no-permission"
        assert answer["put"]["fix"]
        assert files_in(root) == before
