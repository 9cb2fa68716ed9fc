"""What this computer has and lacks for Roomtone, and what to do about it."""

import os
import platform
import re
import socket
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Final, Literal, TypeAlias

from roomtone import VERSION
from roomtone.errors import EXIT_UNAVAILABLE, RoomtoneError
from roomtone.settings import split_endpoint

# missing: something does not work; note: all works, but one may want to know.
Verdict: TypeAlias = Literal["good", "note", "missing"]

_MARKS: Final = {"good": "✓", "note": "·", "missing": "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    topic: str
    verdict: Verdict
    what: str
    fix: str = ""

    def __str__(self) -> str:
        mend = f"\n    {self.fix}" if self.fix else ""
        return f"{_MARKS[self.verdict]} {self.topic}: {self.what}{mend}"

    @property
    def exit_code(self) -> int:
        """What a command should end with for this."""
        return EXIT_UNAVAILABLE if self.verdict == "missing" else 0

    def record(self) -> dict[str, str]:
        """Give the form that scripts read."""
        return asdict(self)


def examine(*, scenes_dir: Path, endpoint: str, models_dir: Path | None = None) -> list[Finding]:
    """Look at everything that Roomtone needs, in the order in which it would fail."""
    found = [_python(), _packages()]
    # What comes next imports those packages.
    if any(finding.verdict == "missing" for finding in found):
        return found
    return [
        *found,
        _extra("play", "`roomtone play`"),
        _extra("demo", "`roomtone demo`"),
        _extra("models", "neural models", "audiocraft"),
        *_models(models_dir),
        _kernel_cache(),
        _kernels(),
        _port(endpoint),
        _speakers(),
        _scenes(scenes_dir),
    ]


def warm_kernels(progress: Callable[[float], None]) -> None:
    """Compile every kernel now; calls `progress` with how much of it is done, 0 to 1."""
    from roomtone.layers import player
    from roomtone.synths.warm import warm
    from roomtone.texture import stitch

    warm(lambda done, total, _: progress(done / total))
    player.load_kernels()
    stitch.load_kernels()


def _python() -> Finding:
    what = f"{platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return Finding("python", "good", f"{what}; roomtone {VERSION}")


def _packages() -> Finding:
    missing = [name for name in _requirements(extra=None) if not _installed(name)]
    if missing:
        return Finding(
            "packages", "missing", f"without {', '.join(missing)}", f"run: pip install {' '.join(missing)}"
        )
    return Finding("packages", "good", "all that is needed is installed")


def _extra(extra: str, command: str, *others: str) -> Finding:
    topic = f"packages for {command}"
    missing = [name for name in (*_requirements(extra=extra), *others) if not _installed(name)]
    if missing:
        fix = f"to use it, run: pip install {' '.join(missing)}"
        return Finding(topic, "note", f"without {', '.join(missing)}", fix)
    return Finding(topic, "good", "installed")


def _models(models_dir: Path | None) -> list[Finding]:
    """Say of each installed model whether it can run here; whether it really does is for `models check` to find out."""
    from roomtone.model_settings import default_models_folder
    from roomtone.models.checking import missing_packages
    from roomtone.models.library import ModelLibrary

    library = ModelLibrary(models_dir or default_models_folder())
    found = [
        Finding(f"model {name}", "note", error.what, error.fix) for name, error in library.broken().items()
    ]
    for name, model in library.installed().items():
        lacking = missing_packages(model)
        if lacking:
            what = f"cannot run: {', '.join(lacking)} is not installed"
            found.append(Finding(f"model {name}", "note", what, "see docs/models.md"))
        else:
            what = f"{model.family}, weights {model.weights[:12]}, {model.licence.name}"
            found.append(Finding(f"model {name}", "good", what))
    fix = "add one: roomtone models add NAME --from FOLDER"
    return found or [Finding("models", "note", f"none in {library.root}", fix)]


def _requirements(*, extra: str | None) -> list[str]:
    """Read the names of what this package needs, always or for one extra, from its own metadata."""
    marker = re.compile(rf"extra == ['\"]{extra}['\"]" if extra else r"^[^;]*$")
    return [
        re.split(r"[\s<>=!~;\[]", line, maxsplit=1)[0]
        for line in requires("roomtone") or ()
        if marker.search(line)
    ]


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _kernel_cache() -> Finding:
    from roomtone.dsp.kernel_cache import cache_root

    folder = cache_root()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what, fix = f"{folder}: {error.strerror}", "set NUMBA_CACHE_DIR to a folder of yours for quick starts"
        return Finding("kernel cache", "note", what, fix)
    return Finding("kernel cache", "good", f"compiled kernels are kept in {folder}")


def _kernels() -> Finding:
    from roomtone.dsp.kernel_cache import is_warm

    if is_warm():
        return Finding("kernels", "good", "compiled")
    return Finding(
        "kernels", "note", "the first start compiles for a minute", "do it now: roomtone doctor --warm"
    )


def _port(endpoint: str) -> Finding:
    host, port = split_endpoint(endpoint)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            # Else the sockets of a daemon that has just ended would look like one that runs.
            if sys.platform != "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        fix = "a daemon may be running already; `roomtone serve --endpoint` takes another address"
        return Finding("address", "note", f"{endpoint} is taken ({error.strerror})", fix)
    return Finding("address", "good", f"{endpoint} is free")


def _speakers() -> Finding:
    try:
        import sounddevice
    except ImportError:
        return Finding("speakers", "note", "not looked for: sounddevice is not installed")
    except OSError as error:
        fix = "install it; on Debian and Ubuntu: sudo apt-get install libportaudio2"
        return Finding("speakers", "note", f"not looked for: {error}", fix)
    try:
        device = sounddevice.query_devices(kind="output")
    except (ValueError, sounddevice.PortAudioError) as error:
        return Finding("speakers", "note", f"none: {error}")
    return Finding("speakers", "good", str(device["name"]))


def _scenes(scenes_dir: Path) -> Finding:
    from roomtone.scene.files import find_scenes

    topic = f"scenes in {scenes_dir}"
    if not scenes_dir.is_dir():
        return Finding(topic, "note", "there is no such folder", "name yours with --scenes")
    files = find_scenes(scenes_dir)
    broken = [name for name, path in files.items() if not _loads(path, scenes_dir)]
    if broken:
        what, fix = f"{', '.join(sorted(broken))} cannot be read", f"see why: roomtone check {scenes_dir}"
        return Finding(topic, "missing", what, fix)
    return Finding(topic, "good", f"{len(files)}, all good")


def _loads(path: Path, root: Path) -> bool:
    from roomtone.scene.files import load_scene
    from roomtone.synths.catalogue import catalogue

    try:
        load_scene(path, root=root, catalogue=catalogue())
    except RoomtoneError:
        return False
    return True
