"""Pruning: clips go by their age and their number of bytes, and with them what crashes have left."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from roomtone.cache.disk import explained
from roomtone.cache.eviction import Bin, choose, evict
from roomtone.cache.index import Row
from roomtone.cache.parts import Parts
from roomtone.cache.shelf import Shelf
from roomtone.errors import CacheError

# Content that no entry points to may belong to a clip whose entry is just being written.
_ORPHAN_S: Final = 3_600.0
_QUARANTINED_S: Final = 30.0 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What has gone, or would go.

    Attributes:
        keys: of the clips.
        freed_bytes: the room that they took.
        leftovers: files and folders that crashes had left.
        kept_bytes: the room that the other clips take.
    """

    keys: tuple[str, ...]
    freed_bytes: int
    leftovers: int
    kept_bytes: int


def prune(
    parts: Parts,
    rows: Sequence[Row],
    held: Collection[str],
    now_s: float,
    *,
    max_bytes: int | None,
    older_than_s: float | None,
    dry_run: bool,
) -> Pruned:
    """Evict and sweep; see `Cache.prune`.

    Raises:
        CacheError: as `explained`.
    """
    unused_since_s = None if older_than_s is None else now_s - older_than_s
    chosen = choose(rows, held, to_bytes=max_bytes, unused_since_s=unused_since_s)
    keys = tuple(row.key for row in chosen)
    if not dry_run:
        evict(parts, rows, keys)
    freed_bytes = sum(row.size_bytes for row in chosen)
    return Pruned(
        keys=keys,
        freed_bytes=freed_bytes,
        leftovers=sweep(parts, rows, now_s, dry_run=dry_run),
        kept_bytes=sum(row.size_bytes for row in rows) - freed_bytes,
    )


def sweep(parts: Parts, rows: Sequence[Row], now_s: float, *, dry_run: bool) -> int:
    """Remove what crashes have left and nobody will come back for; says how many files and folders.

    Raises:
        CacheError: as `explained`.
    """
    shelf, staging = parts.shelf, parts.staging
    with explained(shelf.root):
        left = [*staging.leftovers(now_s), *parts.pins.run_out(now_s), *_old_quarantine(shelf, now_s)]
        orphans = _orphans(shelf, rows, now_s)
        if dry_run:
            return len(left) + len(orphans)
        for path in left:
            staging.clear(path)
    if not orphans:
        return len(left)
    with Bin(parts) as dustbin:
        dustbin.note(orphans)
        return len(left) + dustbin.take(orphans)


def _old_quarantine(shelf: Shelf, now_s: float) -> list[Path]:
    return [path for path in shelf.quarantined() if now_s - shelf.disk.changed_s(path) > _QUARANTINED_S]


def _orphans(shelf: Shelf, rows: Sequence[Row], now_s: float) -> list[Path]:
    listed = {digest for row in rows for digest in (row.audio, row.latent)}
    loose = [
        path
        for path in shelf.contents()
        if path.stem not in listed and now_s - shelf.disk.changed_s(path) > _ORPHAN_S
    ]
    if not loose:
        return []
    # The index may be behind the files: before anything is removed, these are asked.
    used = _used_content(shelf)
    return [] if used is None else [path for path in loose if path not in used]


def _used_content(shelf: Shelf) -> set[Path] | None:
    """Say which content entries point to; None if a later Roomtone has written some of them."""
    used: set[Path] = set()
    for key in shelf.all_keys():
        try:
            entry = shelf.load(key)
        except CacheError as error:
            if error.code == "cache.newer":
                return None
            if error.code != "cache.damaged":
                raise
        else:
            used.update(path for _, path in (shelf.paths(entry) if entry else ()))
    return used
