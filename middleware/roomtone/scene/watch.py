"""Noticing that a scene file was edited, whichever way the editor writes: in place, by rename, or truncating first."""

import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from roomtone.scene.files import is_scene_file

# An editor that truncates and rewrites is done within this; longer, and the designer waits for the sound.
QUIET_S: Final = 0.08

# A file that never rests (a generator in a loop) is still reported this often.
MAX_DELAY_S: Final = 0.5

_WRITES: Final = frozenset({"created", "modified", "moved", "deleted", "closed"})


class SceneWatch:
    """A running watch of one folder. Any thread may close it; `changed` is called from the watch's thread only.

    Attributes:
        root: the folder; its subfolders are not watched, as scenes do not lie there.
    """

    def __init__(self, root: Path, changed: Callable[[Path], None]) -> None:
        self.root = root
        self._settling = _Settling(changed)
        self._observer = Observer()
        self._observer.schedule(_Notices(root, self._settling), str(root), recursive=False)
        self._settling.start()
        self._observer.start()

    def close(self) -> None:
        """Stop watching; when this returns, `changed` is not called any more. Not from within `changed`."""
        self._observer.stop()
        self._observer.join()
        self._settling.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def watch_scenes(root: Path, changed: Callable[[Path], None]) -> SceneWatch:
    """Call `changed` with the path of each scene file of `root` that was written, renamed, created or deleted.

    Args:
        root: the scenes folder.
        changed: called after the file has rested for `QUIET_S`, once for a burst of writes, with `root / name`. The
            file may be gone by then. It must not raise and should return soon: hand the path to another thread.

    Raises:
        OSError: the folder cannot be watched.
    """
    return SceneWatch(root, changed)


class _Notices(FileSystemEventHandler):
    """Runs on watchdog's thread: picks the scene files out of what happens in the folder."""

    def __init__(self, root: Path, settling: "_Settling") -> None:
        self._root = root
        self._settling = settling

    def on_any_event(self, event: FileSystemEvent) -> None:
        # Reading a file is an event too; reporting that would make every reload cause the next.
        if event.is_directory or event.event_type not in _WRITES:
            return
        for touched in (event.src_path, event.dest_path):
            name = Path(str(touched)).name if touched else ""
            if name and is_scene_file(Path(name)):
                self._settling.touch(self._root / name)


class _Settling(threading.Thread):
    """Waits for each touched file to rest, then reports it. One writer (watchdog's thread), one reader (this one)."""

    def __init__(self, changed: Callable[[Path], None]) -> None:
        super().__init__(name="scene-watch", daemon=True)
        self._changed = changed
        self._touched: queue.SimpleQueue[Path | None] = queue.SimpleQueue()
        self._first_s: dict[Path, float] = {}
        self._due_s: dict[Path, float] = {}

    def touch(self, path: Path) -> None:
        """Note that a file was written just now."""
        self._touched.put(path)

    def stop(self) -> None:
        """End the thread; what has not rested by now is not reported."""
        self._touched.put(None)
        self.join()

    def run(self) -> None:
        """Alternate between waiting for touches and reporting what has rested."""
        while True:
            try:
                path = self._touched.get(timeout=self._wait_s())
            except queue.Empty:
                self._report_rested()
                continue
            if path is None:
                return
            self._postpone(path, time.monotonic())

    def _wait_s(self) -> float | None:
        if not self._due_s:
            return None
        return max(0.0, min(self._due_s.values()) - time.monotonic())

    def _postpone(self, path: Path, now_s: float) -> None:
        first_s = self._first_s.setdefault(path, now_s)
        self._due_s[path] = min(now_s + QUIET_S, first_s + MAX_DELAY_S)

    def _report_rested(self) -> None:
        now_s = time.monotonic()
        for path in [path for path, due_s in self._due_s.items() if due_s <= now_s]:
            del self._due_s[path], self._first_s[path]
            self._changed(path)
