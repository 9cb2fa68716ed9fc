"""What is ordered: which scenes and prompts, in which states, how long, in which files. Checked before any work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from roomtone.bake.prompt_list import PromptList, is_prompt_list, read_prompt_list
from roomtone.bake.states import Wanted, check_states
from roomtone.errors import (
    InputMissingError,
    OrderError,
    OrderErrors,
    OutputError,
    RoomtoneError,
    SceneErrors,
)
from roomtone.scene.files import find_scenes, load_scene
from roomtone.scene.model import Scene
from roomtone.synths.catalogue import catalogue

Format = Literal["wav", "flac", "ogg"]
Channels = Literal["keep", "mono", "stereo"]
Policy = Literal["any", "commercial"]
Engine = Literal["none", "godot", "unity"]

RATES_HZ: Final[Mapping[Format, tuple[int, ...]]] = MappingProxyType(
    {
        "wav": (16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000),
        "flac": (16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000),
        "ogg": (16_000, 22_050, 24_000, 32_000, 44_100, 48_000),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be baked.

    Attributes:
        scenes, lists: what, each name once.
        out: the folder.
        seconds: how long each file is; a loop is at most this long.
        loop: whether files close on themselves.
        format, rate_hz, channels: of files.
        lufs: the loudness of what belongs together, all of it at once; None leaves levels as they are.
        true_peak_db: what no file goes over.
        mix: one file for a whole scene instead of one for each layer.
        states: at which states.
        variations: how many takes of everything.
        seed: of the first take, instead of the scenes' own.
        policy: whether models may be used whose weights must not be used commercially.
        engine: for whom files are prepared.
    """

    scenes: tuple[Scene, ...]
    lists: tuple[PromptList, ...]
    out: Path
    seconds: float = 60.0
    loop: bool = True
    format: Format = "wav"
    rate_hz: int = 48_000
    channels: Channels = "keep"
    lufs: float | None = -23.0
    true_peak_db: float = -1.0
    mix: bool = False
    states: tuple[Wanted, ...] = ()
    variations: int = 1
    seed: int | None = None
    policy: Policy = "any"
    engine: Engine = "none"


def read_paths(paths: Sequence[Path]) -> tuple[tuple[Scene, ...], tuple[PromptList, ...]]:
    """Read scenes, folders of scenes and lists of prompts.

    Raises:
        OrderErrors: with every mistake of every file.
    """
    scenes: list[Scene] = []
    lists: list[PromptList] = []
    errors: list[RoomtoneError] = []
    for path in dict.fromkeys(path.resolve() for path in _files(paths, errors)):
        try:
            if is_prompt_list(path):
                lists.append(read_prompt_list(path))
            else:
                scenes.append(load_scene(path, root=path.parent, catalogue=catalogue()))
        except (OrderErrors, SceneErrors) as error:
            errors += error.errors
        except InputMissingError as error:
            errors.append(error)
    _check_clashes(scenes, lists, errors)
    if errors:
        raise OrderErrors(tuple(errors))
    return tuple(scenes), tuple(lists)


def _files(paths: Sequence[Path], errors: list[RoomtoneError]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            what, fix = "there is no such file or folder", "check its name"
            errors.append(InputMissingError("bake.missing", what=what, at=str(path), fix=fix))
        elif path.is_dir():
            found = [*find_scenes(path).values(), *sorted(path.glob("*.csv"))]
            if not found:
                what, fix = "there is no scene in it", "name a folder with scene files"
                errors.append(InputMissingError("bake.missing", what=what, at=str(path), fix=fix))
            files += found
        else:
            files.append(path)
    return files


def _check_clashes(scenes: Sequence[Scene], lists: Sequence[PromptList], errors: list[RoomtoneError]) -> None:
    seen: set[str] = set()
    for name in [*(scene.name for scene in scenes), *(each.name for each in lists)]:
        # Folders that differ only in case are one on two of three systems.
        if name.lower() in seen:
            what, fix = f"two of what is to be baked are called '{name}'", "rename one, or bake them apart"
            errors.append(OrderError("bake.name-clash", what=what, fix=fix))
        seen.add(name.lower())


def check_order(order: Order) -> None:
    """Refuse what cannot be made, before any work.

    Raises:
        OrderError: `bake.engine-format`, `bake.rate`, `bake.loudness`, `bake.unknown-state`.
        OutputError: `output.is-file`, `output.not-writable`.
    """
    check_states(order.scenes, order.states)
    if order.engine != "none" and order.format == "flac":
        what = f"{order.engine.capitalize()} does not import FLAC"
        raise OrderError("bake.engine-format", what=what, fix="use --format wav or ogg")
    rates = RATES_HZ[order.format]
    if order.rate_hz not in rates:
        what = f"{order.format} is not written at {order.rate_hz} Hz"
        raise OrderError("bake.rate", what=what, fix=f"use one of {', '.join(map(str, rates))}")
    if order.lufs is not None and not -70.0 <= order.lufs <= -5.0:
        what = f"{order.lufs:g} LUFS is no loudness for an ambience"
        raise OrderError("bake.loudness", what=what, fix="ask for -70 to -5")
    if not -30.0 <= order.true_peak_db <= 0.0:
        what = f"{order.true_peak_db:g} dBTP is no true peak for a file"
        raise OrderError("bake.loudness", what=what, fix="ask for -30 to 0")
    _check_out(order.out)


def _check_out(out: Path) -> None:
    if out.is_file():
        raise OutputError("output.is-file", at=str(out), what="it is a file", fix="name a folder")
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".roomtone-probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        what = f"nothing can be written there: {error.strerror}"
        raise OutputError(
            "output.not-writable", at=str(out), what=what, fix="check its permissions"
        ) from error
