"""The memory that this process holds, and what of it can be handed back once the kernels are loaded."""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil  # type: ignore[import-untyped]  # it publishes no types

# madvise(2), since Linux 5.4: reclaim these pages now; what is needed again is read again.
_MADV_PAGEOUT: Final = 21
_COMPILER: Final = "llvmlite"
_MAPS: Final = Path("/proc/self/maps")


def resident_bytes() -> int:
    """Return the resident set of this process."""
    return int(psutil.Process().memory_info().rss)


def release_unused() -> None:
    """Hand back what loading kernels and making banks has left behind, some 90 MB that no audio needs.

    First the free pages of the heap, then the pages of the compiler's library. These are clean pages of a file:
    nothing is lost, and a kernel that must still be loaded brings back what it touches. Linux only; elsewhere the
    system does the same by itself when memory runs short.
    """
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None)
    # A C library other than glibc has no such function, and no such heap.
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)
    libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for line in _MAPS.read_text().splitlines():
        span, access, *_ = line.split()
        if _COMPILER in line and access.startswith(("r--p", "r-xp")):
            start, end = (int(bound, 16) for bound in span.split("-"))
            # Advice: a kernel that does not know it answers with an error that changes nothing.
            libc.madvise(start, end - start, _MADV_PAGEOUT)


def do_without_scipy() -> None:
    """Keep numba from importing scipy in this process, where it is installed.

    numba looks for its linear algebra when the first kernel is loaded: 170 ms and 14 MB for what no kernel calls. Only
    for a process that is the daemon's own: nothing in it can import scipy.linalg afterwards.
    """
    if "scipy.linalg" not in sys.modules:
        sys.modules["scipy.linalg"] = None  # type: ignore[assignment]  # how Python spells "not to be had"


@contextmanager
def import_without(*names: str) -> Iterator[None]:
    """Import something without packages that it only decorates itself with, where they are installed."""
    kept_out = [name for name in names if name not in sys.modules]
    for name in kept_out:
        sys.modules[name] = None  # type: ignore[assignment]  # see above
    try:
        yield
    finally:
        for name in kept_out:
            del sys.modules[name]
