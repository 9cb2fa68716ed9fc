"""The models that are installed: one folder each, with a manifest that says what it is and that it is whole."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeAlias

from roomtone.errors import ModelError
from roomtone.models.families import UNKNOWN_LICENCE, Family, Licence, all_families, recognise
from roomtone.names import unknown

MANIFEST: Final = "roomtone-model.json"
MANIFEST_VERSION: Final = 1
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")

_MOST_MANIFEST_BYTES: Final = 8 * 1024 * 1024
_CHUNK_BYTES: Final = 1024 * 1024
_PEEK_BYTES: Final = 64 * 1024

_Signature: TypeAlias = tuple[tuple[str, int, int], ...]

Progress = Callable[[float], None]
"""Called now and then with the part that is done, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """One file of a model as it should be."""

    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """One installed model.

    Attributes:
        name: as scenes name it.
        family: as the table of families knows it.
        folder: where its weights are.
        weights: digest of its files: part of the key of every clip that it makes.
        licence: of the weights.
        adapter: what a worker loads.
        python: the interpreter it runs in; "" for this one.
        options: for the adapter.
        source: where it was taken from, with its revision.
        files: what the manifest lists; empty for a folder without one.
        makes: as in `Family`.
        needs: packages that must be there, in its interpreter.
    """

    name: str
    family: str
    folder: Path
    weights: str
    licence: Licence
    adapter: str
    python: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    files: Mapping[str, FileRecord] = field(default_factory=dict)
    makes: str = "clips"
    needs: tuple[str, ...] = ()

    @property
    def size_bytes(self) -> int:
        """How much it takes on the disk, as the manifest says."""
        return sum(record.size_bytes for record in self.files.values())


class ModelLibrary:
    """A folder of models. Looks at it each time, and reads again what has changed. One thread at a time."""

    def __init__(self, root: Path | None) -> None:
        self.root = root
        self._read: dict[Path, tuple[_Signature, Installed | ModelError]] = {}

    def installed(self) -> dict[str, Installed]:
        """List the models that can be read; see `broken` for the others."""
        return {name: found for name, found in self._all() if isinstance(found, Installed)}

    def broken(self) -> dict[str, ModelError]:
        """List the folders that look like models and cannot be read, and why."""
        return {name: found for name, found in self._all() if isinstance(found, ModelError)}

    def find(self, name: str) -> Installed:
        """Look a model up.

        Raises:
            ModelError: `model.unknown`, or what is wrong with its folder.
        """
        found = dict(self._all())
        if name not in found:
            known = [each for each, what in found.items() if isinstance(what, Installed)]
            raise unknown(
                ModelError, "model.unknown", kind="model", name=name, known=known, at=str(self.root or "")
            )
        model = found[name]
        if isinstance(model, ModelError):
            raise model
        return model

    def _all(self) -> Iterator[tuple[str, Installed | ModelError]]:
        for folder in _folders(self.root):
            yield folder.name, self._look(folder)

    def _look(self, folder: Path) -> Installed | ModelError:
        signature = _signature(folder)
        known = self._read.get(folder)
        if known is not None and known[0] == signature:
            return known[1]
        try:
            found: Installed | ModelError = read_model(folder)
        except ModelError as error:
            found = error
        self._read[folder] = (signature, found)
        return found


def _signature(folder: Path) -> _Signature:
    """Tell whether a folder may have changed without reading it."""
    manifest = folder / MANIFEST
    files = [manifest] if manifest.is_file() else files_of(folder)
    stats = [(path, path.stat()) for path in files]
    return tuple((str(path), stat.st_size, stat.st_mtime_ns) for path, stat in stats)


def _folders(root: Path | None) -> list[Path]:
    if root is None or not root.is_dir():
        return []
    return sorted(each for each in root.iterdir() if each.is_dir() and NAME.fullmatch(each.name))


def read_model(folder: Path) -> Installed:
    """Read what a model's folder says of itself: its manifest, or else what lies there.

    Raises:
        ModelError: `model.manifest`, `model.unrecognised`, `model.unknown-family`, `model.no-folder`.
    """
    manifest = folder / MANIFEST
    if manifest.is_file():
        return _from_manifest(folder, _read_manifest(manifest))
    family = recognise(folder)
    if not family:
        what = "nothing in this folder says which family of models it is"
        fix = f"add it with `roomtone models add {folder.name} --from FOLDER --family NAME`"
        raise ModelError("model.unrecognised", at=str(folder), what=what, fix=fix)
    kin = all_families()[family]
    return _installed(folder, folder, kin, weights=glance(folder), licence=kin.licence)


def _installed(home: Path, folder: Path, family: Family, **more: Any) -> Installed:
    return Installed(
        name=home.name,
        family=family.name,
        folder=folder,
        makes=family.makes,
        needs=family.needs,
        **{"adapter": family.adapter, **more},
    )


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            record = json.loads(stream.read(_MOST_MANIFEST_BYTES))
    except (OSError, ValueError, RecursionError) as error:
        raise _unreadable(path, f"its manifest cannot be read ({type(error).__name__})") from error
    if not isinstance(record, dict) or record.get("version") != MANIFEST_VERSION:
        raise _unreadable(path, f"its manifest is not of version {MANIFEST_VERSION}")
    return record


