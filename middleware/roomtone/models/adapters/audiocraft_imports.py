"""What Roomtone uses of audiocraft, imported in the one order that works."""

# These look for torchaudio: before stand-ins exist.
import librosa.filters  # noqa: F401
from transformers import EncodecModel as TransformersEncodec
from transformers import RobertaTokenizer, T5EncoderModel, T5Tokenizer

from roomtone.errors import ModelError
from roomtone.models.adapters.audiocraft_stand_ins import stand_ins

try:
    with stand_ins():
        from audiocraft.data.audio_utils import convert_audio
        from audiocraft.models import builders
        from audiocraft.models.encodec import CompressionModel, HFEncodecCompressionModel
        from audiocraft.models.lm import LMModel
        from audiocraft.modules import conditioners
        from audiocraft.modules.conditioners import ConditioningAttributes, WavCondition
        from audiocraft.modules.transformer import create_sin_embedding
except ModuleNotFoundError as error:
    raise ModelError(
        "model.needs-package",
        what=f"a package for AudioGen, MusicGen and EnCodec is not installed ({error.name})",
        at=str(error.name),
        fix="run `make models`, or: pip install 'roomtone[models]', then pip install --no-deps audiocraft==1.3.0",
    ) from error

__all__ = [
    "CompressionModel",
    "ConditioningAttributes",
    "HFEncodecCompressionModel",
    "LMModel",
    "RobertaTokenizer",
    "T5EncoderModel",
    "T5Tokenizer",
    "TransformersEncodec",
    "WavCondition",
    "builders",
    "conditioners",
    "convert_audio",
    "create_sin_embedding",
]
