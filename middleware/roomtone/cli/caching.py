"""Commands about generated clips: cache ls, verify, prune, export, import, pin, unpin."""

import json
import math
import re
import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from roomtone.cli.output import echo_json, progress_bar
from roomtone.errors import EXIT_BAD_DATA, InputMissingError

if TYPE_CHECKING:
    from roomtone.cache.index import Row
    from roomtone.cache.store import Cache

_PREFIX: Final = re.compile(r"[0-9a-f]{6,64}")
_SHOWN_CHARS: Final = 12
_DAY_S: Final = 86_400.0
_GB: Final = 1e9
_MOST: Final = 1e6
_UNITS: Final = ((_GB, "GB"), (1e6, "MB"), (1e3, "kB"))

_FOLDER = click.Path(file_okay=False, path_type=Path)
_json = click.option("--json", "as_json", is_flag=True, help="Write JSON, for scripts.")
_folder = click.option(
    "--cache",
    "folder",
    type=_FOLDER,
    envvar="ROOMTONE_CACHE_DIR",
    help="The cache's folder, also in ROOMTONE_CACHE_DIR.",
    show_default="the user's cache folder",
)


def _prefix(text: str) -> str:
    """Read a key or its beginning."""
    if not _PREFIX.fullmatch(text.lower()):
        raise click.BadParameter(f"'{text}' is no key: give 6 to 64 hexadecimal digits of it")
    return text.lower()


def _amount(text: str) -> float:
    """Read how much; a range of click lets NaN through."""
    try:
        amount = float(text)
    except ValueError:
        amount = math.nan
    if not 0.0 <= amount <= _MOST:
        raise click.BadParameter(f"'{text}' is not a number from 0 to {_MOST:g}")
    return amount


@click.group()
def cache() -> None:
    """Look after generated clips.

    A KEY may be shortened to its first six digits or more.
    """


def _open(folder: Path | None) -> "Cache":
    """Open a cache that is there.

    Raises:
        InputMissingError: `cache.missing`.
    """
    found = _opened(folder)
    if not found.root.is_dir():
        what, fix = (
            "there is no cache here",
            "name another folder with --cache; it is made with the first clip",
        )
        raise InputMissingError("cache.missing", at=str(found.root), what=what, fix=fix)
    return found


def _opened(folder: Path | None) -> "Cache":
    from roomtone.cache.store import Cache, default_cache_folder

    return Cache(folder or default_cache_folder())


def _whole_key(prefix: str, known: Iterable[str], clips: "Cache") -> str:
    """Find the one key that begins so.

    Raises:
        InputMissingError: `cache.unknown-key`, `cache.ambiguous-key`.
    """
    found = [key for key in known if key.startswith(prefix)]
    if len(found) == 1:
        return found[0]
    code, what, fix = "cache.unknown-key", f"there is no clip '{prefix}'", "see `roomtone cache ls`"
    if found:
        code, what, fix = (
            "cache.ambiguous-key",
            f"{len(found)} clips begin with '{prefix}'",
            "give more digits",
        )
    raise InputMissingError(code, at=str(clips.root), what=what, fix=fix)


@cache.command("ls")
@click.option("--model", default="", help="Only clips of models with this text in their name.")
@click.option("--prompt", default="", help="Only clips with this text in their prompt.")
@_folder
@_json
def list_clips(model: str, prompt: str, folder: Path | None, *, as_json: bool) -> None:
    """List the clips, the last used one last."""
    clips = _open(folder)
    rows = [
        row
        for row in clips.rows()
        if model.casefold() in row.model.casefold() and prompt.casefold() in row.prompt.casefold()
    ]
    pinned, leased = clips.pinned(), clips.leased()
    if as_json:
        echo_json([{**asdict(row), "pinned": row.key in pinned, "leased": row.key in leased} for row in rows])
        return
    now_s = time.time()
    for row in rows:
        click.echo(_line_of(row, now_s, mark="*" if row.key in pinned else " "))
    click.echo(f"{len(rows)} clips, {_size(sum(row.size_bytes for row in rows))}", err=True)


def _line_of(row: "Row", now_s: float, *, mark: str) -> str:
    from roomtone.audio import SAMPLE_RATE_HZ

    return (
        f"{row.key[:_SHOWN_CHARS]}{mark} {row.frames / SAMPLE_RATE_HZ:6.1f} s  {_size(row.size_bytes):>8}  "
        f"{_age(now_s - row.used_s):>5}  {row.model}  {_printable(row.prompt)}"
    )


def _printable(text: str) -> str:
    """Write a prompt on one line: it may come from anywhere, and a terminal obeys what it is sent."""
    return text if text.isprintable() else json.dumps(text)


