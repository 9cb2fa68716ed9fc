"""What a model kept of a clip to go on from it: an `.npz` of plain arrays, checked before anything unpacks it."""

import tokenize
import zipfile
import zlib
from pathlib import Path
from typing import Final

import numpy as np

from roomtone.cache.entry import MOST_LATENT_BYTES
from roomtone.errors import CacheError

_MOST_ARRAYS: Final = 256
_VERSIONS: Final = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
# What zipfile and numpy answer to bytes that are neither.
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    tokenize.TokenError,
    SyntaxError,
    OSError,
    ValueError,
    TypeError,
    EOFError,
    MemoryError,
    NotImplementedError,
    RuntimeError,
)


def check_latent(path: Path) -> None:
    """Refuse an `.npz` that holds anything but plain arrays, or unpacks to more than it may.

    Raises:
        CacheError: `cache.bad-latent`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive)
    except _UNREADABLE as error:
        what = f"it is no latent that a model can go on from ({error})"
        fix = "keep plain arrays with numpy.savez"
        raise CacheError("cache.bad-latent", at=str(path), what=what, fix=fix) from error


def _check_members(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if not 1 <= len(members) <= _MOST_ARRAYS:
        raise ValueError(f"{len(members)} arrays")
    if sum(member.file_size for member in members) > MOST_LATENT_BYTES:
        raise ValueError(f"it unpacks to more than {MOST_LATENT_BYTES} bytes")
    for member in members:
        _check_array(archive, member)


def _check_array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Read only the header: its claim against the size of the member, and that no object hides in it."""
    with archive.open(member) as stream:
        read_header = _VERSIONS.get(np.lib.format.read_magic(stream))
        if read_header is None:
            raise ValueError(f"'{member.filename}' is of an unknown version")
        shape, _, dtype = read_header(stream)
        if dtype.hasobject:
            raise ValueError(f"'{member.filename}' holds objects")
        claimed_bytes = int(np.prod(shape, dtype=object)) * dtype.itemsize
        if stream.tell() + claimed_bytes != member.file_size:
            raise ValueError(f"'{member.filename}' is not as long as it claims")
