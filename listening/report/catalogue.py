"""`docs/sounds.md`: every synth with its picture, its controls, and what was measured of them."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from listening.pictures import spectrogram_db
from listening.sweep import hear
from roomtone.audio import SAMPLE_RATE_HZ
from roomtone.synths import FAMILIES, SYNTHS
from roomtone.synths.calibration import calibration
from roomtone.synths.model import Synth

DOCS: Final = Path(__file__).parent.parent.parent / "docs"
PAGE: Final = DOCS / "sounds.md"
PICTURES: Final = DOCS / "sounds"

_PICTURE_S: Final = 10.0
_COLOURS: Final = 48
_DEPTH_DB: Final = 80.0


def text() -> str:
    """Write the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# The sounds"
    yield ""
    yield f"{len(SYNTHS)} synths, in {len(FAMILIES)} families. `roomtone synths` lists them, and"
    yield "`roomtone synth NAME -o FILE` plays one; a scene file names one in a layer ([scenes](scenes.md)). Every"
    yield "control goes from 0 to 1 in steps that are even to the ear; the last column says what was measured."
    yield "`distance` and `inside` mean the same everywhere: how far away it is, and what stands in between. A *bed*"
    yield "surrounds the listener, a *point* has a place."
    yield ""
    yield "The pictures show ten seconds at the usual controls: time to the right, pitch upwards from 30 Hz to 20 kHz,"
    yield "evenly to the ear, the brighter the louder. This page is made by `python -m listening catalogue`."
    yield ""
    yield " · ".join(f"[{name}](#{family.replace('_', '-')})" for family, name in _headings())
    for family, heading in _headings():
        yield from ("", f"## {heading.capitalize()}")
        for synth in FAMILIES[family]:
            yield from _synth(synth)


def _headings() -> Iterator[tuple[str, str]]:
    for family in FAMILIES:
        yield family, family.replace("_", " ")


def _synth(synth: Synth) -> Iterator[str]:
    reach = synth.reach
    measured = calibration(synth.name)
    yield from ("", f"### {synth.name}", "", f"![{synth.name}](sounds/{synth.name}.png)", "", synth.summary)
    struck = " It can be struck: `strike` begins one event." if synth.strike is not None else ""
    loud = "" if measured is None else f" As it comes, {measured.short_term_lufs:.0f} LUFS at most."
    yield (
        f"A {synth.kind}, heard from {reach.near_m:g} to {reach.far_m:g} m.{loud}{struck} "
        f"Tags: {', '.join(synth.tags)}. After {synth.source.rstrip('.')}."
    )
    yield ""
    yield "| control | at 0 | at 0.5 | at 1 | usually | measured |"
    yield "|---|---|---|---|---|---|"
    for control in synth.controls:
        name = f"`{control.name}`"
        response = None if measured is None else measured.controls.get(control.name)
        heard = "" if response is None else (
            f"{response.measure}: {response.measured[0]:.1f} to {response.measured[-1]:.1f} {response.unit}"
        )  # fmt: skip
        yield f"| {name} | {control.at_0} | {control.at_half} | {control.at_1} | {control.default:g} | {heard} |"
    for control in synth.controls:
        if control.names:
            named = ", ".join(f"`{name}` ({place:g})" for name, place in control.names)
            yield from ("", f"`{control.name}` knows names: {named}.")


def draw(name: str) -> bytes:
    """Draw ten seconds of a synth as a small PNG."""
    bands_db = spectrogram_db(
        hear(name, {}, seconds=_PICTURE_S, seed=1)[: round(_PICTURE_S * SAMPLE_RATE_HZ)]
    )
    import matplotlib as mpl

    shade = mpl.colormaps["magma"]((bands_db[::-1] + _DEPTH_DB) / _DEPTH_DB)[:, :, :3]
    image = Image.fromarray((shade * 255.0 + 0.5).astype(np.uint8)).resize(
        (640, 192), Image.Resampling.BILINEAR
    )
    written = BytesIO()
    image.quantize(_COLOURS).save(written, "PNG", optimize=True)
    return written.getvalue()


def write(*, pictures: bool) -> Iterator[Path]:
    """Write the page, and the pictures if asked for; what no synth has any more goes."""
    PAGE.write_text(text(), encoding="utf-8")
    yield PAGE
    if not pictures:
        return
    PICTURES.mkdir(exist_ok=True)
    for stale in PICTURES.glob("*.png"):
        if stale.stem not in SYNTHS:
            stale.unlink()
    for name in SYNTHS:
        path = PICTURES / f"{name}.png"
        path.write_bytes(draw(name))
        yield path
