"""What `roomtone serve` is told: defaults < roomtone.toml < ROOMTONE_* environment < flags."""

import ipaddress
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from roomtone.errors import SettingsError
from roomtone.names import unknown

DEFAULT_ENDPOINT: Final = "tcp://127.0.0.1:5570"
CONFIG_NAME: Final = "roomtone.toml"

LogFormat: TypeAlias = Literal["auto", "human", "json"]
LogLevel: TypeAlias = Literal["debug", "info", "warning", "error"]
LOG_FORMATS: Final[tuple[LogFormat, ...]] = ("auto", "human", "json")
LOG_LEVELS: Final[tuple[LogLevel, ...]] = ("debug", "info", "warning", "error")

MAX_LINGER_S: Final = 3_600.0
MAX_CLIENTS: Final = 1_024
MAX_TOKEN_BYTES: Final = 256
MAX_CANDIDATES: Final = 16
MIN_CACHE_GB: Final = 0.05
MAX_CACHE_GB: Final = 100_000.0
MAX_VRAM_GB: Final = 100_000.0
_LAST_PORT: Final = 65_535
_MAX_CONFIG_BYTES: Final = 64 * 1024
_DEVICE: Final = re.compile(r"auto|cpu|mps|cuda(:\d{1,2})?")
_ENDPOINT: Final = re.compile(r"tcp://(?P<host>\[[0-9A-Fa-f:.%]+\]|[^:/\[\]]+):(?P<port>\d{1,5}|\*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the daemon is told once.

    Attributes:
        scenes_dir: the folder of scene files; nothing outside it is read.
        endpoint: `tcp://HOST:PORT`; port `*` takes a free one.
        token: what clients must say in `hello`; empty asks for none.
        keys_dir: folder made by `roomtone keys`; None speaks in the clear, on this computer only.
        log: `auto` is human on a terminal and JSON elsewhere.
        log_level: the least that is logged.
        linger_s: how long a session outlives its connection.
        max_clients: further ones are refused.
        models_dir: the folder of installed models; None is the user's own.
        model: who makes prompts that name no model; "" is the only one there is.
        device: where models run: `auto`, `cpu`, `cuda:0`, `mps`.
        candidates: how many clips are made of each, of which the best is kept; needs a model that scores.
        cache_dir: where generated clips are kept; None is the user's own cache.
        cache_max_gb: how much room they may take.
        governor_max_share: how much of their processor's time models may take.
        governor_max_vram_gb: how much of its memory; None sets no limit.
    """

    scenes_dir: Path
    endpoint: str = DEFAULT_ENDPOINT
    token: str = field(default="", repr=False)
    keys_dir: Path | None = None
    log: LogFormat = "auto"
    log_level: LogLevel = "info"
    linger_s: float = 15.0
    max_clients: int = 32
    models_dir: Path | None = None
    model: str = ""
    device: str = "auto"
    candidates: int = 1
    cache_dir: Path | None = None
    cache_max_gb: float = 20.0
    governor_max_share: float = 1.0
    governor_max_vram_gb: float | None = None


def check_settings(settings: Settings) -> None:
    """Refuse what cannot work, or would open the daemon to strangers.

    Raises:
        SettingsError: `settings.no-scenes-folder`, `settings.endpoint`, `settings.not-loopback`,
            `settings.no-keys`, `settings.token`, `settings.range`, `settings.device`, `settings.no-models-folder`.
    """
    if not settings.scenes_dir.is_dir():
        what = f"there is no folder '{settings.scenes_dir}'"
        raise SettingsError("settings.no-scenes-folder", what=what, fix="name the folder of your scene files")
    _check_endpoint(settings)
    if settings.keys_dir is not None:
        _check_keys(settings.keys_dir)
    if len(settings.token.encode()) > MAX_TOKEN_BYTES:
        what = f"the token is longer than {MAX_TOKEN_BYTES} bytes"
        raise SettingsError("settings.token", what=what, fix="take a shorter one")
    _check_range("linger_s", settings.linger_s, MAX_LINGER_S)
    _check_range("max_clients", settings.max_clients, MAX_CLIENTS, low=1)
    _check_range("candidates", settings.candidates, MAX_CANDIDATES, low=1)
    _check_range("cache_max_gb", settings.cache_max_gb, MAX_CACHE_GB, low=MIN_CACHE_GB)
    _check_range("governor.max_share", settings.governor_max_share, 1.0)
    if settings.governor_max_vram_gb is not None:
        _check_range("governor.max_vram_gb", settings.governor_max_vram_gb, MAX_VRAM_GB)
    _check_device(settings.device)
    if settings.models_dir is not None and not settings.models_dir.is_dir():
        what = f"there is no folder '{settings.models_dir}'"
        raise SettingsError("settings.no-models-folder", what=what, fix="name the folder of your models")


def _check_endpoint(settings: Settings) -> None:
    host, _ = split_endpoint(settings.endpoint)
    if settings.keys_dir is None and not is_loopback(host):
        raise SettingsError(
            "settings.not-loopback",
            at=settings.endpoint,
            what="without keys, everyone who reaches this address could listen in and steer",
            fix="bind to 127.0.0.1, or make keys with `roomtone keys DIR` and pass `--keys DIR`",
        )


def split_endpoint(endpoint: str) -> tuple[str, int]:
    """Take `tcp://HOST:PORT` apart; the port `*` is 0.

    Raises:
        SettingsError: `settings.endpoint`.
    """
    match = _ENDPOINT.fullmatch(endpoint)
    port = 0 if match is None or match["port"] == "*" else int(match["port"])
    if match is None or port > _LAST_PORT:
        what = "an endpoint is written tcp://HOST:PORT"
        raise SettingsError("settings.endpoint", at=endpoint, what=what, fix=f"e.g. {DEFAULT_ENDPOINT}")
    return match["host"].strip("[]"), port


def is_loopback(host: str) -> bool:
    """Say whether only this computer reaches `host`. Names other than localhost are not looked up: no."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_keys(keys_dir: Path) -> None:
    if not (keys_dir / "server.key_secret").is_file():
        what, fix = (
            "there is no server.key_secret in this folder",
            f"make keys with `roomtone keys {keys_dir}`",
        )
        raise SettingsError("settings.no-keys", at=str(keys_dir), what=what, fix=fix)


def _check_device(device: str) -> None:
    if not _DEVICE.fullmatch(device):
        what = f"'{device}' is no device"
        raise SettingsError(
            "settings.device", at="device", what=what, fix="use auto, cpu, cuda, cuda:1 or mps"
        )


def _check_range(name: str, value: float, high: float, *, low: float = 0.0) -> None:
    if not low <= value <= high:
        what = f"{value:g} is not within {low:g} and {high:g}"
        raise SettingsError("settings.range", at=name, what=what, fix="choose a value within")


# The file ---------------------------------------------------------------------------------------

_NAMED_OTHERWISE: Final = {"keys_dir": "keys"}
# What a flag can say, but no daemon is told.
_FLAGS_ONLY: Final = ("supervise",)
_TABLES: Final = ("governor",)


def read_config(path: Path) -> Mapping[str, Any]:
    """Read the settings file: TOML, one key per flag of `serve` with `_` for `-`; `[governor]` is a table.

    Raises:
        SettingsError: `settings.config-unreadable`, `settings.config-syntax`, `settings.unknown-key`,
            `settings.config-type`.
    """
    table = _flat(_parse(path))
    known = [*(_NAMED_OTHERWISE.get(each.name, each.name) for each in fields(Settings)), *_FLAGS_ONLY]
    for key, value in table.items():
        if key not in known:
            raise unknown(
                SettingsError, "settings.unknown-key", kind="setting", name=key, known=known, at=str(path)
            )
        if isinstance(value, dict | list):
            what = f"'{key}' is not one value"
            raise SettingsError("settings.config-type", at=str(path), what=what, fix=f"write {key} = …")
    return table


def _flat(table: Mapping[str, Any]) -> dict[str, Any]:
    """Write what stands in a table of its own as one key: `governor_max_share`."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if key in _TABLES and isinstance(value, dict):
            flat.update({f"{key}_{name}": inside for name, inside in value.items()})
        else:
            flat[key] = value
    return flat


def _parse(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            text = stream.read(_MAX_CONFIG_BYTES + 1)
    except OSError as error:
        what = f"it cannot be read: {error.strerror}"
        raise SettingsError(
            "settings.config-unreadable", at=str(path), what=what, fix="check --config"
        ) from error
    if len(text) > _MAX_CONFIG_BYTES:
        what = f"it is larger than {_MAX_CONFIG_BYTES} bytes"
        raise SettingsError("settings.config-unreadable", at=str(path), what=what, fix="name a settings file")
    try:
        return tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        what = f"it is no TOML: {error}"
        raise SettingsError(
            "settings.config-syntax", at=str(path), what=what, fix="mend that line"
        ) from error
