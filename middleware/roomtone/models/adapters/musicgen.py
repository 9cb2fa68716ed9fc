"""MusicGen: music from text and, in the melody models, from a tune; 32 kHz, mono or stereo, in windows of 30 s.

`facebook/musicgen-small`, `-medium`, `-large`, `-melody`, `-melody-large`, and their stereo twins.
"""

from collections.abc import Mapping
from typing import Any, Final

from roomtone.models.adapters.token_models import Kind, TokenModel

_KIND: Final = Kind(family="musicgen", stride_s=18.0)


class MusicGen(TokenModel):
    """One loaded MusicGen, see `TokenModel`."""

    def __init__(self, folder: str, *, device: str, options: Mapping[str, Any]) -> None:
        super().__init__(_KIND, folder, device=device, options=options)
