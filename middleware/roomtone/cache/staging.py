"""Where files are made before they appear, and how what a crash leaves there is found and cleared."""

import os
import platform
import re
import uuid
from pathlib import Path
from typing import Final

import psutil  # type: ignore[import-untyped]  # it publishes no types

from roomtone.cache.disk import Disk

_OLD_S: Final = 3_600.0
# Of another computer nobody here knows whether it still works.
_OLD_ELSEWHERE_S: Final = 86_400.0
_NAME: Final = re.compile(r"(?P<host>[0-9a-z]+)-(?P<pid>\d+)-(?P<started>\d+)-[0-9a-f]{32}")
# The clock may be set while a process runs, which moves when it seems to have started.
_SAME_START_S: Final = 5


class Staging:
    """Folders that say whose they are. Any thread."""

    def __init__(self, root: Path, disk: Disk) -> None:
        self._root, self._disk = root, disk

    def folder(self) -> Path:
        """Make an empty folder for this process alone."""
        started = int(psutil.Process().create_time())
        folder = self._root / f"{_host()}-{os.getpid()}-{started}-{uuid.uuid4().hex}"
        self._disk.make_folder(folder)
        return folder

    def leftovers(self, now_s: float) -> list[Path]:
        """List what nobody will come back for: old, and not of a process that lives."""
        found = (self._root / name for name in self._disk.names(self._root))
        return [path for path in found if self._is_left(path, now_s)]

    def _is_left(self, path: Path, now_s: float) -> bool:
        try:
            age_s = now_s - self._disk.changed_s(path)
        except FileNotFoundError:
            return False
        owner = _NAME.fullmatch(path.name)
        if owner is None or owner["host"] != _host():
            return age_s > _OLD_ELSEWHERE_S
        return age_s > _OLD_S and not _lives(int(owner["pid"]), int(owner["started"]))

    def clear(self, path: Path) -> None:
        """Remove what `leftovers` has listed."""
        if path.is_dir() and not path.is_symlink():
            self._disk.remove_folder(path)
        else:
            self._disk.remove(path)


def _host() -> str:
    return re.sub(r"[^0-9a-z]", "", platform.node().lower()) or "here"


def _lives(pid: int, started: int) -> bool:
    try:
        return abs(int(psutil.Process(pid).create_time()) - started) <= _SAME_START_S
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:
        # It is there, and hidden from us.
        return True
