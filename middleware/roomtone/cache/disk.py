"""Every call that the cache makes to the file system, and what their errors mean."""

import errno
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Protocol, TypeVar

from roomtone.audio import Samples
from roomtone.audio_files import SoundOutputs, read_clip
from roomtone.errors import CacheError, OutputError

Answer = TypeVar("Answer")

_CHUNK_BYTES: Final = 1 << 20
# On Windows a file that somebody is just reading cannot be replaced or removed, nor one read that is just being
# replaced: it takes a moment.
_TRIES: Final = 20 if sys.platform == "win32" else 1
_WAIT_S: Final = 0.01

_ROOM: Final = "make room on the disk, or let the cache take less: `roomtone cache prune --max-gb N`"
_CODES: Final = {
    errno.ENOSPC: ("cache.full", _ROOM),
    errno.EDQUOT: ("cache.full", _ROOM),
    errno.EFBIG: ("cache.full", _ROOM),
    errno.EROFS: ("cache.read-only", "let Roomtone write there, or name another folder"),
    errno.EACCES: ("cache.no-permission", "let Roomtone write there, or name another folder"),
    errno.EPERM: ("cache.no-permission", "let Roomtone write there, or name another folder"),
}


@contextmanager
def explained(at: Path) -> Iterator[None]:
    """Turn what a file system answers into what a user can mend.

    Raises:
        CacheError: `cache.full`, `cache.read-only`, `cache.no-permission`, `cache.failed`.
    """
    try:
        yield
    except OutputError as error:
        raise CacheError("cache.failed", at=str(at), what=error.what, fix="check the disk") from error
    except OSError as error:
        code, fix = _CODES.get(error.errno or 0, ("cache.failed", "check the disk"))
        what = f"the file system refused: {error.strerror or error}"
        raise CacheError(code, at=str(error.filename or at), what=what, fix=fix) from error


class Readable(Protocol):
    """What can be copied from."""

    def read(self, size_bytes: int, /) -> bytes:
        """Read so many bytes, or fewer at the end."""


class Disk:
    """The file system. Errors are OSError; a test puts a disk in its place that fails at a chosen call. Any thread."""

    def make_folder(self, folder: Path) -> None:
        """Make a folder and those above it; one that is there is fine."""
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, path: Path, data: bytes) -> None:
        """Write a new file and wait until the disk has it."""
        with path.open("xb") as stream:
            stream.write(data)
            _flush(stream)

    def copy(self, source: Readable, path: Path, most_bytes: int) -> bool:
        """Write a new file from a stream, as `write`; False if the stream is longer than it may be."""
        left_bytes = most_bytes
        with path.open("xb") as stream:
            while chunk := source.read(min(_CHUNK_BYTES, left_bytes + 1)):
                left_bytes -= len(chunk)
                if left_bytes < 0:
                    return False
                stream.write(chunk)
            _flush(stream)
        return True

    def write_sound(self, path: Path, samples: Samples, comment: str) -> None:
        """Write a new 24-bit FLAC file and wait until the disk has it."""
        try:
            with SoundOutputs() as outputs:
                outputs.open(path, channels=samples.shape[1], comment=comment).write(samples)
        except OutputError:
            # The encoder does not say why. The disk does, asked for as much room as the sound may need.
            self._probe(path.with_suffix(".probe"), samples.nbytes)
            raise
        with path.open("rb+") as stream:
            _flush(stream)

    def _probe(self, path: Path, size_bytes: int) -> None:
        try:
            self.write(path, bytes(size_bytes))
        finally:
            path.unlink(missing_ok=True)

    def read(self, path: Path, most_bytes: int) -> bytes:
        """Read a file, or the beginning of one that is longer than it may be: one byte too much tells."""
        with _patiently(lambda: path.open("rb")) as stream:
            return stream.read(most_bytes + 1)

    def read_sound(self, path: Path, max_seconds: float) -> Samples:
        """Decode a sound file; AudioError as `read_clip`."""
        return read_clip(path, max_seconds=max_seconds, max_channels=2)

    def open(self, path: Path) -> BinaryIO:
        """Open a file to read from."""
        return path.open("rb")

    def rename(self, source: Path, target: Path) -> None:
        """Put a file in its place, whatever was there."""
        _patiently(lambda: source.replace(target))

    def place(self, source: Path, target: Path) -> bool:
        """Put a file in its place; False if something is there, which stays."""
        try:
            target.hardlink_to(source)
        except FileExistsError:
            return False
        except OSError:
            # A file system without links: between this look and the next call another process may come first.
            if target.exists():
                return False
            self.rename(source, target)
        return True

    def flush_folder(self, folder: Path) -> None:
        """Wait until the disk has the names in a folder. Windows has no such call, and needs none."""
        if sys.platform != "win32":
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def remove(self, path: Path) -> None:
        """Remove a file; none is fine."""
        _patiently(lambda: path.unlink(missing_ok=True))

    def remove_folder(self, folder: Path) -> None:
        """Remove a folder with all that is in it."""
        shutil.rmtree(folder)

    def size_bytes(self, path: Path) -> int:
        """Return how long a file is."""
        return path.stat().st_size

    def changed_s(self, path: Path) -> float:
        """Return when a file or folder was last changed, in seconds since 1970."""
        return path.stat().st_mtime

    def names(self, folder: Path) -> list[str]:
        """List what is in a folder, sorted; nothing if there is none."""
        try:
            return sorted(path.name for path in folder.iterdir())
        except FileNotFoundError:
            return []


def _flush(stream: BinaryIO) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _patiently(call: Callable[[], Answer]) -> Answer:
    for _ in range(_TRIES - 1):
        try:
            return call()
        except PermissionError:
            time.sleep(_WAIT_S)
    return call()
