"""Loops on any model: as it closed them itself, or by the best splice, whichever joint is harder to find."""

from dataclasses import dataclass, replace
from typing import Final

from roomtone.audio import Samples
from roomtone.errors import AudioError, ModelError
from roomtone.models.finish import Finished
from roomtone.texture.loops import close_loop, loop_seam
from roomtone.texture.seams import Seam

GOOD_PERCENTILE: Final = 80.0
"""A joint that is no more conspicuous than this among the places inside needs no second try."""

SPLICE: Final = "splice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looped:
    """A clip that closes on itself.

    Attributes:
        how: `latent`, `tokens` or `inpaint` where the model did it, else `splice`.
        seam: the joint, among all other places.
    """

    finished: Finished
    how: str
    seam: Seam

    def notes(self) -> dict[str, object]:
        """Say in plain values how it was closed and how well."""
        return {"loop": self.how, "loop_seam_percentile": round(self.seam.percentile, 1)}


def closed(finished: Finished, how: str) -> Looped:
    """Take a clip that should close on itself, and see that it does.

    Args:
        finished: as it came through the gate.
        how: how its model closed it; "" if it did not.

    Raises:
        ModelError: `clip.no-loop`: it is too short to be spliced.
    """
    if not how:
        return _spliced(finished)
    own = Looped(finished=finished, how=how, seam=loop_seam(finished.samples))
    if own.seam.percentile <= GOOD_PERCENTILE:
        return own
    try:
        other = _spliced(finished)
    except ModelError:
        return own
    return min((own, other), key=lambda looped: looped.seam.conspicuousness)


def _spliced(finished: Finished) -> Looped:
    try:
        loop = close_loop(finished.samples)
    except AudioError as error:
        raise ModelError("clip.no-loop", what=error.what, fix="ask for a longer clip") from error
    return Looped(finished=_shortened(finished, loop.samples), how=SPLICE, seam=loop.seam)


def _shortened(finished: Finished, samples: Samples) -> Finished:
    seconds = finished.measures.seconds * len(samples) / len(finished.samples)
    return Finished(samples=samples, measures=replace(finished.measures, seconds=seconds, edges="closed"))
