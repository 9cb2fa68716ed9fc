"""Clips that leave the cache: as one archive or into a folder, in the cache's own layout."""

import os
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from roomtone.cache.entry import Entry, packed
from roomtone.cache.shelf import Shelf
from roomtone.errors import InputMissingError, OutputError

ARCHIVE: Final = ".zip"
# The oldest that an archive can say; the time of packing would make equal archives differ.
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """The clips that were written, and how much room their content takes."""

    keys: tuple[str, ...]
    size_bytes: int


def export_clips(shelf: Shelf, target: Path, keys: Iterable[str]) -> Exported:
    """Write clips, every byte held to its digest, in the cache's own layout.

    Args:
        shelf: where they are.
        target: a file ending in `.zip`, which appears whole; else a folder, to which they are added.
        keys: of the clips.

    Raises:
        InputMissingError: `cache.unknown-key`.
        CacheError: `cache.damaged` for a clip that is; when the cache cannot be read.
        OutputError: `output.failed`.
    """
    entries = [_wanted(shelf, key) for key in sorted(set(keys))]
    if target.suffix.lower() == ARCHIVE:
        _export_archive(shelf, target, entries)
    else:
        _export_folder(shelf, Shelf(target, shelf.disk), entries)
    return Exported(
        keys=tuple(entry.key for entry in entries), size_bytes=sum(entry.size_bytes for entry in entries)
    )


def _wanted(shelf: Shelf, key: str) -> Entry:
    entry = shelf.find(key)
    if entry is None:
        what, fix = f"there is no clip '{key}'", "see `roomtone cache ls`"
        raise InputMissingError("cache.unknown-key", at=str(shelf.root), what=what, fix=fix)
    return entry


def _export_archive(shelf: Shelf, target: Path, entries: Iterable[Entry]) -> None:
    staged = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    with _written(target):
        try:
            with staged.open("xb") as stream:
                with zipfile.ZipFile(stream, "w") as archive:
                    for name, data in _members(shelf, entries):
                        archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)
                stream.flush()
                os.fsync(stream.fileno())
            with zipfile.ZipFile(staged) as archive:
                if archive.testzip() is not None:
                    raise OSError("what the disk gave back is not what was written")
            staged.replace(target)
        finally:
            staged.unlink(missing_ok=True)


def _export_folder(shelf: Shelf, target: Shelf, entries: Iterable[Entry]) -> None:
    with _written(target.root):
        for name, data in _members(shelf, entries):
            path = target.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            staged = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
            try:
                shelf.disk.write(staged, data)
                shelf.disk.rename(staged, path)
            finally:
                staged.unlink(missing_ok=True)


def _members(shelf: Shelf, entries: Iterable[Entry]) -> Iterator[tuple[str, bytes]]:
    """Yield each file's place and bytes: content, once, before the entries that point to it."""
    written: set[Path] = set()
    for entry in entries:
        for content, path in shelf.paths(entry):
            if path not in written:
                yield shelf.place(path), shelf.content(content, path)
                written.add(path)
        yield shelf.place(shelf.entry_path(entry.key)), packed(entry)


@contextmanager
def _written(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what, fix = (
            f"it cannot be written: {error.strerror or error}",
            "check the disk and the folder's permissions",
        )
        raise OutputError("output.failed", at=str(target), what=what, fix=fix) from error
