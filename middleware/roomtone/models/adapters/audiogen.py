"""AudioGen: sounds from text, 16 kHz mono, in windows of 10 s (`facebook/audiogen-medium`)."""

from collections.abc import Mapping
from typing import Any, Final

from roomtone.models.adapters.token_models import Kind, TokenModel

_KIND: Final = Kind(family="audiogen", stride_s=2.0)


class AudioGen(TokenModel):
    """One loaded AudioGen, see `TokenModel`."""

    def __init__(self, folder: str, *, device: str, options: Mapping[str, Any]) -> None:
        super().__init__(_KIND, folder, device=device, options=options)
