"""What is in the cache and when it was last used, in SQLite: quick to ask, and made again from the files when lost."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Final, TypeVar

from roomtone.cache.entry import Entry

Answer = TypeVar("Answer")

INDEX_NAME: Final = "index.sqlite"
_VERSION: Final = 1
# Whoever asks would rather do without than wait for another process.
_BUSY_S: Final = 0.1
_BESIDE: Final = ("", "-wal", "-shm")
_BROKEN: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One clip in the index; see `Entry`. `used_s` is when it was last read, in seconds since 1970."""

    key: str
    audio: str
    latent: str
    size_bytes: int
    frames: int
    channels: int
    model: str
    prompt: str
    made_s: float
    used_s: float


# In the order of the table.
_COLUMNS: Final = tuple(field.name for field in fields(Row))
_TABLE: Final = """\
CREATE TABLE clips (key TEXT PRIMARY KEY, audio TEXT NOT NULL, latent TEXT NOT NULL, size_bytes INTEGER NOT NULL,
    frames INTEGER NOT NULL, channels INTEGER NOT NULL, model TEXT NOT NULL, prompt TEXT NOT NULL,
    made_s REAL NOT NULL, used_s REAL NOT NULL) WITHOUT ROWID"""
_PUT: Final = "INSERT OR REPLACE INTO clips VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_LIST: Final = "SELECT * FROM clips ORDER BY used_s, key"


def row_of(entry: Entry) -> Row:
    """Say of an entry what the index keeps; it counts as used when it was made."""
    return Row(
        key=entry.key,
        audio=entry.audio.sha256,
        latent=entry.latent.sha256 if entry.latent else "",
        size_bytes=entry.size_bytes,
        frames=entry.frames,
        channels=entry.channels,
        model=entry.provenance.model,
        prompt=entry.provenance.prompt,
        made_s=entry.made_s,
        used_s=entry.made_s,
    )


class Index:
    """Every question is answered with None when the index cannot be used: then the files are asked. Any thread.

    It is opened for each question and closed after it, so that any process can put a broken one away.
    """

    def __init__(self, root: Path) -> None:
        self._path = root / INDEX_NAME
        self._is_checked = False

    def rows(self) -> list[Row] | None:
        """List all clips, least recently used first."""
        found = self._ask(lambda index: index.execute(_LIST).fetchall())
        return None if found is None else [Row(**dict(zip(_COLUMNS, row, strict=True))) for row in found]

    def add(self, rows: Iterable[Row]) -> bool:
        """Take clips in, all or none."""
        values = [astuple(row) for row in rows]
        return self._ask(lambda index: index.executemany(_PUT, values)) is not None

    def drop(self, keys: Iterable[str]) -> bool:
        """Forget clips, all or none."""
        values = [(key,) for key in keys]
        return (
            self._ask(lambda index: index.executemany("DELETE FROM clips WHERE key = ?", values)) is not None
        )

    def use(self, used_s: Mapping[str, float]) -> bool:
        """Note when clips were last used."""
        order = "UPDATE clips SET used_s = max(used_s, ?) WHERE key = ?"
        values = [(at_s, key) for key, at_s in used_s.items()]
        return self._ask(lambda index: index.executemany(order, values)) is not None

    def clear(self) -> bool:
        """Forget all clips."""
        return self._ask(lambda index: index.execute("DELETE FROM clips")) is not None

    def _ask(self, question: Callable[[sqlite3.Connection], Answer]) -> Answer | None:
        for _ in range(2):
            try:
                return self._asked(question)
            except sqlite3.Error as error:
                # The low byte is the kind of error, the others say more about it.
                broken = getattr(error, "sqlite_errorcode", 0) & 0xFF in _BROKEN
                if not (broken and self._put_away()):
                    return None
        return None

    def _asked(self, question: Callable[[sqlite3.Connection], Answer]) -> Answer:
        with closing(sqlite3.connect(self._path, timeout=_BUSY_S, isolation_level=None)) as index:
            self._prepare(index)
            with _Transaction(index):
                return question(index)

    def _prepare(self, index: sqlite3.Connection) -> None:
        index.execute("PRAGMA journal_mode = WAL")
        # Nobody waits for the disk: what a power cut breaks here is made again from the files.
        index.execute("PRAGMA synchronous = OFF")
        if _version_of(index) != _VERSION:
            _make_table(index)
        if not self._is_checked:
            if index.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                error = sqlite3.DatabaseError("the index is damaged")
                error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
                raise error
            self._is_checked = True

    def _put_away(self) -> bool:
        """Remove a broken index; False where it is still in use, as on Windows."""
        self._is_checked = False
        try:
            for ending in _BESIDE:
                self._path.with_name(INDEX_NAME + ending).unlink(missing_ok=True)
        except OSError:
            return False
        return True


class _Transaction:
    """All or nothing, taking the right to write at once so that nobody gets stuck halfway."""

    def __init__(self, index: sqlite3.Connection) -> None:
        self._index = index

    def __enter__(self) -> None:
        self._index.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._index.execute("COMMIT" if kind is None else "ROLLBACK")


def _version_of(index: sqlite3.Connection) -> int:
    (version,) = index.execute("PRAGMA user_version").fetchone()
    return int(version)


def _make_table(index: sqlite3.Connection) -> None:
    with _Transaction(index):
        # Another process may have made it just now.
        if _version_of(index) != _VERSION:
            index.execute("DROP TABLE IF EXISTS clips")
            index.execute(_TABLE)
            index.execute(f"PRAGMA user_version = {_VERSION}")
