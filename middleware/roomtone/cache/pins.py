"""What must not be evicted: clips that are wanted right now, by whom and until when, and clips pinned for good."""

import json
import re
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from roomtone.cache.disk import Disk, explained
from roomtone.cache.key import DIGEST
from roomtone.errors import CacheError

LONGEST_LEASE_S: Final = 86_400.0
_OWNER: Final = re.compile(r"[0-9a-z][0-9a-z_-]{0,63}")
_MOST_KEYS: Final = 10_000
_MOST_BYTES: Final = 1 << 20
_LEASE: Final = ".json"


class Pins:
    """Files, so that every process sees them and they outlive the index. Any thread."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self._pins, self._leases, self._disk = root / "pins", root / "leases", disk

    def pin(self, key: str) -> None:
        """Keep a clip until `unpin`.

        Raises:
            CacheError: when the file system refuses.
        """
        with explained(self._pins):
            self._disk.make_folder(self._pins)
            try:
                self._disk.write(self._pins / key, b"")
            except FileExistsError:
                return

    def unpin(self, key: str) -> None:
        """Let a clip be evicted again; raises as `pin`."""
        with explained(self._pins):
            self._disk.remove(self._pins / key)

    def pinned(self) -> set[str]:
        """Name what is pinned for good."""
        return {name for name in self._disk.names(self._pins) if DIGEST.fullmatch(name)}

    def lease(self, owner: str, keys: Iterable[str], until_s: float) -> None:
        """Keep clips until a time, in place of whatever this owner kept before; no keys end the lease.

        Args:
            owner: who wants them: lower-case letters, digits, `-` and `_`. One writer for each owner.
            keys: of the clips; they need not be there yet.
            until_s: seconds since 1970.

        Raises:
            CacheError: `cache.bad-lease`, and when the file system refuses.
        """
        wanted = sorted(set(keys))
        _check_lease(owner, wanted)
        path = self._leases / f"{owner}{_LEASE}"
        with explained(path):
            if not wanted:
                self._disk.remove(path)
                return
            self._disk.make_folder(self._leases)
            staged = self._leases / f"{owner}.{uuid.uuid4().hex}"
            self._disk.write(staged, json.dumps({"until_s": until_s, "keys": wanted}).encode("ascii"))
            self._disk.rename(staged, path)

    def leased(self, now_s: float) -> set[str]:
        """Name what is kept by leases that have not run out; raises as `pin`."""
        return {key for path in self._lease_files() for key in self._kept_by(path, now_s)}

    def run_out(self, now_s: float) -> list[Path]:
        """List leases that ended long ago, and what a crash left beside them: not what may just be renewed."""
        found = (self._leases / name for name in self._disk.names(self._leases))
        return [path for path in found if self._is_old(path, now_s) and not self._kept_by(path, now_s)]

    def _is_old(self, path: Path, now_s: float) -> bool:
        try:
            return now_s - self._disk.changed_s(path) > LONGEST_LEASE_S
        except FileNotFoundError:
            return False

    def _lease_files(self) -> list[Path]:
        return [self._leases / name for name in self._disk.names(self._leases) if name.endswith(_LEASE)]

    def _kept_by(self, path: Path, now_s: float) -> list[str]:
        with explained(path):
            try:
                lease = json.loads(self._disk.read(path, _MOST_BYTES))
            except (FileNotFoundError, ValueError, RecursionError):
                return []
        return lease["keys"] if _is_running(lease, now_s) else []


def _is_running(lease: Any, now_s: float) -> bool:
    match lease:
        case {"until_s": int() | float() as until_s, "keys": list() as keys}:
            # However wrong a clock was when it was written, a lease does not keep clips for years.
            return now_s < until_s <= now_s + 2.0 * LONGEST_LEASE_S and all(
                isinstance(key, str) for key in keys
            )
    return False


def _check_lease(owner: str, keys: list[str]) -> None:
    if not _OWNER.fullmatch(owner):
        what, fix = f"'{owner}' is no name for an owner", "use lower-case letters, digits, - and _"
        raise CacheError("cache.bad-lease", at="owner", what=what, fix=fix)
    if len(keys) > _MOST_KEYS or not all(DIGEST.fullmatch(key) for key in keys):
        what, fix = "a lease keeps keys of clips", f"name at most {_MOST_KEYS}, each of 64 hexadecimal digits"
        raise CacheError("cache.bad-lease", at="keys", what=what, fix=fix)
