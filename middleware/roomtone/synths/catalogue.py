"""The table of sounds as scene files need to know it."""

from functools import cache

from roomtone.scene.model import Catalogue, SynthEntry
from roomtone.synths import SYNTHS


@cache
def catalogue() -> Catalogue:
    """List what a scene file may name: every synth with its controls."""
    return {
        synth.name: SynthEntry(
            summary=synth.summary,
            controls={control.name: control.at_1 for control in synth.controls},
            struck=synth.strike is not None,
            settings={control.name: dict(control.names) for control in synth.controls if control.names},
            wraps=frozenset(control.name for control in synth.controls if control.wraps),
        )
        for synth in SYNTHS.values()
    }
