"""What a bake keeps beside its files, so that nothing is made twice: raw sound, records and pictures by fingerprint."""

import errno
import json
import uuid
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Protocol

from roomtone.bake.jobs import Heard, Result, Written, from_record, to_record
from roomtone.errors import OutputError

FOLDER: Final = ".roomtone"
RAW, RECORDS, PICTURES = "raw", "records", "pictures"
_PART: Final = ".part"


class Files(Protocol):
    """Where kept things are: a folder here, or a store that many computers share."""

    def write(self, name: str, fill: Callable[[Path], None]) -> None:
        """Keep what `fill` writes to a path, whole or not at all."""

    def read(self, name: str) -> bytes | None:
        """Read something; None where it is not there."""

    def has(self, name: str) -> bool:
        """Whether it is there."""

    def fetch(self, name: str) -> Path:
        """Bring something to this computer."""

    def remove(self, name: str) -> None:
        """Forget something."""

    def names(self, room: str) -> list[str]:
        """List what is in a room."""


class LocalFiles:
    """A folder on this computer. Any thread or process: each write is staged and renamed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, fill: Callable[[Path], None]) -> None:
        """See `Files`.

        Raises:
            OutputError: `output.full`, `output.failed`.
        """
        path = self.root / name
        # The ending stays: what fills the file may go by it.
        staged = path.with_name(f".{uuid.uuid4().hex[:8]}{_PART}{path.suffix}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            fill(staged)
            staged.replace(path)
        except OSError as error:
            raise refused(path, error) from error
        finally:
            staged.unlink(missing_ok=True)

    def read(self, name: str) -> bytes | None:
        """See `Files`."""
        try:
            return (self.root / name).read_bytes()
        except OSError:
            return None

    def has(self, name: str) -> bool:
        """See `Files`."""
        return (self.root / name).is_file()

    def fetch(self, name: str) -> Path:
        """See `Files`."""
        return self.root / name

    def remove(self, name: str) -> None:
        """See `Files`."""
        (self.root / name).unlink(missing_ok=True)

    def names(self, room: str) -> list[str]:
        """See `Files`."""
        place = self.root / room
        return sorted(each.name for each in place.iterdir()) if place.is_dir() else []


def refused(path: Path, error: OSError) -> OutputError:
    """Say why something cannot be written."""
    if error.errno == errno.ENOSPC:
        what, fix = "the disk is full", "make room and bake again: what is finished is kept"
        return OutputError("output.full", at=str(path), what=what, fix=fix)
    what = f"it cannot be written: {error.strerror or error}"
    return OutputError(
        "output.failed", at=str(path), what=what, fix="check the disk and the folder's permissions"
    )


class Kept:
    """Results by fingerprint. Any process."""

    def __init__(self, files: Files) -> None:
        self.files = files

    def find(self, key: str) -> Result | None:
        """Find what came of a job, if it is all there."""
        data = self.files.read(record_name(key))
        try:
            result = from_record(json.loads(data)) if data is not None else None
        except (ValueError, TypeError, KeyError):
            return None
        if isinstance(result, Heard) and not result.silent and not self.files.has(raw_name(key)):
            return None
        return result

    def keep(self, result: Result) -> None:
        """Keep a result; what it speaks of is there already.

        Raises:
            OutputError: `output.full`, `output.failed`.
        """
        text = json.dumps(to_record(result), allow_nan=False)
        self.files.write(record_name(result.key), lambda path: _write_text(path, text))

    def forget_raw(self, wanted: Iterable[str]) -> None:
        """Remove raw sound that nothing wants any more: it is large, and can be rendered again."""
        names = {Path(raw_name(key)).name for key in wanted}
        for name in self.files.names(RAW):
            if name not in names:
                self.files.remove(f"{RAW}/{name}")


def raw_name(key: str) -> str:
    """Name the samples of a rendered sound."""
    return f"{RAW}/{key}.npy"


def record_name(key: str) -> str:
    """Name what is known of a job's result."""
    return f"{RECORDS}/{key}.json"


def picture_name(key: str) -> str:
    """Name the picture of a rendered sound."""
    return f"{PICTURES}/{key}.png"


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, record: Any) -> None:
    """Write a JSON document, whole or not at all.

    Raises:
        OutputError: `output.full`, `output.failed`.
    """
    text = json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    LocalFiles(path.parent).write(path.name, lambda staged: _write_text(staged, text))


def is_whole(written: Written, out: Path) -> bool:
    """Whether a file is there as it was written."""
    try:
        data = (out / written.path).read_bytes()
    except OSError:
        return False
    return len(data) == written.size_bytes and sha256(data).hexdigest() == written.sha256
