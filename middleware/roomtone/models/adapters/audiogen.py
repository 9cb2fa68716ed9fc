"""AudioGen: sounds from text, 16 kHz mono, in windows of 10 s (`facebook/audiogen-medium`)."""

from typing import ClassVar

from roomtone.models.adapters.token_models import Kind, TokenModel


class AudioGen(TokenModel):
    """One loaded AudioGen, see `TokenModel`."""

    kind: ClassVar[Kind] = Kind(family="audiogen", stride_s=2.0)
