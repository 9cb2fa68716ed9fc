"""The files of the cache, which are its truth: an entry for each key, and the content that entries point to."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from roomtone.audio import Samples
from roomtone.cache.disk import Disk, explained
from roomtone.cache.entry import MOST_ENTRY_BYTES, Content, Entry, unpacked
from roomtone.cache.key import DIGEST
from roomtone.errors import AudioError, CacheError, InputMissingError

_ACTIONS, _CONTENT, _QUARANTINE = "actions", "content", "quarantine"
AUDIO: Final = ".flac"
LATENT: Final = ".npz"
_ENTRY: Final = ".json"
# What a clip that is simply made again ends a look at it with.
DAMAGED: Final = frozenset({"cache.damaged", "cache.gone"})
_AGAIN: Final = "nothing is lost: the clip is made again when it is wanted"


class Shelf:
    """Finds, reads, forgets and quarantines. Any thread, any number of processes.

    An entry is there when its file is, and whole then, because files appear by being renamed and content appears
    first. Forgetting goes the other way round: first the entry, then what it points to.
    """

    def __init__(self, root: Path, disk: Disk) -> None:
        self.root, self.disk = root, disk

    # Where -----------------------------------------------------------------------------------

    def entry_path(self, key: str) -> Path:
        """Say where the entry of a key is kept."""
        return self.root / _ACTIONS / key[:2] / f"{key}{_ENTRY}"

    def content_path(self, content: Content, ending: str) -> Path:
        """Say where content is kept."""
        return self.root / _CONTENT / content.sha256[:2] / f"{content.sha256}{ending}"

    def paths(self, entry: Entry) -> list[tuple[Content, Path]]:
        """Name the content of an entry and where it is kept: the sound, then the latent where there is one."""
        found = [(entry.audio, self.content_path(entry.audio, AUDIO))]
        if entry.latent is not None:
            found.append((entry.latent, self.content_path(entry.latent, LATENT)))
        return found

    def place(self, path: Path) -> str:
        """Name a file by its place on the shelf."""
        return path.relative_to(self.root).as_posix()

    def all_keys(self) -> Iterator[str]:
        """Yield the keys that have an entry, in order."""
        for path in self._files(_ACTIONS, (_ENTRY,)):
            yield path.stem

    def contents(self) -> Iterator[Path]:
        """Yield every file of content, pointed to or not."""
        yield from self._files(_CONTENT, (AUDIO, LATENT))

    def _files(self, room: str, endings: tuple[str, ...]) -> Iterator[Path]:
        """Yield what is named as we name it; nothing else is ours."""
        for shelf in self.disk.names(self.root / room):
            if len(shelf) != 2 or not (self.root / room / shelf).is_dir():
                continue
            for name in self.disk.names(self.root / room / shelf):
                stem, dot, ending = name.partition(".")
                if DIGEST.fullmatch(stem) and stem[:2] == shelf and dot + ending in endings:
                    yield self.root / room / shelf / name

    # Finding and reading ----------------------------------------------------------------------

    def find(self, key: str) -> Entry | None:
        """Read the entry of a key. A damaged one is quarantined and not found; one without its content is not found.

        Raises:
            CacheError: when the file system refuses; see `explained`.
        """
        try:
            entry = self.load(key)
        except CacheError as error:
            if error.code == "cache.damaged":
                self.quarantine(self.entry_path(key))
            elif error.code != "cache.newer":
                raise
            return None
        return entry if entry and self.has_content(entry) else None

    def load(self, key: str) -> Entry | None:
        """Read the entry of a key, whatever became of its content; None if there is none.

        Raises:
            CacheError: as `unpacked`, and when the file system refuses.
        """
        path = self.entry_path(key)
        with explained(path):
            try:
                data = self.disk.read(path, MOST_ENTRY_BYTES)
            except FileNotFoundError:
                return None
        entry = unpacked(data, str(path))
        if entry.key != key:
            what = "it is the entry of another key"
            raise CacheError("cache.damaged", at=str(path), what=what, fix=_AGAIN)
        return entry

    def has_entry(self, key: str) -> bool:
        """Tell whether there is an entry of a key, whatever is in it."""
        path = self.entry_path(key)
        with explained(path):
            try:
                return self.disk.size_bytes(path) >= 0
            except FileNotFoundError:
                return False

    def has_content(self, entry: Entry) -> bool:
        """Tell whether all content of an entry is there and as long as it should be."""
        for content, path in self.paths(entry):
            with explained(path):
                try:
                    if self.disk.size_bytes(path) != content.size_bytes:
                        return False
                except FileNotFoundError:
                    return False
        return True

    def check(self, entry: Entry) -> None:
        """Read all content of an entry and hold it to its digests.

        Raises:
            CacheError: `cache.gone`, `cache.damaged`, and when the file system refuses.
        """
        for content, path in self.paths(entry):
            self.check_content(content, path)

    def check_content(self, content: Content, path: Path) -> None:
        """Hold one file to its digest; raises as `check`."""
        self.content(content, path)

    def content(self, content: Content, path: Path) -> bytes:
        """Read one file and hold it to its digest; raises as `check`."""
        with explained(path):
            try:
                data = self.disk.read(path, content.size_bytes)
            except FileNotFoundError as error:
                raise CacheError("cache.gone", at=str(path), what="it is gone", fix=_AGAIN) from error
        if hashlib.sha256(data).hexdigest() != content.sha256:
            what = "its bytes are not those that were written"
            raise CacheError("cache.damaged", at=str(path), what=what, fix=_AGAIN)
        return data

    def whole(self, key: str) -> Entry | None:
        """Find the clip of a key if all of it is there and undamaged.

        Raises:
            CacheError: when the file system refuses.
        """
        entry = self.find(key)
        if entry is not None:
            try:
                self.check(entry)
            except CacheError as error:
                if error.code not in DAMAGED:
                    raise
                return None
        return entry

    def sound(self, entry: Entry) -> Samples:
        """Decode the sound of an entry, which `check` has found whole.

        Raises:
            CacheError: `cache.damaged` if it is not the sound that the entry claims.
        """
        return self.decoded(self.content_path(entry.audio, AUDIO), entry)

    def decoded(self, path: Path, entry: Entry) -> Samples:
        """Decode a file that is said to be the sound of an entry; raises as `sound`."""
        with explained(path):
            try:
                samples = self.disk.read_sound(path, entry.seconds)
            except InputMissingError as error:
                raise CacheError("cache.gone", at=str(path), what="it is gone", fix=_AGAIN) from error
            except AudioError as error:
                if isinstance(error.__cause__, OSError):
                    raise error.__cause__ from error
                raise CacheError("cache.damaged", at=str(path), what=error.what, fix=_AGAIN) from error
        if samples.shape != (entry.frames, entry.channels):
            what = f"it holds {samples.shape} samples, not {(entry.frames, entry.channels)}"
            raise CacheError("cache.damaged", at=str(path), what=what, fix=_AGAIN)
        return samples

    # Forgetting -------------------------------------------------------------------------------

    def drop(self, entry: Entry, *, instead: Entry) -> None:
        """Remove the sound of an entry that was not needed. What cannot be removed is swept later."""
        if entry.audio != instead.audio:
            with suppress(OSError):
                self.disk.remove(self.content_path(entry.audio, AUDIO))

    def quarantine(self, path: Path) -> bool:
        """Put a damaged file where nothing reads it but who wants to know; False if that cannot be done."""
        try:
            self.disk.make_folder(self.root / _QUARANTINE)
            self.disk.rename(path, self.root / _QUARANTINE / path.name)
        except OSError:
            return False
        return True

    def quarantined(self) -> list[Path]:
        """List what is in quarantine."""
        folder = self.root / _QUARANTINE
        return [folder / name for name in self.disk.names(folder)]
