"""Where compiled kernels are kept: a folder for each state of the sources that they are made from.

numba looks only at the file in which a kernel stands. A kernel has the constants and the functions that it imports
compiled into it, so an edit there, or an upgrade, would go unheard: here the folder's name is a digest of all of them.
"""

import hashlib
import os
import platform
import re
import shutil
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path

_PACKAGE: Final = Path(__file__).parent.parent
_IMPORT: Final = re.compile(r"^(?:from|import) +roomtone\.([\w.]+)", re.MULTILINE)
_DIGEST_CHARS: Final = 16
# Rooms whose code ends up in kernels, or decides which kernels there are.
_KERNEL_ROOMS: Final = ("dsp", "synths", "texture")


@cache
def cache_root() -> Path:
    """Return the folder of all kernels: beside the package, or the user's own where the package is read-only.

    `NUMBA_CACHE_DIR` overrides both.
    """
    if "NUMBA_CACHE_DIR" in os.environ:
        return Path(os.environ["NUMBA_CACHE_DIR"])
    beside = _PACKAGE / "dsp" / "__pycache__" / "kernels"
    try:
        beside.mkdir(parents=True, exist_ok=True)
    except OSError:
        return user_cache_path("roomtone") / "kernels"
    return beside if os.access(beside, os.W_OK) else user_cache_path("roomtone") / "kernels"


@cache
def kernel_folder(module: str) -> Path:
    """Return the folder for the kernels of a module, e.g. `roomtone.dsp.bed`."""
    digest = hashlib.sha256()
    for source in sorted(_sources_of(_file_of(module.removeprefix("roomtone.")))):
        digest.update(_text_of(source))
    return cache_root() / digest.hexdigest()[:_DIGEST_CHARS]


def is_warm() -> bool:
    """Whether every kernel has been compiled for this machine since the package last changed."""
    return stamp_path().exists()


def can_keep() -> bool:
    """Whether compiled kernels can be kept at all; else they are compiled in every process that needs them."""
    try:
        cache_root().mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(cache_root(), os.W_OK)


def stamp_path() -> Path:
    """Return the file that stands for "every kernel of these sources is compiled, by this numba, for this machine"."""
    digest = hashlib.sha256(f"{platform.python_version()} {version('numba')} {platform.machine()}".encode())
    for room in _KERNEL_ROOMS:
        for source in sorted((_PACKAGE / room).glob("*.py")):
            digest.update(_text_of(source))
    return cache_root() / f"warm-{digest.hexdigest()[:_DIGEST_CHARS]}"


def prune() -> None:
    """Remove kernels of sources that are no more; in the user's own folder other versions may live, so not there."""
    if _PACKAGE not in cache_root().parents:
        return
    room_files = (source for room in _KERNEL_ROOMS for source in (_PACKAGE / room).glob("*.py"))
    alive = {kernel_folder(_module_of(source)).name for source in room_files}
    for entry in cache_root().iterdir():
        if entry.is_dir() and entry.name not in alive:
            shutil.rmtree(entry, ignore_errors=True)


@cache
def _text_of(source: Path) -> bytes:
    return source.read_bytes()


def _sources_of(source: Path) -> set[Path]:
    """Collect a module's file and, in turn, those of the package that it imports."""
    found: set[Path] = set()
    waiting = [source]
    while waiting:
        source = waiting.pop()
        if source not in found:
            found.add(source)
            waiting.extend(_file_of(name) for name in _IMPORT.findall(_text_of(source).decode()))
    return found


def _file_of(module: str) -> Path:
    path = _PACKAGE / Path(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _module_of(source: Path) -> str:
    return ".".join(("roomtone", *source.relative_to(_PACKAGE).with_suffix("").parts))
