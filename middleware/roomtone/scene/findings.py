"""What is wrong with one scene file: collected while it is read, reported all at once in the file's order."""

from typing import Final, NamedTuple

from roomtone.errors import SceneError, SceneErrors

# A broken generator can produce one mistake per line; nobody mends more than this in one go.
MAX_REPORTED: Final = 100


class Mark(NamedTuple):
    """A place in a file, counted from 1 as editors do."""

    line: int
    column: int


START: Final = Mark(1, 1)


class Findings:
    """The mistakes of one file. Belongs to one reading; not shared between threads."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._found: dict[tuple[Mark, str, str], str] = {}

    def add(self, code: str, mark: Mark, *, what: str, fix: str) -> None:
        """Note a mistake; the same one at the same place counts once."""
        self._found.setdefault((mark, code, what), fix)

    def __bool__(self) -> bool:
        return bool(self._found)

    def raise_if_any(self) -> None:
        """Raise `SceneErrors` with the first `MAX_REPORTED` mistakes, if there are any."""
        if self._found:
            raise SceneErrors(tuple(self._errors()))

    def _errors(self) -> list[SceneError]:
        found = sorted(self._found.items())
        errors = [
            SceneError(code, what=what, at=f"{self._path}:{mark.line}:{mark.column}", fix=fix)
            for (mark, code, what), fix in found[:MAX_REPORTED]
        ]
        if len(found) > MAX_REPORTED:
            rest = f"{len(found) - MAX_REPORTED} more mistakes are not shown"
            errors.append(SceneError("scene.more", what=rest, at=self._path, fix="mend these first"))
        return errors
