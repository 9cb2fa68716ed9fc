"""Roomtone: a daemon that keeps a game's ambience sounding, and lets the game steer it."""

from importlib.metadata import version as _version
from typing import Final

VERSION: Final = _version("roomtone")
