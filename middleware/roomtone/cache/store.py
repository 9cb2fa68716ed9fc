"""The cache: generated clips by what decided them. Processes share one folder; files are its truth."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from platformdirs import user_cache_path

from roomtone.audio import Samples
from roomtone.cache.damage import Verified, put_away, verify
from roomtone.cache.disk import Disk, explained
from roomtone.cache.entry import Entry, Provenance, moment
from roomtone.cache.eviction import choose, evict
from roomtone.cache.exporting import Exported, export_clips
from roomtone.cache.importing import Imported, import_clips
from roomtone.cache.index import Index, Row, row_of
from roomtone.cache.key import key_of
from roomtone.cache.parts import Parts, list_rows
from roomtone.cache.pins import LONGEST_LEASE_S, Pins
from roomtone.cache.pressing import About, Staged, as_24_bit, place_content, place_entry, stage
from roomtone.cache.pruning import Pruned, prune
from roomtone.cache.shelf import DAMAGED, LATENT, Shelf
from roomtone.cache.staging import Staging
from roomtone.cache.uses import Uses
from roomtone.errors import CacheError


def default_cache_folder() -> Path:
    """Say where generated clips are kept unless a user says otherwise."""
    return user_cache_path("roomtone") / "clips"


class Cache:
    """Generated clips, and what is known of them.

    Any thread, and any number of processes on one folder. Nothing here is for the audio path: finding a clip
    takes a small read, reading it a decoder. What others do to the folder at the same time costs at most a clip that
    is made again; `CacheError` says so, as `cache.gone` and `cache.damaged`.

    Args:
        root: the folder; made when something is put.
        max_bytes: how much room clips may take together; None for any.
        clock: seconds since 1970.
        disk: the file system.
    """

    def __init__(
        self,
        root: Path,
        *,
        max_bytes: int | None = None,
        clock: Callable[[], float] = time.time,
        disk: Disk | None = None,
    ) -> None:
        self.root, self.max_bytes = root, max_bytes
        self._clock, self._disk = clock, disk or Disk()
        self._staging = Staging(root / "staging", self._disk)
        self._shelf = Shelf(root, self._disk)
        self._pins = Pins(root, self._disk)
        self._parts = Parts(shelf=self._shelf, index=Index(root), pins=self._pins, staging=self._staging)
        self._uses = Uses(clock())
        self._has_cleared = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Note what was used. Nothing else is held open."""
        self._uses.write(self._parts.index, self._clock())

    # Finding and reading ----------------------------------------------------------------------

    def find(self, key: str) -> Entry | None:
        """Find a clip by its key, see `key_of`; None if it is to be made.

        Raises:
            CacheError: when the file system refuses; see `explained`.
        """
        return self._shelf.find(key)

    def read(self, entry: Entry) -> Samples:
        """Decode a clip and hold it to its digest.

        Returns:
            (frames, channels) float32 at 48 kHz.

        Raises:
            CacheError: `cache.gone` if it was evicted meanwhile, `cache.damaged` if it is not what was written: then
                it is quarantined, forgotten, and to be made again. Else when the file system refuses.
        """
        with self._putting_away(entry):
            self._shelf.check(entry)
            samples = self._shelf.sound(entry)
        self._uses.note(entry.key, self._parts.index, self._clock())
        return samples

    def latent(self, entry: Entry) -> Path | None:
        """Say where the latent of a clip is, held to its digest; None if there is none. Raises as `read`."""
        if entry.latent is None:
            return None
        path = self._shelf.content_path(entry.latent, LATENT)
        with self._putting_away(entry):
            self._shelf.check_content(entry.latent, path)
        self._uses.note(entry.key, self._parts.index, self._clock())
        return path

    @contextmanager
    def _putting_away(self, entry: Entry) -> Iterator[None]:
        try:
            yield
        except CacheError as error:
            if error.code in DAMAGED:
                put_away(self._parts, entry.key)
            raise

    # Putting ----------------------------------------------------------------------------------

    def put(
        self,
        recipe: Mapping[str, Any],
        samples: Samples,
        *,
        provenance: Provenance,
        notes: Mapping[str, Any] | None = None,
        latent: Path | None = None,
    ) -> Entry:
        """Keep a clip: when this returns it is whole on the disk, and if it fails nothing has changed.

        A clip of the same recipe that is there and whole stays.

        Args:
            recipe: as `key_of`.
            samples: (frames, 1 or 2) float32 within ±1 at 48 kHz; kept with 24 bits.
            provenance: where it comes from.
            notes: plain values.
            latent: an `.npz` to copy.

        Raises:
            CacheError: `cache.full`, `cache.read-only`, `cache.no-permission`, `cache.failed`, `cache.not-kept` when
                it cannot be kept; `cache.bad-recipe`, `cache.bad-sound`, `cache.bad-latent`, `cache.bad-entry`
                when it must not be.
        """
        key, sound = key_of(recipe), as_24_bit(samples)
        if (kept := self._shelf.whole(key)) is not None:
            return kept
        about = About(
            key=key, recipe=recipe, provenance=provenance, notes=notes or {}, made_at=moment(self._clock())
        )
        with self.staging() as folder:
            return self._take(stage(self._disk, folder, sound, about, latent=latent))

    def _take(self, clip: Staged) -> Entry:
        self._make_room(clip.entry.size_bytes)
        # While this one was written another process may have been quicker: the first one stays.
        if (there := self._shelf.whole(clip.entry.key)) is not None:
            return there
        over = self._shelf.has_entry(clip.entry.key)
        place_content(self._shelf, clip)
        if not place_entry(self._shelf, clip, over=over):
            if (there := self._shelf.find(clip.entry.key)) is not None:
                self._shelf.drop(clip.entry, instead=there)
                return there
            place_entry(self._shelf, clip, over=True)
        self._parts.index.add([row_of(clip.entry)])
        return clip.entry

    def _make_room(self, size_bytes: int) -> None:
        """Evict until a new clip fits; nothing if it cannot fit."""
        if self.max_bytes is None:
            return
        rows = self.rows()
        to_bytes = self.max_bytes - size_bytes
        chosen = choose(rows, self.held(), to_bytes=max(to_bytes, 0), unused_since_s=None)
        gone = {row.key for row in chosen}
        if sum(row.size_bytes for row in rows if row.key not in gone) > to_bytes:
            what = (
                f"a clip of {size_bytes} bytes does not fit beside what is pinned in {self.max_bytes} bytes"
            )
            raise CacheError(
                "cache.full", at=str(self.root), what=what, fix="let the cache take more, or unpin"
            )
        evict(self._parts, rows, gone)

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """Lend a folder on the cache's disk, e.g. for what a worker writes; it is removed afterwards.

        Raises:
            CacheError: when the file system refuses.
        """
        self._clear_leftovers()
        with explained(self.root):
            folder = self._staging.folder()
        try:
            yield folder
        finally:
            # What cannot be removed now is swept later.
            with suppress(OSError):
                self._staging.clear(folder)

    def _clear_leftovers(self) -> None:
        """Once a process: clear what others left when they crashed."""
        if not self._has_cleared:
            self._has_cleared = True
            with suppress(OSError):
                for path in self._staging.leftovers(self._clock()):
                    self._staging.clear(path)

    # Pinning ----------------------------------------------------------------------------------

    def lease(self, owner: str, keys: Iterable[str], *, seconds: float) -> None:
        """Keep clips from eviction for a while, in place of what this owner kept before; see `Pins.lease`.

        Raises:
            CacheError: `cache.bad-lease`, and when the file system refuses.
        """
        self._pins.lease(owner, keys, self._clock() + min(seconds, LONGEST_LEASE_S))

    def pin(self, key: str) -> None:
        """Keep a clip from eviction until `unpin`; raises when the file system refuses."""
        self._pins.pin(key)

    def unpin(self, key: str) -> None:
        """Let a clip be evicted again; raises when the file system refuses."""
        self._pins.unpin(key)

    def pinned(self) -> set[str]:
        """Name what is pinned for good; raises when the file system refuses."""
        with explained(self.root):
            return self._pins.pinned()

    def leased(self) -> set[str]:
        """Name what somebody wants right now; raises when the file system refuses."""
        with explained(self.root):
            return self._pins.leased(self._clock())

    def held(self) -> set[str]:
        """Name what is not evicted now: what is pinned or leased."""
        return self.pinned() | self.leased()

    # Keeping order ----------------------------------------------------------------------------

    def rows(self) -> list[Row]:
        """List all clips, least recently used first; raises when the file system refuses."""
        self._uses.write(self._parts.index, self._clock())
        return list_rows(self._parts)

    def all_keys(self) -> list[str]:
        """List the keys of all clips, in order; raises when the file system refuses."""
        with explained(self.root):
            return list(self._shelf.all_keys())

    def verify(self, progress: Callable[[float], object] = lambda _: None) -> Verified:
        """Read every byte; what is damaged is quarantined and forgotten. See `damage.verify`."""
        return verify(self._parts, progress)

    def prune(
        self, *, max_bytes: int | None = None, older_than_s: float | None = None, dry_run: bool = False
    ) -> Pruned:
        """Evict what was not used for so long, then the least recently used until the rest fits; and sweep.

        Args:
            max_bytes: what may stay; None for the cache's own limit.
            older_than_s: since when a clip has not been used; None keeps the old.
            dry_run: only say what would go.

        Raises:
            CacheError: when the file system refuses.
        """
        return prune(
            self._parts,
            self.rows(),
            self.held(),
            self._clock(),
            max_bytes=self.max_bytes if max_bytes is None else max_bytes,
            older_than_s=older_than_s,
            dry_run=dry_run,
        )

    def rebuild(self) -> int:
        """Make the index anew from the files; says how many clips there are. Raises when the file system refuses."""
        self._parts.index.clear()
        return len(list_rows(self._parts))

    # Exchange ---------------------------------------------------------------------------------

    def export_to(self, target: Path, keys: Iterable[str] | None = None) -> Exported:
        """Write clips to a `.zip` or into a folder, for `import_from`. See `export_clips`."""
        return export_clips(self._shelf, target, self.all_keys() if keys is None else keys)

    def import_from(self, source: Path) -> Imported:
        """Take clips that `export_to` wrote, wherever they come from. See `import_clips`."""
        with self.staging() as folder:
            return import_clips(self._shelf, source, folder, self._take)
