"""How every kernel is compiled: without the interpreter lock, cached on disk, exact."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import numba

from roomtone.dsp.kernel_cache import kernel_folder

Function = TypeVar("Function", bound=Callable[..., Any])

# `fastmath` is absent on purpose: it lets the compiler reorder sums, and then blocks of 480 no longer equal one of
# 48,000. `error_model="numpy"` drops the zero-division branch from inner loops.
_OPTIONS: Final = {"nogil": True, "cache": True, "fastmath": False, "error_model": "numpy"}


def kernel(function: Function) -> Function:
    """Compile `function` with numba for use on the audio path."""
    # numba reads this setting whenever it prepares a function for its cache.
    numba.config.CACHE_DIR = str(kernel_folder(function.__module__))
    compiled: Function = numba.njit(**_OPTIONS)(function)
    return compiled
