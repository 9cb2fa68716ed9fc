"""When clips were last used: collected, and written together, so that reading a clip writes nothing."""

from threading import Lock
from typing import Final

from roomtone.cache.index import Index

_WRITE_EVERY_S: Final = 60.0
# An index that cannot be written must not make this grow.
_MOST_CLIPS: Final = 4_096


class Uses:
    """Any thread; whoever comes first after a minute writes for all."""

    def __init__(self, now_s: float) -> None:
        self._lock = Lock()
        self._used_s: dict[str, float] = {}
        self._written_s = now_s

    def note(self, key: str, index: Index, now_s: float) -> None:
        """Note a use; now and then write all."""
        with self._lock:
            if key in self._used_s or len(self._used_s) < _MOST_CLIPS:
                self._used_s[key] = now_s
            is_time = now_s - self._written_s >= _WRITE_EVERY_S
        if is_time:
            self.write(index, now_s)

    def write(self, index: Index, now_s: float) -> None:
        """Write what was noted; what the index does not take now it is told the next time."""
        with self._lock:
            self._written_s = now_s
            used_s, self._used_s = self._used_s, {}
        if used_s and not index.use(used_s):
            with self._lock:
                self._used_s = {**used_s, **self._used_s}
