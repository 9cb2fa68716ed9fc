"""What stands beside the samples in a finished sound file: loop points where engines look for them, and metadata.

WAV: a `smpl` chunk with one forward loop, and `LIST INFO`; FLAC and Ogg Vorbis: comments, with `LOOPSTART` and
`LOOPLENGTH` in frames.
"""

import struct
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import mutagen
from mutagen.ogg import OggPage

from roomtone.errors import OutputError

_FORWARD: Final = 0
_MIDDLE_C: Final = 60
_NS_PER_S: Final = 1_000_000_000
# The names that RIFF has for what is said most.
_INFO: Final = MappingProxyType(
    {"title": b"INAM", "comment": b"ICMT", "software": b"ISFT", "copyright": b"ICOP"}
)


def write_tags(
    path: Path, *, tags: Mapping[str, str], loop: tuple[int, int] | None = None, rate_hz: int = 48_000
) -> None:
    """Add metadata to a file that is closed already and that nobody reads yet.

    Args:
        path: `.wav`, `.flac` or `.ogg`; the samples in it are not touched.
        tags: `title`, `comment`, `software`, `copyright`; others only where a format has room for them.
        loop: first and last frame, both heard.
        rate_hz: of the file.

    Raises:
        OutputError: `output.failed`.
    """
    try:
        if _is_wav(path):
            _write_chunks(path, _list_chunk(tags) + (_smpl_chunk(*loop, rate_hz) if loop else b""))
        else:
            _write_comments(path, tags, loop)
    except OSError as error:
        what, fix = f"it cannot be written: {error.strerror or error}", "check the disk"
        raise OutputError("output.failed", at=str(path), what=what, fix=fix) from error


def _is_wav(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"RIFF"


def _write_chunks(path: Path, chunks: bytes) -> None:
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        file.write(b"\0" * (size % 2) + chunks)
        total = file.tell()
        file.seek(4)
        file.write(struct.pack("<I", total - 8))


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _list_chunk(tags: Mapping[str, str]) -> bytes:
    rows = [_chunk(_INFO[name], text.encode() + b"\0") for name, text in tags.items() if name in _INFO]
    return _chunk(b"LIST", b"INFO" + b"".join(rows)) if rows else b""


def _smpl_chunk(first: int, last: int, rate_hz: int) -> bytes:
    header = struct.pack("<9I", 0, 0, _NS_PER_S // rate_hz, _MIDDLE_C, 0, 0, 0, 1, 0)
    return _chunk(b"smpl", header + struct.pack("<6I", 0, _FORWARD, first, last, 0, 0))


def _write_comments(path: Path, tags: Mapping[str, str], loop: tuple[int, int] | None) -> None:
    try:
        file = mutagen.File(path)
        assert file is not None
        for name, text in tags.items():
            file[name] = text
        if loop:
            file["loopstart"], file["looplength"] = str(loop[0]), str(loop[1] - loop[0] + 1)
        file.save()
        if isinstance(file, mutagen.ogg.OggFileType):
            _number_stream(path)
    except mutagen.MutagenError as error:
        cause = error.__context__
        raise cause if isinstance(cause, OSError) else OSError(str(error)) from error


def _number_stream(path: Path) -> None:
    """Give an Ogg stream the number 1 instead of a random one: the same sound is the same file."""
    pages: list[bytes] = []
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(0)
        while file.tell() < size:
            page = OggPage(file)
            page.serial = 1
            pages.append(page.write())
        file.seek(0)
        file.write(b"".join(pages))
