"""What the cache is made of, and the list of what is in it."""

from dataclasses import dataclass

from roomtone.cache.disk import explained
from roomtone.cache.index import Index, Row, row_of
from roomtone.cache.pins import Pins
from roomtone.cache.shelf import Shelf
from roomtone.cache.staging import Staging


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the cache is made of; see each."""

    shelf: Shelf
    index: Index
    pins: Pins
    staging: Staging


def list_rows(parts: Parts) -> list[Row]:
    """List all clips, least recently used first. The files are asked which there are, the index only about them.

    Raises:
        CacheError: as `explained`.
    """
    shelf, index = parts.shelf, parts.index
    with explained(shelf.root):
        keys = set(shelf.all_keys())
    known = index.rows() or []
    rows = {row.key: row for row in known if row.key in keys}
    new = [row_of(entry) for key in sorted(keys - rows.keys()) if (entry := shelf.find(key))]
    if new:
        index.add(new)
    if len(rows) < len(known):
        index.drop(row.key for row in known if row.key not in keys)
    return sorted([*rows.values(), *new], key=lambda row: (row.used_s, row.key))
