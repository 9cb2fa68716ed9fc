"""Writes tiny checkpoints: `python -m roomtone.models.adapters.tiny DIR [FAMILY…]` makes DIR/FAMILY for each."""

import argparse
import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

Build: TypeAlias = Callable[[Path, int], None]
"""Writes a checkpoint into a folder, which it makes, with weights drawn from a seed."""

_HERE: Final = "roomtone.models.adapters.tiny"
# Named, not imported: each stack takes seconds to import, and no one needs all of them.
BUILDERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "audioldm2": f"{_HERE}.audioldm2:build",
        "stable_audio": f"{_HERE}.stable_audio:build",
        "stable_audio3": f"{_HERE}.stable_audio3:build",
        "clap": f"{_HERE}.clap:build",
        "audiogen": f"{_HERE}.audiogen:build",
        "musicgen": f"{_HERE}.musicgen:build",
        "musicgen_stereo": f"{_HERE}.musicgen:build_stereo",
        "encodec": f"{_HERE}.encodec:build",
    }
)


def build(family: str, folder: Path, *, seed: int = 0) -> None:
    """Write a tiny checkpoint of a family of `BUILDERS` into `folder`."""
    module, _, function = BUILDERS[family].partition(":")
    builder: Build = getattr(importlib.import_module(module), function)
    builder(folder, seed)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog=f"python -m {_HERE}", description=__doc__)
    parser.add_argument("folder", metavar="DIR", type=Path, help="where to make one folder for each family")
    parser.add_argument(
        "families", metavar="FAMILY", nargs="*", help=f"of {', '.join(BUILDERS)}; all by default"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the weights")
    asked = parser.parse_args()
    unknown = set(asked.families) - set(BUILDERS)
    if unknown:
        parser.error(f"no such family: {', '.join(sorted(unknown))}; there are {', '.join(BUILDERS)}")
    for family in asked.families or BUILDERS:
        build(family, asked.folder / family, seed=asked.seed)


if __name__ == "__main__":
    main()
