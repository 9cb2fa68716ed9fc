"""Names for work: a digest of everything that decides how a job's samples sound, and of nothing else."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import numpy as np

from roomtone import VERSION

FORMAT: Final = 1
"""Raised when the same work comes out otherwise though no line below has changed."""

# Whoever is in these rooms has a hand in the samples; of baking itself, those who render, measure and write.
_ROOMS: Final = ("dsp", "synths", "texture", "layers", "scene")
_MODULES: Final = (
    "audio.py",
    "mixing.py",
    "audio_files.py",
    "sound_tags.py",
    "offline.py",
    "bake/rendering.py",
    "bake/measuring.py",
    "bake/together.py",
    "bake/encoding.py",
)
_SOUNDING: Final = (".py", ".json")
_CHUNK_BYTES: Final = 1024 * 1024


def fingerprint(**about: Any) -> str:
    """Name work by what it is: the same words, numbers, scenes and files give the same name on every computer."""
    text = json.dumps(
        plain({"engine": engine(), **about}), sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return sha256(text.encode()).hexdigest()


def plain(value: Any) -> Any:
    """Turn data into what JSON can say; a path becomes what is in its file."""
    if is_dataclass(value) and not isinstance(value, type):
        named = {field.name: plain(getattr(value, field.name)) for field in fields(value)}
        return {"is": type(value).__name__, **named}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Path):
        return file_digest(value)
    return value


@cache
def engine() -> str:
    """Name the code that makes the samples, and the arithmetic under it."""
    digest = sha256(f"{VERSION} {FORMAT} {np.__version__}".encode())
    package = files("roomtone")
    for room in _ROOMS:
        _take(digest, package / room, room)
    for module in _MODULES:
        _take(digest, package / module, module)
    return digest.hexdigest()


def _take(digest: Any, place: Traversable, name: str) -> None:
    if place.is_dir():
        for inside in sorted(place.iterdir(), key=lambda each: each.name):
            if inside.name != "__pycache__":
                _take(digest, inside, f"{name}/{inside.name}")
    elif place.name.endswith(_SOUNDING):
        digest.update(f"{name}\0".encode())
        digest.update(place.read_bytes())


def file_digest(path: Path) -> str:
    """Name a file by what it holds.

    Raises:
        OSError: it cannot be read.
    """
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
