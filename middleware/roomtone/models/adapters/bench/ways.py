"""Which ways are measured on which device: the library's own call, ours, and ours with other options."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from roomtone.models.adapters.bench.results import OURS

_TOGETHER: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One way to measure.

    Attributes:
        name: of it.
        options: what the adapter is told.
        clips: of one run; None is as many as the adapter makes at once.
        own_steps: whether a clip takes the adapter's own number of steps, not the library's: the same share of what is
            asked for.
    """

    name: str = OURS
    options: Mapping[str, Any] = field(default_factory=dict)
    clips: int | None = None
    own_steps: bool = False


ALONE: Final = Trial(name=f"{OURS}, one clip", clips=1)
"""How long somebody waits for the first clip."""

# What is chosen by default on an accelerator, left out; and on a processor, what is chosen on an accelerator.
_ON_CUDA: Final = (Trial(name=f"{OURS}, steps not recorded", options={"graphs": False}),)
_ELSEWHERE: Final = (
    Trial(name=f"{OURS}, {_TOGETHER} at once", options={"batch": _TOGETHER}),
    Trial(name=f"{OURS}, bf16", options={"dtype": "bf16"}),
)
_OF_A_FAMILY: Final[Mapping[str, tuple[Trial, ...]]] = MappingProxyType(
    {
        "audioldm2": (Trial(name=f"{OURS}, fewer steps", options={"solver": "dpm++"}, own_steps=True),),
        # What the library always makes, and crops.
        "stable_audio": (Trial(name=f"{OURS}, whole window", options={"window": "full"}),),
    }
)
_COMPILED: Final = Trial(name=f"{OURS}, compiled", options={"compile": True})


def plain_dtypes(device: str, half: str) -> tuple[str, ...]:
    """Say in which precisions the library's own call is measured: a processor has no fast half."""
    return ("fp32", half) if device == "cuda" else ("fp32",)


def other_trials(family: str, device: str, batch: int, *, compiled: bool) -> tuple[Trial, ...]:
    """List what is tried beside what the adapter chooses, which makes `batch` clips at once."""
    trials = (
        *(_ON_CUDA if device == "cuda" else _ELSEWHERE),
        *_OF_A_FAMILY.get(family, ()),
        *((_COMPILED,) if compiled else ()),
    )
    return tuple(trial for trial in trials if trial.options != {"batch": batch})
