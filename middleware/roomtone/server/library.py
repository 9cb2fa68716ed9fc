"""The scenes folder as the daemon knows it: the last good version of every scene."""

import re
from pathlib import Path

from roomtone.errors import WireError
from roomtone.names import unknown
from roomtone.scene.files import find_scenes, load_scene
from roomtone.scene.model import Scene
from roomtone.scene.names import MAX_NAME_CHARS, NAME_PATTERN
from roomtone.synths.catalogue import catalogue
from roomtone.wire.limits import MAX_SCENES


class SceneLibrary:
    """Reads scenes when they are first asked for. `load` may run on any thread, the rest on the loop's."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._good: dict[str, Scene] = {}

    def names(self) -> tuple[str, ...]:
        """List what can be opened, as far as a message can say it."""
        files = find_scenes(self.root)
        return tuple(name for name in sorted(files) if is_scene_name(name))[:MAX_SCENES]

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

    def keep_if_new(self, scene: Scene) -> None:
        """Remember a version of a scene that nobody has opened yet."""
        self._good.setdefault(scene.name, scene)

    def known(self) -> tuple[str, ...]:
        """Name the scenes that were read."""
        return tuple(self._good)


def is_scene_name(name: str) -> bool:
    """Whether a file's name can be a scene's; others cannot be read, and some not even be said."""
    return len(name) <= MAX_NAME_CHARS and re.fullmatch(NAME_PATTERN, name) is not None
