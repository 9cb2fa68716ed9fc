"""Clips and their papers for the tests of the cache, and a disk that fails when it is told to."""

import errno
import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.testing import assert_array_equal

from roomtone.audio import Samples
from roomtone.cache.disk import Disk
from roomtone.cache.entry import Entry, Provenance
from roomtone.cache.key import key_of
from roomtone.cache.store import Cache

STARTED_S = 1_800_000_000.0


def recipe(seed: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "model": "audioldm2",
        "weights": "ab12",
        "prompt": "rain on tin",
        "seconds": 0.1,
        "seed": seed,
        **more,
    }


def provenance(seed: int = 1, **more: Any) -> Provenance:
    papers = {
        "model": "audioldm2",
        "weights": "ab12",
        "licence": "CC-BY-NC-4.0",
        "prompt": "rain on tin",
        "seed": seed,
        **more,
    }
    return Provenance(**papers)


def sound(seed: int = 1, frames: int = 4_800, channels: int = 2) -> Samples:
    samples = np.random.default_rng(seed).uniform(-0.5, 0.5, (frames, channels))
    # What 24 bits hold, so that it comes back exactly.
    return (np.rint(samples * 2**23) / 2**23).astype(np.float32)


def latent(folder: Path, seed: int = 1) -> Path:
    path = folder / f"latent_{seed}.npz"
    np.savez(path, latents=np.random.default_rng(seed).standard_normal((8, 25)).astype(np.float16), version=1)
    return path


def put(
    cache: Cache, seed: int = 1, *, frames: int = 4_800, latent: Path | None = None, **more: Any
) -> Entry:
    return cache.put(
        recipe(seed, **more),
        sound(seed, frames),
        provenance=provenance(
            seed, **{name: value for name, value in more.items() if name in {"model", "prompt"}}
        ),
        notes={"lufs": -23.0},
        latent=latent,
    )


def is_whole(cache: Cache, seed: int = 1) -> bool:
    """Whether a clip is found; if it is, it must be what was put."""
    entry = cache.find(key(seed))
    if entry is None:
        return False
    assert_array_equal(cache.read(entry), sound(seed, entry.frames))
    if entry.latent is not None:
        path = cache.latent(entry)
        assert path is not None
        with np.load(path, allow_pickle=False) as kept:
            assert kept["latents"].shape == (8, 25)
    return True


def key(seed: int = 1, **more: Any) -> str:
    return key_of(recipe(seed, **more))


def files_in(root: Path) -> dict[str, bytes]:
    """Everything but the index, which is derived."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.startswith("index.")
    }


class Clock:
    """Seconds since 1970, which pass when told to."""

    def __init__(self, now_s: float = STARTED_S) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        return self.now_s


class PowerCutError(BaseException):
    """The process is gone: nothing that it would still have done happens."""


class FailingDisk(Disk):
    """A disk that refuses the call of this number, or with whose call of this number everything ends.

    When everything ends, a file that is just being written is left half; and names that no folder was flushed for
    are lost.
    """

    def __init__(self, fails_at: int = -1, *, code: int = errno.ENOSPC, ends: bool = False) -> None:
        self.calls: list[str] = []
        self.unflushed: set[Path] = set()
        self._fails_at, self._code, self._ends = fails_at, code, ends
        self._is_over = False

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name.startswith("_") or not callable(found) or name == "end":
            return found
        return functools.partial(self._called, name, found)

    def _called(self, name: str, call: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if self._is_over:
            raise PowerCutError
        self.calls.append(name)
        if len(self.calls) - 1 != self._fails_at:
            is_new = name in {"rename", "place"} and not arguments[1].exists()
            answer = call(*arguments, **named)
            self._follow(name, *arguments, is_new=is_new)
            return answer
        if name in {"write", "copy", "write_sound"}:
            call(*arguments, **named)
            path = arguments[1] if name == "copy" else arguments[0]
            os.truncate(path, path.stat().st_size // 2)
        if self._ends:
            self.end()
            raise PowerCutError
        raise OSError(self._code, os.strerror(self._code), str(arguments[0]))

    def _follow(self, name: str, *arguments: Any, is_new: bool) -> None:
        if is_new:
            self.unflushed.add(arguments[1])
        elif name == "flush_folder":
            self.unflushed = {path for path in self.unflushed if path.parent != arguments[0]}

    def end(self) -> None:
        """Cut the power."""
        self._is_over = True
        for path in self.unflushed:
            path.unlink(missing_ok=True)


class SlowDisk(Disk):
    """A disk that does something else, told by a test, just before a call."""

    def __init__(self) -> None:
        self.before: dict[str, Callable[[], object]] = {}

    def _meanwhile(self, name: str) -> None:
        if interruption := self.before.pop(name, None):
            interruption()

    def open(self, path: Path) -> BinaryIO:
        self._meanwhile("open")
        return super().open(path)

    def read(self, path: Path, most_bytes: int) -> bytes:
        self._meanwhile("read")
        return super().read(path, most_bytes)

    def rename(self, source: Path, target: Path) -> None:
        self._meanwhile("rename")
        super().rename(source, target)

    def place(self, source: Path, target: Path) -> bool:
        self._meanwhile("place")
        return super().place(source, target)
