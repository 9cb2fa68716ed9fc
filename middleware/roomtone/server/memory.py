"""How much memory the daemon holds."""

import psutil  # type: ignore[import-untyped]  # it publishes no types


def resident_bytes() -> int:
    """Return the resident set of this process."""
    return int(psutil.Process().memory_info().rss)
