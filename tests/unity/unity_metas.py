"""The `.meta` files of the Unity package: what Unity knows an asset by, the same on every machine.

`python tests/unity/unity_metas.py` writes those that are missing. A GUID comes from the asset's first path and is never
changed afterwards: scenes and prefabs of users refer to it.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).parents[2] / "unity_client"
NAME: Final = "com.roomtone.client"
_TAIL: Final = "  userData: \n  assetBundleName: \n  assetBundleVariant: \n"
_SCRIPT: Final = (
    "MonoImporter:\n  externalObjects: {}\n  serializedVersion: 2\n  defaultReferences: []\n"
    "  executionOrder: 0\n  icon: {instanceID: 0}\n"
)
_IMPORTERS: Final = {
    ".cs": _SCRIPT,
    ".asmdef": "AssemblyDefinitionImporter:\n  externalObjects: {}\n",
    ".json": "PackageManifestImporter:\n  externalObjects: {}\n",
    ".md": "TextScriptImporter:\n  externalObjects: {}\n",
}
_FOLDER: Final = "folderAsset: yes\nDefaultImporter:\n  externalObjects: {}\n"


def assets() -> Iterator[Path]:
    """Yield every file and folder that Unity imports: folders that end in ~ are not for it."""
    for path in sorted(PACKAGE.rglob("*")):
        inside = path.relative_to(PACKAGE)
        hidden = any(part.endswith("~") or part.startswith(".") for part in inside.parts)
        if not hidden and path.suffix != ".meta":
            yield path


def meta_of(asset: Path) -> Path:
    """Return where an asset's `.meta` is."""
    return asset.with_name(asset.name + ".meta")


def guid_of(asset: Path) -> str:
    """Make a GUID of an asset's path in the package."""
    inside = asset.relative_to(PACKAGE).as_posix()
    return hashlib.md5(f"{NAME}/{inside}".encode(), usedforsecurity=False).hexdigest()


def meta_text(asset: Path) -> str:
    """Write an asset's `.meta`."""
    importer = _FOLDER if asset.is_dir() else _IMPORTERS[asset.suffix]
    return f"fileFormatVersion: 2\nguid: {guid_of(asset)}\n{importer}{_TAIL}"


def write_missing() -> None:
    """Write what is missing, and remove what belongs to nothing."""
    wanted = set()
    for asset in assets():
        meta = meta_of(asset)
        wanted.add(meta)
        if not meta.exists():
            meta.write_text(meta_text(asset), encoding="utf-8", newline="\n")
    for meta in PACKAGE.rglob("*.meta"):
        if meta not in wanted:
            meta.unlink()


if __name__ == "__main__":
    write_missing()
