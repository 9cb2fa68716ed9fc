"""Which recordings a scene may play: WAV or FLAC files inside the scenes folder."""

from pathlib import Path, PureWindowsPath
from typing import Final, NamedTuple

_HEAD_BYTES: Final = 12


class Refusal(NamedTuple):
    """Why a clip cannot be played, and what to do."""

    code: str
    what: str
    fix: str


def find_clip(clip: str, root: Path) -> Path | Refusal:
    """Return the file that `clip` means, with symbolic links followed, or say why it is refused.

    Args:
        clip: as written in the scene file, relative to `root`.
        root: the scenes folder; nothing outside it is opened.
    """
    inside = "clips lie in the scenes folder; copy it there and write the path relative to it"
    if clip.startswith("/") or PureWindowsPath(clip).drive:
        return Refusal("scene.clip-outside", f"the clip '{clip}' is an absolute path", inside)
    try:
        folder, file = root.resolve(), (root / clip).resolve()
        if not file.is_relative_to(folder):
            return Refusal("scene.clip-outside", f"the clip '{clip}' lies outside the scenes folder", inside)
        if not file.is_file():
            return Refusal(
                "scene.clip-missing",
                f"there is no file '{clip}'",
                f"put it into {folder.name}/ or correct the path",
            )
        head = _head_of(file)
    except (OSError, RuntimeError, ValueError) as error:
        return Refusal(
            "scene.clip-missing", f"'{clip}' cannot be read ({type(error).__name__})", "correct the path"
        )
    if not _is_wav(head) and not head.startswith(b"fLaC"):
        return Refusal("scene.clip-format", f"'{clip}' is neither WAV nor FLAC", "convert it to FLAC")
    return file


def _head_of(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(_HEAD_BYTES)


def _is_wav(head: bytes) -> bool:
    return head[:4] in {b"RIFF", b"RF64"} and head[8:12] == b"WAVE"
