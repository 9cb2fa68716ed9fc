"""A clip on its way into the cache: written, read back, compared, and only then put in its place."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.cache.disk import Disk, explained
from roomtone.cache.entry import (
    MOST_LATENT_BYTES,
    MOST_SECONDS,
    Content,
    Entry,
    Provenance,
    comment_of,
    packed,
    unpacked,
)
from roomtone.cache.latents import check_latent
from roomtone.cache.shelf import Shelf
from roomtone.errors import AudioError, CacheError

_FULL_SCALE: Final = 1 << 23


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """One clip, written and verified, not in its place yet.

    Attributes:
        entry: as it will be found.
        sealed: the file that will be kept of it.
        files: where its content is: the sound, then the latent where there is one.
    """

    entry: Entry
    sealed: bytes
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is to be kept of a clip beside its sound; see `Entry`."""

    key: str
    recipe: Mapping[str, Any]
    provenance: Provenance
    notes: Mapping[str, Any]
    made_at: str


def stage(disk: Disk, folder: Path, sound: NDArray[np.int32], about: About, *, latent: Path | None) -> Staged:
    """Write and verify all content of a clip in a staging folder.

    Args:
        disk: where the folder is.
        folder: empty.
        sound: as `as_24_bit` gives it.
        about: see `About`.
        latent: an `.npz` to copy; None for none.

    Raises:
        CacheError: as `press`, `copy_latent` and `comment_of`.
    """
    digest = sha256_of_sound(sound)
    comment = comment_of(about.key, about.provenance, samples_sha256=digest, made_at=about.made_at)
    files = [folder / "sound.flac", folder / "latent.npz"]
    audio = press(disk, files[0], sound, comment)
    copied = None if latent is None else copy_latent(disk, latent, files[1])
    entry = Entry(
        key=about.key,
        recipe=dict(about.recipe),
        audio=audio,
        latent=copied,
        frames=sound.shape[0],
        channels=sound.shape[1],
        rate_hz=SAMPLE_RATE_HZ,
        samples_sha256=digest,
        notes=dict(about.notes),
        provenance=about.provenance,
        made_at=about.made_at,
    )
    return staged(entry, files if copied else files[:1])


def staged(entry: Entry, files: Sequence[Path]) -> Staged:
    """Seal the entry of staged content.

    Raises:
        CacheError: `cache.bad-entry` if it could not be read again.
    """
    sealed = packed(entry)
    try:
        entry = unpacked(sealed, entry.key)
    except CacheError as error:
        fix = "keep text, whole numbers and plain notes"
        raise CacheError("cache.bad-entry", at=entry.key, what=error.what, fix=fix) from error
    return Staged(entry=entry, sealed=sealed, files=tuple(files))


def as_24_bit(samples: Samples) -> NDArray[np.int32]:
    """Round to what a 24-bit file holds, as the encoder does.

    Args:
        samples: (frames, 1 or 2) float32 within ±1, at 48 kHz.

    Raises:
        CacheError: `cache.bad-sound`.
    """
    _check_samples(samples)
    scaled = np.rint(samples.astype(np.float64) * _FULL_SCALE)
    return np.clip(scaled, -_FULL_SCALE, _FULL_SCALE - 1).astype(np.int32)


def _check_samples(samples: Any) -> None:
    if not (isinstance(samples, np.ndarray) and samples.dtype == np.float32 and samples.ndim == 2):
        raise _no_sound("it is no array of (frames, channels) float32")
    frames, channels = samples.shape
    if channels not in {1, 2}:
        raise _no_sound(f"it has {channels} channels, not 1 or 2")
    if not 1 <= frames <= MOST_SECONDS * SAMPLE_RATE_HZ:
        raise _no_sound(f"it has {frames} frames, not 1 to {int(MOST_SECONDS * SAMPLE_RATE_HZ)}")
    # One comparison finds NaN as well, which is not less than anything.
    if not np.abs(samples).max() <= 1.0:
        raise _no_sound("it goes beyond full scale, or is not a number")


def _no_sound(what: str) -> CacheError:
    fix = "keep what `models.finish` returns"
    return CacheError("cache.bad-sound", at="samples", what=what, fix=fix)


def sha256_of_sound(sound: NDArray[np.int32]) -> str:
    """Digest samples as 24-bit little-endian, channels interleaved."""
    low_three = sound.astype("<i4").view(np.uint8).reshape(-1, 4)[:, :3]
    return hashlib.sha256(low_three.tobytes()).hexdigest()


def press(disk: Disk, path: Path, sound: NDArray[np.int32], comment: str) -> Content:
    """Write a 24-bit FLAC file, read it back and compare every sample.

    Raises:
        CacheError: `cache.not-kept` if the file does not hold what was written; else as `explained`.
    """
    samples = (sound / np.float64(_FULL_SCALE)).astype(np.float32)
    with explained(path):
        disk.write_sound(path, samples, comment)
        content = content_of(disk, path)
        if not _holds(disk, path, samples):
            what = "what the disk gave back is not what was written"
            raise CacheError("cache.not-kept", at=str(path), what=what, fix="check the disk")
    return content


def _holds(disk: Disk, path: Path, samples: Samples) -> bool:
    try:
        return np.array_equal(disk.read_sound(path, len(samples) / SAMPLE_RATE_HZ), samples)
    except AudioError:
        return False


def copy_latent(disk: Disk, source: Path, path: Path) -> Content:
    """Copy an `.npz` and check the copy.

    Raises:
        CacheError: `cache.bad-latent`; else as `explained`.
    """
    with explained(source), disk.open(source) as stream:
        whole = disk.copy(stream, path, MOST_LATENT_BYTES)
    if not whole:
        what = f"it is larger than {MOST_LATENT_BYTES} bytes"
        raise CacheError("cache.bad-latent", at=str(source), what=what, fix="keep less of the clip")
    check_latent(path)
    with explained(path):
        return content_of(disk, path)


def content_of(disk: Disk, path: Path) -> Content:
    """Name a file by what is in it."""
    data = disk.read(path, disk.size_bytes(path))
    return Content(sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data))


def place_content(shelf: Shelf, clip: Staged) -> None:
    """Put the content of a clip in its place; nothing points to it yet.

    Raises:
        CacheError: as `explained`.
    """
    for source, (_, target) in zip(clip.files, shelf.paths(clip.entry), strict=True):
        with explained(target):
            shelf.disk.make_folder(target.parent)
            shelf.disk.rename(source, target)
            shelf.disk.flush_folder(target.parent)


def place_entry(shelf: Shelf, clip: Staged, *, over: bool) -> bool:
    """Put the entry in its place that points to content: from then on the clip is there.

    Args:
        shelf: where.
        clip: see `Staged`.
        over: whether to replace an entry that is there.

    Returns:
        False if there is one, which stays.

    Raises:
        CacheError: as `explained`.
    """
    sealed, target = clip.files[0].with_name(f"{clip.entry.key}.json"), shelf.entry_path(clip.entry.key)
    with explained(target):
        shelf.disk.remove(sealed)
        shelf.disk.write(sealed, clip.sealed)
        shelf.disk.make_folder(target.parent)
        if over:
            shelf.disk.rename(sealed, target)
        elif not shelf.disk.place(sealed, target):
            return False
        shelf.disk.flush_folder(target.parent)
    return True
