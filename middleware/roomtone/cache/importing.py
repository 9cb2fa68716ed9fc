"""Clips that come into the cache from outside, as an archive or a folder. What they claim is not believed.

No name from outside becomes a path: an entry says digests, and where content is kept follows from those.
"""

import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Protocol

from roomtone.cache.disk import explained
from roomtone.cache.entry import MOST_ENTRY_BYTES, Content, Entry, unpacked
from roomtone.cache.latents import check_latent
from roomtone.cache.pressing import Staged, as_24_bit, content_of, sha256_of_sound, staged
from roomtone.cache.shelf import Shelf
from roomtone.errors import CacheError, InputMissingError

_MOST_CLIPS: Final = 100_000
_ENTRY_NAME: Final = re.compile(r"actions/[0-9a-f]{2}/(?P<key>[0-9a-f]{64})\.json")
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
_NOT_WHAT_IT_CLAIMS: Final = frozenset(
    {"cache.damaged", "cache.newer", "cache.bad-latent", "cache.bad-sound"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One clip that was not taken, and why."""

    key: str
    code: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came over.

    Attributes:
        keys: of the clips that were taken.
        known: of those that were there before.
        refused: those that are not what they claim to be.
        size_bytes: of what was taken.
    """

    keys: tuple[str, ...]
    known: tuple[str, ...]
    refused: tuple[Refused, ...]
    size_bytes: int


def import_clips(shelf: Shelf, source: Path, folder: Path, take: Callable[[Staged], object]) -> Imported:
    """Take every clip that is what it claims to be; the others are named.

    Args:
        shelf: where they go.
        source: an archive or a folder that `export_clips` wrote, or another cache.
        folder: to stage in.
        take: puts a staged clip in its place.

    Raises:
        InputMissingError: `cache.no-source`.
        CacheError: `cache.bad-archive`; and when a clip cannot be kept, after those before it were.
    """
    taken: list[Entry] = []
    known: list[str] = []
    refused: list[Refused] = []
    with _opened(source) as clips:
        for key in _listed(clips, source):
            if shelf.whole(key):
                known.append(key)
                continue
            try:
                clip = _fetched_clip(shelf, clips, key, folder)
            except CacheError as error:
                if error.code not in _NOT_WHAT_IT_CLAIMS:
                    raise
                refused.append(Refused(key=key, code=error.code, what=error.what))
            else:
                take(clip)
                taken.append(clip.entry)
    return Imported(
        keys=tuple(entry.key for entry in taken),
        known=tuple(known),
        refused=tuple(refused),
        size_bytes=sum(entry.size_bytes for entry in taken),
    )


# Where they come from -------------------------------------------------------------------------


class _Source(Protocol):
    def names(self) -> Iterable[str]:
        """Name what may be entries."""

    def open(self, name: str) -> IO[bytes]:
        """Open a file; one of `_UNREADABLE` if that cannot be."""


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def names(self) -> Iterable[str]:
        return (path.relative_to(self._root).as_posix() for path in (self._root / "actions").glob("*/*.json"))

    def open(self, name: str) -> IO[bytes]:
        path = self._root / name
        # Neither a link that leads elsewhere nor a pipe that nobody writes to.
        if not stat.S_ISREG(path.lstat().st_mode):
            raise OSError(f"'{name}' is no file")
        return path.open("rb")


class _Archive:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def names(self) -> Iterable[str]:
        return self._archive.namelist()

    def open(self, name: str) -> IO[bytes]:
        return self._archive.open(name)


@contextmanager
def _opened(source: Path) -> Iterator[_Source]:
    if source.is_dir():
        yield _Folder(source)
        return
    if not source.is_file():
        what, fix = "there is no such archive or folder", "check its name"
        raise InputMissingError("cache.no-source", at=str(source), what=what, fix=fix)
    try:
        archive = zipfile.ZipFile(source)
    except _UNREADABLE as error:
        raise _no_archive(source, f"it is no archive: {error}") from error
    with archive:
        yield _Archive(archive)


def _listed(clips: _Source, source: Path) -> list[str]:
    found = {match["key"] for name in clips.names() if (match := _ENTRY_NAME.fullmatch(name))}
    if len(found) > _MOST_CLIPS:
        raise _no_archive(source, f"it has {len(found)} clips, more than {_MOST_CLIPS}")
    if not found:
        raise _no_archive(source, "there are no clips in it")
    return sorted(found)


def _no_archive(source: Path, what: str) -> CacheError:
    return CacheError(
        "cache.bad-archive", at=str(source), what=what, fix="take what `roomtone cache export` writes"
    )


class _Reader:
    """A stream from outside, whose errors are the clip's and not our disk's."""

    def __init__(self, clips: _Source, name: str) -> None:
        self._clips, self._name = clips, name

    def __enter__(self) -> "_Reader":
        with self._explained():
            self._stream = self._clips.open(self._name)
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def read(self, size_bytes: int) -> bytes:
        with self._explained():
            return self._stream.read(size_bytes)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except _UNREADABLE as error:
            raise _damaged(self._name, f"it cannot be read: {error}") from error


def _damaged(at: str, what: str) -> CacheError:
    return CacheError("cache.damaged", at=at, what=what, fix="export it again")


# One clip -------------------------------------------------------------------------------------


def _fetched_clip(shelf: Shelf, clips: _Source, key: str, folder: Path) -> Staged:
    """Copy a clip into the staging folder and hold it to all that it says of itself."""
    name = shelf.place(shelf.entry_path(key))
    with _Reader(clips, name) as stream:
        entry = unpacked(stream.read(MOST_ENTRY_BYTES + 1), name)
    if entry.key != key:
        raise _damaged(name, "it is the entry of another key")
    files = tuple(
        _fetched(shelf, clips, content, shelf.place(path), folder / f"{key}{path.suffix}")
        for content, path in shelf.paths(entry)
    )
    _check_sound(shelf, entry, files[0])
    if entry.latent is not None:
        check_latent(files[1])
    return staged(entry, files)


def _fetched(shelf: Shelf, clips: _Source, content: Content, name: str, path: Path) -> Path:
    with explained(path):
        shelf.disk.remove(path)
        with _Reader(clips, name) as stream:
            whole = shelf.disk.copy(stream, path, content.size_bytes)
        if not whole or content_of(shelf.disk, path) != content:
            raise _damaged(name, "its bytes are not those of its digest")
    return path


def _check_sound(shelf: Shelf, entry: Entry, path: Path) -> None:
    samples = shelf.decoded(path, entry)
    if sha256_of_sound(as_24_bit(samples)) != entry.samples_sha256:
        raise _damaged(str(path), "its samples are not those of its digest")
