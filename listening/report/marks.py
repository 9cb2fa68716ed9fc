"""What is demanded of every synth, and whether it is met."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from listening.sweep import LEAST_RANK, MOST_OFF, is_even

MOST_PEAK_DBTP: Final = -1.0
MOST_DC_DBFS: Final = -70.0
MOST_FOLD_LOSS_DB: Final = -1.5
LEAST_SPEED: Final = 100.0
MOST_SEAM: Final = 1.5
MOST_REPEATED: Final = 0.0
# How much longer a silent block may take than a sounding one.
MOST_SLOWED: Final = 1.5


@dataclass(frozen=True, slots=True)
class Mark:
    """One demand.

    Attributes:
        name: what is demanded.
        value: what was measured, as text.
        bar: what is demanded of it, as text.
        holds: whether it is met.
    """

    name: str
    value: str
    bar: str
    holds: bool


def marks(found: Mapping[str, Any]) -> Iterator[Mark]:
    """Hold what was found of a synth, by `findings.find`, against what is demanded."""
    corner, ten, speed = found["corner"], found["endless"], found["speed"]
    peak = corner["true_peak_db"]
    yield Mark("true peak, searched", f"{peak:.1f} dBTP", f"< {MOST_PEAK_DBTP:g}", peak < MOST_PEAK_DBTP)
    dc = max(corner["dc_db"], ten["dc_db"])
    yield Mark("DC", f"{dc:.0f} dBFS", f"< {MOST_DC_DBFS:g}", dc < MOST_DC_DBFS)
    yield Mark("every sample a number", str(corner["finite"]), "True", corner["finite"])
    again = ten["exact_share"]
    yield Mark("heard again, of 10 min", f"{again:.1%}", "0 %", again <= MOST_REPEATED)
    yield Mark("corners between blocks", f"{ten['seam']:.2f} ×", f"< {MOST_SEAM:g}", ten["seam"] < MOST_SEAM)
    slowest = min(speed["usual"], speed["full"], speed["full, far away, inside"])
    yield Mark("speed, slowest corner", f"{slowest:.0f} ×", f">= {LEAST_SPEED:g}", slowest >= LEAST_SPEED)
    slowed = speed["usual, far away, inside"] / speed["silent"]
    yield Mark("silent against sounding", f"{slowed:.2f} ×", f"< {MOST_SLOWED:g}", slowed < MOST_SLOWED)
    if found["space"] is not None:
        loss = found["space"]["worst_db"]
        yield Mark(
            "worst octave in mono", f"{loss:.1f} dB", f">= {MOST_FOLD_LOSS_DB:g}", loss >= MOST_FOLD_LOSS_DB
        )
    for response in found["responses"]:
        # Along a control that comes round to where it began nothing rises all the way.
        if response["even"]:
            even = is_even(response["rank"], response["off"])
            value = f"rank {response['rank']:.2f}, {response['off']:.0%} off a straight line"
            yield Mark(f"{response['control']}: even", value, f">= {LEAST_RANK:g}, <= {MOST_OFF:.0%}", even)
    for claim in found["claims"]:
        worst = max(claim["families"].items(), key=lambda each: each[1]["own"] / each[1]["real"][2])
        value = (
            f"rank {claim['rank']:g}; {worst[0]} {worst[1]['own']:.2f} of {worst[1]['real'][2]:.2f}; "
            f"liveliness {claim['liveliness']:.2f} in {claim['lively'][0]:.2f}-{claim['lively'][2]:.2f}"
        )
        yield Mark(
            f"as real {claim['kind']}", value, "nearest, as lively, no family further off", claim["kept"]
        )