def _unreadable(path: Path, what: str) -> ModelError:
    return ModelError("model.manifest", at=str(path), what=what, fix="add it again: `roomtone models add`")


def _from_manifest(folder: Path, record: Mapping[str, Any]) -> Installed:
    families = all_families()
    family, adapter = str(record.get("family", "")), str(record.get("adapter", ""))
    if family not in families and not adapter:
        raise unknown(
            ModelError,
            "model.unknown-family",
            kind="family",
            name=family,
            known=families,
            at=str(folder / MANIFEST),
        )
    kin = families.get(family) or Family(name=family, adapter=adapter, makes="clips", licence=UNKNOWN_LICENCE)
    try:
        return _installed(
            folder,
            (folder / record["folder"]).resolve() if record.get("folder") else folder,
            kin,
            weights=str(record["weights"]),
            licence=Licence(**record["licence"]),
            adapter=_placed(adapter, folder) or kin.adapter,
            python=str(record.get("python", "")),
            options=dict(record.get("options", {})),
            source=str(record.get("source", "")),
            files={name: FileRecord(**each) for name, each in record["files"].items()},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable(folder / MANIFEST, f"its manifest lacks or misstates {error}") from error


def _placed(adapter: str, folder: Path) -> str:
    """Find an adapter file beside its manifest."""
    place, colon, name = adapter.rpartition(":")
    return f"{folder / place}{colon}{name}" if place.endswith(".py") else adapter


def write_manifest(model: Installed, home: Path, *, adapter: str = "") -> None:
    """Write a model's manifest, whole or not at all.

    Args:
        model: what to say of it.
        home: its folder in the library; the weights may lie elsewhere.
        adapter: a file in `home` or a module, where it is not the family's own.
    """
    record = {
        "version": MANIFEST_VERSION,
        "family": model.family,
        "weights": model.weights,
        "licence": asdict(model.licence),
        "source": model.source,
        "folder": "" if model.folder == home else str(model.folder),
        "adapter": adapter,
        "python": model.python,
        "options": dict(model.options),
        "files": {name: asdict(each) for name, each in model.files.items()},
    }
    staged = home / f".{MANIFEST}.part"
    staged.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    staged.replace(home / MANIFEST)


# Digests -----------------------------------------------------------------------------------------


def files_of(folder: Path) -> list[Path]:
    """List a model's files, in one order on every system; hidden ones and the manifest are not the model's."""
    files = [path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path, folder)]
    return sorted(files, key=lambda path: path.relative_to(folder).as_posix())


def _is_hidden(path: Path, folder: Path) -> bool:
    inside = path.relative_to(folder)
    return inside.name == MANIFEST or any(part.startswith(".") for part in inside.parts)


def record_files(folder: Path, progress: Progress = lambda _: None) -> dict[str, FileRecord]:
    """Hash every file of a model."""
    files = files_of(folder)
    total = max(1, sum(path.stat().st_size for path in files))
    done, records = 0, {}
    for path in files:
        digest, size_bytes = sha256(), 0
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                digest.update(chunk)
                size_bytes += len(chunk)
                progress(min(1.0, (done + size_bytes) / total))
        done += size_bytes
        name = path.relative_to(folder).as_posix()
        records[name] = FileRecord(size_bytes=size_bytes, sha256=digest.hexdigest())
    return records


def digest_of(files: Mapping[str, FileRecord], options: Mapping[str, Any]) -> str:
    """Name weights and settings by one digest."""
    lines = [f"{name} {each.sha256}" for name, each in sorted(files.items())]
    lines.append(json.dumps(options, sort_keys=True))
    return sha256("\n".join(lines).encode()).hexdigest()


def glance(folder: Path) -> str:
    """Name the weights of a folder without a manifest: by names, sizes and both ends of each file.

    Reading all of several GB at every start would take longer than starting.
    """
    digest = sha256()
    for path in files_of(folder):
        size_bytes = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()} {size_bytes}\n".encode())
        with path.open("rb") as stream:
            digest.update(stream.read(_PEEK_BYTES))
            stream.seek(max(0, size_bytes - _PEEK_BYTES))
            digest.update(stream.read(_PEEK_BYTES))
    return digest.hexdigest()


def damage(model: Installed, progress: Progress = lambda _: None) -> list[str]:
    """Compare a model's files with its manifest; says what is wrong with each that differs."""
    if not model.files:
        return []
    sizes = {
        path.relative_to(model.folder).as_posix(): path.stat().st_size for path in files_of(model.folder)
    }
    found = [f"{name} is missing" for name in model.files if name not in sizes]
    found += [
        f"{name} has {sizes[name]} bytes, not {each.size_bytes}"
        for name, each in model.files.items()
        if name in sizes and sizes[name] != each.size_bytes
    ]
    # A wrong size says enough; hashing is for what looks right.
    if not found:
        now = record_files(model.folder, progress)
        found = [f"{name} was altered" for name, each in model.files.items() if now[name] != each]
    return found
