"""A store that many computers share: a folder that all of them see, or S3, Google Cloud Storage and so on."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import fsspec

from roomtone.bake.kept import Files, LocalFiles
from roomtone.errors import OrderError, OutputError

_LOCAL: Final = ("file", "local")


def open_files(url: str) -> Files:
    """Open a store: a path, or an address such as `s3://bucket/folder`.

    Raises:
        OrderError: `farm.store`: nothing here knows such addresses.
    """
    try:
        system, root = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError, OSError) as error:
        what, fix = (
            f"the store '{url}' cannot be opened: {error}",
            "check it, and install what fsspec asks for",
        )
        raise OrderError("farm.store", what=what, fix=fix) from error
    protocols = system.protocol if isinstance(system.protocol, tuple | list) else (system.protocol,)
    return LocalFiles(Path(root)) if any(each in _LOCAL for each in protocols) else SharedFiles(system, root)


class SharedFiles:
    """A store behind fsspec; there a file appears whole. What is fetched is kept in a folder of this process."""

    def __init__(self, system: Any, root: str) -> None:
        self._system, self._root = system, root.rstrip("/")
        self._here = Path(tempfile.mkdtemp(prefix="roomtone-farm-"))

    def __del__(self) -> None:
        shutil.rmtree(self._here, ignore_errors=True)

    def _address(self, name: str) -> str:
        return f"{self._root}/{name}"

    def write(self, name: str, fill: Callable[[Path], None]) -> None:
        """See `Files`.

        Raises:
            OutputError: `output.full`, `output.failed`.
        """
        LocalFiles(self._here).write(name, fill)
        try:
            self._system.makedirs(self._address(name).rpartition("/")[0], exist_ok=True)
            self._system.put_file(str(self._here / name), self._address(name))
        except OSError as error:
            what, fix = f"the store does not take it: {error}", "check its permissions and its room"
            raise OutputError("output.failed", at=self._address(name), what=what, fix=fix) from error

    def read(self, name: str) -> bytes | None:
        """See `Files`."""
        try:
            data = self._system.cat_file(self._address(name))
        except OSError:
            return None
        return bytes(data)

    def has(self, name: str) -> bool:
        """See `Files`."""
        return bool(self._system.exists(self._address(name)))

    def fetch(self, name: str) -> Path:
        """See `Files`.

        Raises:
            OSError: it is not there.
        """
        path = self._here / name
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            staged = path.with_name(f".{path.name}")
            self._system.get_file(self._address(name), str(staged))
            staged.replace(path)
        return path

    def remove(self, name: str) -> None:
        """See `Files`."""
        if self.has(name):
            self._system.rm_file(self._address(name))

    def names(self, room: str) -> list[str]:
        """See `Files`."""
        try:
            found = self._system.ls(self._address(room), detail=False)
        except OSError:
            return []
        return sorted(str(each).rpartition("/")[2] for each in found)
