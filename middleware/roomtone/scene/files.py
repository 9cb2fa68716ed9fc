"""Reading scene files: from YAML text to a frozen scene, or to every mistake with its line and how to mend it."""

import re
from pathlib import Path
from typing import Final

from roomtone.errors import SceneError, SceneErrors
from roomtone.scene.build import build
from roomtone.scene.check import Surroundings, check
from roomtone.scene.faults import read_shape
from roomtone.scene.findings import START, Findings, Mark
from roomtone.scene.model import Catalogue, Scene
from roomtone.scene.names import MAX_NAME_CHARS, NAME_PATTERN
from roomtone.scene.yaml_tree import read_tree

MAX_FILE_BYTES: Final = 256 * 1024
ENDINGS: Final = frozenset({".yaml", ".yml"})


def is_scene_file(path: Path) -> bool:
    """Tell whether a path looks like a scene file, and not like what an editor leaves beside one."""
    return path.suffix in ENDINGS and not path.name.startswith((".", "~", "#"))


def find_scenes(root: Path) -> dict[str, Path]:
    """List the scene files of a folder by name (the file's name without its ending), sorted.

    A file whose name no scene can have is not listed: nothing could open it.

    Where both endings exist for one name, `.yaml` counts.

    Raises:
        SceneErrors: the folder cannot be read.
    """
    try:
        files = [
            path for path in root.iterdir() if is_scene_file(path) and _is_name(path.stem) and path.is_file()
        ]
    except OSError as error:
        what, fix = f"the scenes folder cannot be read ({error.strerror})", "name a folder with scene files"
        raise SceneErrors((SceneError("scene.folder", what=what, at=str(root), fix=fix),)) from error
    # Sorted so that, of two files with one name, `.yaml` comes last and counts.
    files.sort(key=lambda path: (path.stem, path.suffix == ".yaml"))
    return {path.stem: path for path in files}


def _is_name(stem: str) -> bool:
    return len(stem) <= MAX_NAME_CHARS and re.fullmatch(NAME_PATTERN, stem) is not None


def load_scene(path: Path, *, root: Path, catalogue: Catalogue) -> Scene:
    """Read one scene file.

    Args:
        path: the file.
        root: the scenes folder: clips and neighbours are looked for here and nowhere else.
        catalogue: the synths that can be named.

    Raises:
        SceneErrors: with every mistake of the file.
    """
    return parse_scene(_read(path), path=path, root=root, catalogue=catalogue)


def parse_scene(text: str, *, path: Path, root: Path, catalogue: Catalogue) -> Scene:
    """Read a scene from the text of its file; as `load_scene`."""
    findings = Findings(str(path))
    if len(text) > MAX_FILE_BYTES:
        raise _one_error(
            path, "scene.size", f"the file is larger than {MAX_FILE_BYTES // 1024} KiB", "split the scene"
        )
    tree = read_tree(text, findings)
    if tree is not None:
        shape = read_shape(tree, path.stem, findings)
        if shape is not None:
            around = Surroundings(stem=path.stem, root=root, scenes=find_scenes(root), catalogue=catalogue)
            check(shape, tree, around, findings)
    findings.raise_if_any()
    assert tree is not None
    assert shape is not None
    return build(shape, root, catalogue)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _one_error(
            path, "scene.unreadable", f"the file cannot be read ({reason})", "check that it exists"
        ) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line_start = raw.rfind(b"\n", 0, error.start) + 1
        mark = Mark(raw.count(b"\n", 0, error.start) + 1, error.start - line_start + 1)
        raise _one_error(path, "scene.encoding", "the file is not UTF-8", "save it as UTF-8", mark) from error


def _one_error(path: Path, code: str, what: str, fix: str, mark: Mark = START) -> SceneErrors:
    at = f"{path}:{mark.line}:{mark.column}"
    return SceneErrors((SceneError(code, what=what, at=at, fix=fix),))
