"""The memory that this process holds, and what of it can be handed back once the kernels are loaded."""

import ctypes
import sys
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


def release_compiler() -> None:
    """Hand back the pages of the compiler's library, some 70 MB that are not needed while audio runs.

    They are clean pages of a file: nothing is lost, and a kernel that must still be loaded brings back what it
    touches. Linux only; elsewhere the system does the same by itself when memory runs short.
    """
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None)
    libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for line in _MAPS.read_text().splitlines():
        span, access, *_ = line.split()
        if _COMPILER in line and access.startswith(("r--p", "r-xp")):
            start, end = (int(bound, 16) for bound in span.split("-"))
            # Advice: a kernel that does not know it answers with an error that changes nothing.
            libc.madvise(start, end - start, _MADV_PAGEOUT)
