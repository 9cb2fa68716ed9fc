"""What people write on a command line: assignments, scenes, endpoints."""

import math
from pathlib import Path
from typing import Final

import click

from roomtone.errors import InputMissingError
from roomtone.names import unknown

_ENDINGS: Final = (".yaml", ".yml")
_NUMBERS_IN_WORDS: Final = ("nan", "inf", "infinity")


def assignment(text: str) -> tuple[str, float]:
    """Read `NAME=NUMBER`."""
    name, equals, number = text.partition("=")
    if not (name and equals):
        raise click.BadParameter(f"'{text}' is not NAME=NUMBER, e.g. rain=0.8")
    return name.strip(), _finite(number)


def timed_assignment(text: str) -> tuple[float, str, float]:
    """Read `SECONDS:NAME=NUMBER`."""
    at_s, rest = _time(text)
    return at_s, *assignment(rest)


def setting(text: str) -> tuple[str, float | str]:
    """Read `NAME=NUMBER`, or `NAME=SETTING` where a control's settings have names."""
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise click.BadParameter(f"'{text}' is not NAME=NUMBER, e.g. intensity=0.8, or NAME=SETTING")
    # What a number is called, such as `nan`, is no setting.
    is_setting = value.strip().isidentifier() and value.strip().lower() not in _NUMBERS_IN_WORDS
    return name.strip(), value.strip() if is_setting else _finite(value)


def timed_setting(text: str) -> tuple[float, str, float | str]:
    """Read `SECONDS:NAME=NUMBER`, or `SECONDS:NAME=SETTING`."""
    at_s, rest = _time(text)
    return at_s, *setting(rest)


def _time(text: str) -> tuple[float, str]:
    at_s, colon, rest = text.partition(":")
    if not colon:
        raise click.BadParameter(f"'{text}' is not SECONDS:NAME=NUMBER, e.g. 10:rain=0.8")
    seconds = _finite(at_s)
    if seconds < 0.0:
        raise click.BadParameter(f"'{at_s}' seconds lie before the beginning")
    return seconds, rest


def _finite(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise click.BadParameter(f"'{text}' is not a number")
    return number


def find_scene(scene: str, scenes_dir: Path) -> Path:
    """Find a scene by path or by its name in the scenes folder.

    Raises:
        InputMissingError: `scene.unknown`.
    """
    path = Path(scene)
    if path.suffix in _ENDINGS:
        if path.is_file():
            return path
        what = f"there is no file '{scene}'"
        raise InputMissingError("scene.unknown", what=what, fix="check the path, or name a scene of --scenes")
    files = {file.stem: file for ending in _ENDINGS for file in sorted(scenes_dir.glob(f"*{ending}"))}
    if scene not in files:
        raise unknown(
            InputMissingError,
            "scene.unknown",
            kind="scene",
            name=scene,
            known=sorted(files),
            at=str(scenes_dir),
        )
    return files[scene]
