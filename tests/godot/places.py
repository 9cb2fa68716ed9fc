"""Scenes whose sound can be told apart by ear: bands of steady noise, each in a place of its own."""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import soundfile
from scipy.signal import butter, sosfiltfilt

from roomtone.audio import SAMPLE_RATE_HZ, Samples

# Octaves apart, so that a filter hears one and not the other.
BANDS_HZ: Final = {
    "low": (200.0, 400.0),
    "mid": (1000.0, 2000.0),
    "brook": (2500.0, 4000.0),
    "high": (5000.0, 9000.0),
}
LEVEL: Final = 0.05
_CLIP_S: Final = 4.0


def level_db(samples: Samples) -> float:
    """How loud samples are, over all channels, in dB of full scale."""
    return float(10.0 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-30))


def write_places(folder: Path) -> Path:
    """Write the scenes and their clips; returns the folder."""
    for band in BANDS_HZ:
        soundfile.write(folder / f"{band}.wav", _noise(band), SAMPLE_RATE_HZ, subtype="FLOAT")
    _write(
        folder, "around", _AROUND, {"trim": {"default": -40, "range": [-40, 0], "unit": "dB", "rise_s": 0.05}}
    )
    _write(folder, "meadow", {"grass": _clips("low")}, {})
    _write(folder, "cave", {"drops": _clips("high")}, {})
    _write(
        folder,
        "town",
        _TOWN,
        {"rain": {"default": 0.6, "rise_s": 0.5, "fall_s": 0.5}},
        {"storm": {"rain": 1}},
    )
    return folder


def _clips(band: str, **more: Any) -> dict[str, Any]:
    return {"clips": [f"{band}.wav"], "crossfade_s": 0.5, **more}


_AROUND: Final = {
    "west": _clips("low", placement={"kind": "point", "at_m": [-3, 0, 0], "near_m": 1, "reach_m": 40}),
    "east": _clips("high", placement={"kind": "point", "at_m": [3, 0, 0], "near_m": 1, "reach_m": 40}),
    "pond": _clips("brook", placement={"kind": "area", "at_m": [0, 0, 0], "radius_m": 2, "reach_m": 40}),
    "all": _clips("mid", gain_db="trim"),
}
_TOWN: Final = {
    "street": {"synth": "rain", "controls": {"intensity": "rain"}},
    "air": {"synth": "wind", "controls": {"strength": "rain"}},
}


def _write(
    folder: Path,
    name: str,
    layers: dict[str, Any],
    parameters: dict[str, Any],
    moods: dict[str, Any] | None = None,
) -> None:
    scene = {"scene": name, "seed": 5, "parameters": parameters, "moods": moods or {}, "layers": layers}
    # JSON is YAML.
    (folder / f"{name}.yaml").write_text(json.dumps(scene, indent=1), encoding="utf-8")


def _noise(band: str) -> Samples:
    rng = np.random.default_rng(list(BANDS_HZ).index(band))
    noise = rng.standard_normal((round(_CLIP_S * SAMPLE_RATE_HZ), 1))
    filtered = sosfiltfilt(_band_pass(band), noise, axis=0)
    return np.asarray(filtered * (LEVEL / np.sqrt(np.mean(filtered**2))), np.float32)


def _band_pass(band: str) -> Any:
    return butter(4, BANDS_HZ[band], "bandpass", fs=SAMPLE_RATE_HZ, output="sos")
