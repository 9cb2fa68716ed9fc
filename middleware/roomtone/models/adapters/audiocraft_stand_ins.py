"""Lets audiocraft be imported without the packages that it only trains with: stand-ins while it loads, gone afterwards.

audiocraft 1.3 imports xformers, torchaudio, spacy, PyAV, flashy and, through its solvers, dora and torchmetrics, and
needs none of them to make sound. Only what is really absent is stood in for. Of what is called, the stand-ins are the
real thing: attention is PyTorch's own, the spectrogram is torch.stft.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final

import torch
from torch import Tensor, nn

from roomtone.errors import ModelError


class Spectrogram(nn.Module):
    """The power spectrogram, as `torchaudio.transforms.Spectrogram(normalized=True)` computes it.

    Its window is a buffer of the same name, as checkpoints of melody models carry it.
    """

    def __init__(
        self,
        *,
        n_fft: int,
        win_length: int,
        hop_length: int,
        power: int,
        center: bool,
        pad: int,
        normalized: bool,
    ) -> None:
        super().__init__()
        assert (power, center, pad, normalized) == (2, True, 0, True), "audiocraft asks for no other"
        self.n_fft, self.hop_length = n_fft, hop_length
        self.window: Tensor
        self.register_buffer("window", torch.hann_window(win_length))

    def forward(self, waveform: Tensor) -> Tensor:
        """Transform (..., frames) into (..., n_fft // 2 + 1, hops)."""
        flat = waveform.reshape(-1, waveform.shape[-1])
        window = self.window.to(flat.dtype)
        bins = torch.stft(
            flat, self.n_fft, self.hop_length, len(window), window, pad_mode="reflect", return_complex=True
        )
        power = bins.abs().square() / window.square().sum()
        return power.reshape(waveform.shape[:-1] + power.shape[-2:])


class _LowerTriangularMask:
    """Asks for causal attention; audiocraft only looks whether there is one."""


class _CompressionSolver:
    """Trains codecs. A diffusion decoder that Roomtone does not use names it."""


# Module: what stands in for it, beside names that nothing asks for.
_MODULES: Final[Mapping[str, Mapping[str, Any]]] = {
    "av": {},
    "spacy": {},
    "flashy": {},
    "flashy.distrib": {},
    "torchaudio": {},
    "torchaudio.transforms": {"Spectrogram": Spectrogram},
    "xformers": {},
    "xformers.ops": {
        "unbind": torch.unbind,
        "LowerTriangularMask": _LowerTriangularMask,
        "memory_efficient_attention": nn.functional.scaled_dot_product_attention,
    },
    "audiocraft.solvers": {},
    "audiocraft.solvers.compression": {"CompressionSolver": _CompressionSolver},
}
# audiocraft's own solvers are there, but cannot be imported without all of these.
_SOLVERS_NEED: Final = ("dora", "flashy", "torchaudio", "torchmetrics")


class _StandIn(ModuleType):
    """A module that has what is listed, and says which package is missing when asked for more."""

    def __init__(self, name: str, contents: Mapping[str, Any]) -> None:
        super().__init__(name)
        # Without one, whoever looks whether the package is there fails instead of finding out.
        self.__spec__ = ModuleSpec(name, loader=None)
        self.__dict__.update(contents)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        package = self.__name__.partition(".")[0]
        what = f"this model wants {self.__name__}.{name}, and '{package}' is not installed"
        raise ModelError(
            "model.needs-package", what=what, at=package, fix=f"install it: pip install {package}"
        )


@contextmanager
def stand_ins() -> Iterator[None]:
    """Let audiocraft be imported, and its models be built, within.

    Whatever else looks for these packages should be imported before, lest it find them.
    """
    standing = {name: _StandIn(name, contents) for name, contents in _MODULES.items() if _is_absent(name)}
    for name, module in standing.items():
        parent, _, child = name.rpartition(".")
        if parent in standing:
            setattr(standing[parent], child, module)
    sys.modules.update(standing)
    try:
        yield
    finally:
        for name in standing:
            sys.modules.pop(name, None)


def _is_absent(name: str) -> bool:
    package = name.partition(".")[0]
    if package == "audiocraft":
        return any(_is_absent(needed) for needed in _SOLVERS_NEED)
    return package not in sys.modules and find_spec(package) is None
