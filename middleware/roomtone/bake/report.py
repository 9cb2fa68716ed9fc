"""`report.html`: one page that plays a bake, shows it, and says what is good and what is not."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined

from roomtone.bake.kept import Kept, LocalFiles, picture_name
from roomtone.bake.session import Session

NAME: Final = "report.html"
_MB: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One file on the page.

    Attributes:
        picture: as a data address; empty where there is none.
        reused: whether it was there already.
        states: at which it is heard; empty for a prompt.
    """

    path: str
    address: str
    picture: str
    reused: bool
    states: tuple[str, ...]
    record: Mapping[str, Any]


def write_report(session: Session, kept: Kept) -> Path:
    """Write the page beside the manifest, whole or not at all.

    Raises:
        OutputError: `output.full`, `output.failed`.
    """
    out = session.baked.plan.order.out
    page = _page(session, kept)
    LocalFiles(out).write(NAME, lambda path: _write_page(path, page))
    return out / NAME


def _write_page(path: Path, page: str) -> None:
    path.write_text(page, encoding="utf-8", newline="\n")


def _page(session: Session, kept: Kept) -> str:
    record = session.record
    scenes = [(scene, _layers(scene, session, kept)) for scene in record["scenes"]]
    prompts = [(row, _prompt_cards(row, session, kept)) for row in record["prompts"]]
    source = (files("roomtone.bake") / "report.html.jinja").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    files_ = record["files"]
    made = [path for path, each in session.baked.written.items() if each.key in session.baked.made]
    return environment.from_string(source).render(
        record=record,
        scenes=scenes,
        prompts=prompts,
        files=files_,
        made=len(made),
        reused=len(files_) - len(made),
        seconds=sum(each["seconds"] for each in files_.values()),
        size_mb=sum(each["size_bytes"] for each in files_.values()) / _MB,
        heard_seams=[path for path, each in files_.items() if each["seam"] and not each["seam"]["good"]],
        audio_s=session.baked.audio_s,
        wall_s=session.wall_s,
    )


def _layers(
    scene: Mapping[str, Any], session: Session, kept: Kept
) -> list[tuple[Mapping[str, Any], list[Card], list[str]]]:
    """List each layer with its files, and the states at which it is silent."""
    found = []
    for layer in scene["layers"]:
        states: dict[str, list[str]] = {}
        silent: list[str] = []
        for sound in layer["sounds"]:
            if sound["file"] is None:
                silent.append(sound["state"])
            else:
                states.setdefault(sound["file"], []).append(sound["state"])
        cards = [_card(path, tuple(at), session, kept) for path, at in states.items()]
        found.append((layer, cards, list(dict.fromkeys(silent))))
    return found


def _prompt_cards(row: Mapping[str, Any], session: Session, kept: Kept) -> list[Card]:
    return [_card(each["file"], (), session, kept) for each in row["sounds"] if each["file"] is not None]


def _card(path: str, states: tuple[str, ...], session: Session, kept: Kept) -> Card:
    record = session.record["files"][path]
    png = kept.files.read(picture_name(record["provenance"]["render"]))
    return Card(
        path=path,
        address=quote(path),
        picture="" if png is None else f"data:image/png;base64,{base64.b64encode(png).decode()}",
        reused=session.baked.written[path].key not in session.baked.made,
        states=states,
        record=record,
    )