@cache.command("verify")
@_folder
@_json
def verify_clips(folder: Path | None, *, as_json: bool) -> int:
    """Read every byte of every clip.

    What is damaged is moved to the cache's quarantine folder and made again when it is wanted. Ends with 65
    when there was any.
    """
    with _open(folder) as clips, progress_bar(1.0, "verifying") as progress:
        found = clips.verify(progress)
    if as_json:
        echo_json(asdict(found))
    else:
        for damage in found.damaged:
            click.echo(f"{damage.key[:_SHOWN_CHARS]}: {damage.what} ({damage.at}) [{damage.code}]")
        click.echo(
            f"{found.clips} clips, {_size(found.size_bytes)} good, {len(found.damaged)} damaged", err=True
        )
    return EXIT_BAD_DATA if found.damaged else 0


@cache.command("prune")
@click.option(
    "--max-gb", type=_amount, metavar="NUMBER", help="Evict the least recently used until this much is left."
)
@click.option(
    "--older-than", "days", type=_amount, metavar="NUMBER", help="Evict what was not used for so many days."
)
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@_folder
@_json
def prune_clips(
    max_gb: float | None, days: float | None, folder: Path | None, *, dry_run: bool, as_json: bool
) -> None:
    """Make room: evict clips, and clear what crashes have left.

    Pinned clips and those that a daemon is using stay.
    """
    with _open(folder) as clips:
        pruned = clips.prune(
            max_bytes=None if max_gb is None else round(max_gb * _GB),
            older_than_s=None if days is None else days * _DAY_S,
            dry_run=dry_run,
        )
    if as_json:
        echo_json({**asdict(pruned), "dry_run": dry_run})
        return
    for key in pruned.keys:
        click.echo(key)
    would = "would be " if dry_run else ""
    click.echo(
        f"{len(pruned.keys)} clips {would}evicted, {_size(pruned.freed_bytes)}; {pruned.leftovers} leftovers "
        f"{would}cleared; {_size(pruned.kept_bytes)} left",
        err=True,
    )


@cache.command("export")
@click.argument("target", type=click.Path(path_type=Path))
@click.argument("keys", nargs=-1, type=_prefix, metavar="[KEY]...")
@_folder
@_json
def export_clips(target: Path, keys: tuple[str, ...], folder: Path | None, *, as_json: bool) -> None:
    """Copy clips to an archive or a folder, for another machine.

    TARGET is an archive if it ends in .zip, else a folder. Without KEY, all clips are copied.
    """
    clips = _open(folder)
    known = clips.all_keys()
    chosen = [_whole_key(prefix, known, clips) for prefix in keys]
    exported = clips.export_to(target, chosen or None)
    if as_json:
        echo_json(asdict(exported))
        return
    click.echo(target)
    click.echo(f"{len(exported.keys)} clips, {_size(exported.size_bytes)}", err=True)


@cache.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@_folder
@_json
def import_clips(source: Path, folder: Path | None, *, as_json: bool) -> int:
    """Take in clips that `cache export` wrote.

    Each must be what it claims to be. Ends with 65 when one is not; the others are taken all the same.
    """
    with _opened(folder) as clips:
        imported = clips.import_from(source)
    if as_json:
        echo_json(asdict(imported))
    else:
        for refused in imported.refused:
            click.echo(f"{refused.key[:_SHOWN_CHARS]}: {refused.what} [{refused.code}]")
        click.echo(
            f"{len(imported.keys)} clips taken, {_size(imported.size_bytes)}; {len(imported.known)} were there; "
            f"{len(imported.refused)} refused",
            err=True,
        )
    return EXIT_BAD_DATA if imported.refused else 0


@cache.command("pin")
@click.argument("keys", nargs=-1, required=True, type=_prefix, metavar="KEY...")
@_folder
@_json
def pin_clips(keys: tuple[str, ...], folder: Path | None, *, as_json: bool) -> None:
    """Keep clips from being evicted."""
    clips = _open(folder)
    known = clips.all_keys()
    chosen = [_whole_key(prefix, known, clips) for prefix in keys]
    for key in chosen:
        clips.pin(key)
    _show_keys(chosen, "pinned", as_json=as_json)


@cache.command("unpin")
@click.argument("keys", nargs=-1, required=True, type=_prefix, metavar="KEY...")
@_folder
@_json
def unpin_clips(keys: tuple[str, ...], folder: Path | None, *, as_json: bool) -> None:
    """Let clips be evicted again."""
    clips = _open(folder)
    # A pin may outlive its clip.
    known = clips.pinned() | set(clips.all_keys())
    chosen = [_whole_key(prefix, known, clips) for prefix in keys]
    for key in chosen:
        clips.unpin(key)
    _show_keys(chosen, "unpinned", as_json=as_json)


def _show_keys(keys: list[str], done: str, *, as_json: bool) -> None:
    if as_json:
        echo_json({done: keys})
        return
    for key in keys:
        click.echo(f"{done} {key}")


def _size(size_bytes: int) -> str:
    for unit_bytes, unit in _UNITS:
        if size_bytes >= unit_bytes:
            return f"{size_bytes / unit_bytes:.1f} {unit}"
    return f"{size_bytes} B"


def _age(age_s: float) -> str:
    for unit_s, unit in ((_DAY_S, "d"), (3_600.0, "h"), (60.0, "min")):
        if age_s >= unit_s:
            return f"{age_s / unit_s:.0f} {unit}"
    return "now"
