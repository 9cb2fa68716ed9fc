"""Finding what is not as it was written, and putting it away so that it is made again."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from roomtone.cache.disk import explained
from roomtone.cache.entry import Content
from roomtone.cache.parts import Parts
from roomtone.cache.shelf import DAMAGED, Shelf
from roomtone.errors import CacheError


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One clip that was found damaged, and is quarantined and forgotten."""

    key: str
    code: str
    what: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a look at every byte has found."""

    clips: int
    size_bytes: int
    damaged: tuple[Damage, ...]


def verify(parts: Parts, progress: Callable[[float], object]) -> Verified:
    """Read every byte of every clip; what is damaged is quarantined and forgotten, so that it is made again.

    Args:
        parts: of the cache.
        progress: called with the share that is done.

    Raises:
        CacheError: as `explained`.
    """
    with explained(parts.shelf.root):
        keys = list(parts.shelf.all_keys())
    damaged, size_bytes = [], 0
    for done, key in enumerate(keys, 1):
        found = _examined(parts, key)
        if isinstance(found, Damage):
            damaged.append(found)
        else:
            size_bytes += found
        progress(done / len(keys))
    return Verified(clips=len(keys), size_bytes=size_bytes, damaged=tuple(damaged))


def _examined(parts: Parts, key: str) -> Damage | int:
    """Hold one clip to its digests; says how many bytes were good."""
    try:
        entry = parts.shelf.load(key)
        if entry is None:
            return 0
        parts.shelf.check(entry)
    except CacheError as error:
        if error.code == "cache.newer":
            return 0
        if error.code not in DAMAGED:
            raise
        # Another process may have evicted it while we looked, or made it anew.
        is_damaged = put_away(parts, key)
        return Damage(key=key, code=error.code, what=error.what, at=error.at) if is_damaged else 0
    return entry.size_bytes


def put_away(parts: Parts, key: str) -> bool:
    """Quarantine an entry and what of its content is damaged, if any is; says whether.

    Raises:
        CacheError: as `explained`.
    """
    shelf = parts.shelf
    bad: list[Path] = []
    try:
        entry = shelf.load(key)
        content = shelf.paths(entry) if entry else []
    except CacheError as error:
        if error.code != "cache.damaged":
            raise
        content, bad = [], [shelf.entry_path(key)]
    bad += [path for each, path in content if not _is_good(shelf, each, path)]
    if bad:
        parts.index.drop([key])
        for path in (shelf.entry_path(key), *bad):
            shelf.quarantine(path)
    return bool(bad)


def _is_good(shelf: Shelf, content: Content, path: Path) -> bool:
    try:
        shelf.check_content(content, path)
    except CacheError as error:
        if error.code in DAMAGED:
            return False
        raise
    return True
