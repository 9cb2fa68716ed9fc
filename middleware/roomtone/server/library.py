"""The scenes folder as the daemon knows it: the last good version of every scene."""

from pathlib import Path

from roomtone.errors import WireError
from roomtone.names import unknown
from roomtone.scene.files import find_scenes, load_scene
from roomtone.scene.model import Scene
from roomtone.synths.catalogue import catalogue


class SceneLibrary:
    """Reads scenes when they are first asked for. `load` may run on any thread, the rest on the loop's."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._good: dict[str, Scene] = {}

    def names(self) -> tuple[str, ...]:
        """List what can be opened."""
        return tuple(sorted(find_scenes(self.root)))

    def path_of(self, name: str) -> Path:
        """Find a scene's file.

        Raises:
            WireError: `request.unknown-scene`.
        """
        files = find_scenes(self.root)
        if name not in files:
            raise unknown(WireError, "request.unknown-scene", kind="scene", name=name, known=sorted(files))
        return files[name]

    def load(self, name: str) -> Scene:
        """Read a scene's file.

        Raises:
            WireError: `request.unknown-scene`.
            SceneErrors: the file has mistakes.
        """
        return load_scene(self.path_of(name), root=self.root, catalogue=catalogue())

    def good(self, name: str) -> Scene | None:
        """Return the last good version, if there was one."""
        return self._good.get(name)

    def keep(self, scene: Scene) -> None:
        """Remember a good version."""
        self._good[scene.name] = scene

    def forget(self, name: str) -> None:
        """Drop a scene whose file is gone."""
        self._good.pop(name, None)
