"""Making room: which clips go, and how they go while other processes use them."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from roomtone.cache.disk import explained
from roomtone.cache.index import Row
from roomtone.cache.parts import Parts
from roomtone.cache.shelf import Shelf
from roomtone.errors import CacheError


def evict(parts: Parts, rows: Sequence[Row], chosen: Iterable[str]) -> None:
    """Forget clips and remove their content, unless it is another clip's too.

    Raises:
        CacheError: as `explained`.
    """
    gone = set(chosen)
    if not gone:
        return
    still_used = {digest for row in rows if row.key not in gone for digest in (row.audio, row.latent)}
    files = {path for row in rows if row.key in gone for path in _files_of(parts.shelf, row)}
    with Bin(parts) as dustbin:
        dustbin.note(files)
        # Content may be that of several: it goes when all their entries have gone.
        for path in map(parts.shelf.entry_path, sorted(gone)):
            with explained(path):
                parts.shelf.disk.remove(path)
        dustbin.take(path for path in sorted(files) if path.stem not in still_used)
    parts.index.drop(gone)


def choose(
    rows: Sequence[Row], held: Collection[str], *, to_bytes: int | None, unused_since_s: float | None
) -> list[Row]:
    """Say what to evict: what was not used since a time, then the least recently used until the rest fits.

    Args:
        rows: least recently used first.
        held: keys that are pinned or leased: never chosen.
        to_bytes: what may stay; None for any.
        unused_since_s: seconds since 1970; None for any.
    """
    left_bytes = sum(row.size_bytes for row in rows)
    chosen = []
    for row in rows:
        is_old = unused_since_s is not None and row.used_s < unused_since_s
        is_too_much = to_bytes is not None and left_bytes > to_bytes
        if row.key not in held and (is_old or is_too_much):
            chosen.append(row)
            left_bytes -= row.size_bytes
    return chosen


def _files_of(shelf: Shelf, row: Row) -> list[Path]:
    entry = None
    with suppress(CacheError):
        entry = shelf.load(row.key)
    return [path for _, path in shelf.paths(entry)] if entry else []


class Bin:
    """Takes files away in two steps, so that one which was written anew just now can be put back. One thread."""

    def __init__(self, parts: Parts) -> None:
        self._disk, self._staging = parts.shelf.disk, parts.staging
        self._changed_s: dict[Path, float] = {}

    def __enter__(self) -> "Bin":
        with explained(Path("staging")):
            self._folder = self._staging.folder()
        return self

    def __exit__(self, *_: object) -> None:
        # What cannot be removed now is swept later.
        with suppress(OSError):
            self._staging.clear(self._folder)

    def note(self, paths: Iterable[Path]) -> None:
        """Remember files as they are now."""
        for path in paths:
            with suppress(OSError):
                self._changed_s[path] = self._disk.changed_s(path)

    def take(self, paths: Iterable[Path]) -> int:
        """Remove files that are still as they were noted; says how many."""
        return sum(self._take(path) for path in paths if path in self._changed_s)

    def _take(self, path: Path) -> bool:
        taken = self._folder / path.name
        # On Windows a file that somebody is reading stays, and is swept later.
        with suppress(OSError):
            self._disk.rename(path, taken)
            if self._disk.changed_s(taken) == self._changed_s[path]:
                self._disk.remove(taken)
                return True
            self._disk.rename(taken, path)
        return False
