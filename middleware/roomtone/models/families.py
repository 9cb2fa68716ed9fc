"""The families of models: who runs them, how their folders are recognised, and what their weights' licences allow."""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

Commercial: TypeAlias = Literal["yes", "no", "conditions"]

ENTRY_POINTS: Final = "roomtone.models"
_MOST_JSON_BYTES: Final = 4 * 1024 * 1024
_MOST_PICKLE_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """What the licence of a model's weights allows, in short; the licence itself is what counts."""

    name: str
    commercial: Commercial
    note: str = ""


UNKNOWN_LICENCE: Final = Licence(
    name="unknown", commercial="no", note="say so when you add the model: --licence"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One kind of model.

    Attributes:
        name: in manifests and in `roomtone models list`.
        adapter: what a worker loads, as `worker.load_adapter` takes it.
        makes: what it is for: `clips`, or something that helps to make them.
        licence: of the weights that its authors publish.
        home: where those are found on the Hugging Face hub.
        needs: packages that its adapter imports.
        blends: whether it can mix two prompts: worth asking for banks between two wordings.
        companions: what its folder needs beside its own weights: subfolder -> where that is on the hub.
    """

    name: str
    adapter: str
    makes: Literal["clips", "scores", "tokens"]
    licence: Licence
    home: str = ""
    needs: tuple[str, ...] = ()
    blends: bool = False
    companions: Mapping[str, str] = field(default_factory=dict)


_META: Final = Licence(name="CC-BY-NC 4.0", commercial="no", note="Meta, AudioCraft weights")
_STABILITY: Final = Licence(
    name="Stability AI Community Licence",
    commercial="conditions",
    note="free below a yearly revenue of one million US dollars, registration required; above it by agreement",
)
_DIFFUSERS: Final = ("torch", "diffusers", "transformers")
_AUDIOCRAFT: Final = ("torch", "audiocraft", "transformers")
_ADAPTERS: Final = "roomtone.models.adapters"

_BUILT_IN: Final = (
    Family(
        name="audioldm2",
        adapter=f"{_ADAPTERS}.audioldm2:AudioLdm2",
        makes="clips",
        licence=Licence(name="CC-BY-NC-SA 4.0", commercial="no", note="Liu et al., AudioLDM 2"),
        home="cvssp/audioldm2",
        needs=_DIFFUSERS,
        blends=True,
    ),
    Family(
        name="stable_audio",
        adapter=f"{_ADAPTERS}.stable_audio:StableAudio",
        makes="clips",
        licence=_STABILITY,
        home="stabilityai/stable-audio-open-1.0",
        needs=(*_DIFFUSERS, "torchsde"),
    ),
    Family(
        name="stable_audio3",
        adapter=f"{_ADAPTERS}.stable_audio3:StableAudio3",
        makes="clips",
        licence=_STABILITY,
        needs=_DIFFUSERS,
    ),
    Family(
        name="audiogen",
        adapter=f"{_ADAPTERS}.audiogen:AudioGen",
        makes="clips",
        licence=_META,
        home="facebook/audiogen-medium",
        needs=_AUDIOCRAFT,
        companions={"t5": "google-t5/t5-large"},
    ),
    Family(
        name="musicgen",
        adapter=f"{_ADAPTERS}.musicgen:MusicGen",
        makes="clips",
        licence=_META,
        home="facebook/musicgen-small",
        needs=_AUDIOCRAFT,
        companions={"t5": "google-t5/t5-base"},
    ),
    Family(
        name="encodec",
        adapter=f"{_ADAPTERS}.encodec:EnCodec",
        makes="tokens",
        licence=_META,
        home="facebook/encodec_32khz",
        needs=_AUDIOCRAFT,
    ),
    Family(
        name="clap",
        adapter=f"{_ADAPTERS}.clap:Clap",
        makes="scores",
        licence=Licence(name="Apache 2.0", commercial="yes", note="LAION"),
        home="laion/larger_clap_general",
        needs=("torch", "transformers"),
    ),
)

FAMILIES: Final[Mapping[str, Family]] = MappingProxyType({family.name: family for family in _BUILT_IN})

# How the hub's diffusers folders name their pipeline.
_PIPELINES: Final = MappingProxyType(
    {
        "AudioLDM2Pipeline": "audioldm2",
        "StableAudioPipeline": "stable_audio",
        "StableAudio3Pipeline": "stable_audio3",
        "StableAudio3InpaintPipeline": "stable_audio3",
        "StableAudio3AudioToAudioPipeline": "stable_audio3",
    }
)

# How transformers' folders name their model.
_MODEL_TYPES: Final = MappingProxyType({"clap": "clap", "encodec": "encodec"})


def all_families() -> dict[str, Family]:
    """List the families of this package and those that other packages bring by the entry point `roomtone.models`.

    An entry point names an adapter, `package.module:Class`. It is not imported here: a worker does that.
    """
    others = {
        point.name: Family(name=point.name, adapter=point.value, makes="clips", licence=UNKNOWN_LICENCE)
        for point in entry_points(group=ENTRY_POINTS)
    }
    return {**others, **FAMILIES}


def recognise(folder: Path) -> str:
    """Tell from what lies in a folder which family it is; "" when nothing says so. Nothing of it is executed."""
    pipeline = _read_json(folder / "model_index.json").get("_class_name")
    if isinstance(pipeline, str) and pipeline in _PIPELINES:
        return _PIPELINES[pipeline]
    kind = _read_json(folder / "config.json").get("model_type")
    if isinstance(kind, str) and kind in _MODEL_TYPES:
        return _MODEL_TYPES[kind]
    if _has_state(folder, "state_dict"):
        return _token_family(folder)
    return "encodec" if _has_state(folder, "compression_state_dict") else ""


def _has_state(folder: Path, name: str) -> bool:
    return any((folder / f"{name}{ending}").is_file() for ending in (".bin", ".safetensors"))


def _read_json(path: Path) -> Mapping[str, object]:
    try:
        with path.open("rb") as stream:
            record = json.loads(stream.read(_MOST_JSON_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def _token_family(folder: Path) -> str:
    """Tell AudioGen from MusicGen: the training configuration stands as text in the checkpoint, whatever its format."""
    text = _pickled_text(folder / "state_dict.bin") + _header(folder / "state_dict.safetensors")
    return "audiogen" if b"solver: audiogen" in text.replace(b"\\n", b"\n") else "musicgen"


def _pickled_text(path: Path) -> bytes:
    """Read the pickle of a PyTorch checkpoint as bytes, without unpickling it."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith("data.pkl")]
            with archive.open(names[0]) as stream:
                return stream.read(_MOST_PICKLE_BYTES)
    except (OSError, zipfile.BadZipFile, IndexError, KeyError):
        return b""


def _header(path: Path) -> bytes:
    """Read the header of a safetensors file: its length in eight bytes, then JSON."""
    try:
        with path.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            return stream.read(min(length, _MOST_JSON_BYTES))
    except OSError:
        return b""
