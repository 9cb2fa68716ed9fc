"""What can be measured: a family's random model, made by its library's own call and by its adapter."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeAlias

from roomtone.models.adapters.bench.results import Agreement

_HERE: Final = "roomtone.models.adapters.bench"

SUBJECTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "audioldm2": f"{_HERE}.latents:Latents",
        "stable_audio": f"{_HERE}.latents:Latents",
        "stable_audio3": f"{_HERE}.latents:Latents",
        "audiogen": f"{_HERE}.tokens:Tokens",
        "musicgen": f"{_HERE}.tokens:Tokens",
    }
)
"""Named, not imported: each stack takes seconds to import, and no process needs both."""

PROMPT: Final = "rain on a window"
OTHER_PROMPT: Final = "a fire in the forest at night"
SEED: Final = 0

Plain: TypeAlias = Callable[[str, int, float, int], object]
"""Prompt, seed, seconds and steps → one clip, as the library's own call makes it."""


class Subject(Protocol):
    """One family's random model.

    Attributes:
        parameters: of the denoiser or the language model.
        steps: how many it takes unless told; 0 where a step is a token.
        longest_s: the longest clip.
        half: the dtype that its library shows for an accelerator.
        reference_gb: the weights of the library's model in float32, which is there from the beginning.
        shared_gb: the weights of what all ways share.
    """

    parameters: int
    steps: int
    longest_s: float
    half: str
    reference_gb: float
    shared_gb: float

    def ours(self, options: Mapping[str, Any]) -> Any:
        """Make the adapter, anew each time."""

    def plain(self, dtype: str) -> Plain:
        """Make the library's own model, anew each time."""

    def agreement(self, ours: Any) -> Agreement:
        """See whether the adapter and the library's own model in float32 make the same."""


def weights_gb(*networks: Any) -> float:
    """Count the weights of networks."""
    weights = [each for network in networks for each in (*network.parameters(), *network.buffers())]
    return float(sum(each.numel() * each.element_size() for each in weights) / 1e9)


class Wanted:
    """The worker's side of a run that is wanted to its end."""

    def __call__(self, done: int, of: int) -> None:
        """Be told of a step."""

    def wants(self, _job: int) -> bool:
        """Whether a job is still wanted."""
        return True
