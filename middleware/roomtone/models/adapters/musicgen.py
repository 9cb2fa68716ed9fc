"""MusicGen: music from text and, in the melody models, from a tune; 32 kHz, mono or stereo, in windows of 30 s.

`facebook/musicgen-small`, `-medium`, `-large`, `-melody`, `-melody-large`, and their stereo twins.
"""

from typing import ClassVar

from roomtone.models.adapters.token_models import Kind, TokenModel


class MusicGen(TokenModel):
    """One loaded MusicGen, see `TokenModel`."""

    kind: ClassVar[Kind] = Kind(family="musicgen", stride_s=18.0)
