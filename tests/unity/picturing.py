"""Draws the picture of the Unity package's README: `python tests/unity/picturing.py`.

No Unity editor is at hand: the hierarchy and the inspector are drawn after the package's own code, with the parameters,
layers and levels that a running daemon told the C# client; the spectrogram is what that client received.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from csharp_client import CsharpClient
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from mono_build import PACKAGE, Build
from numpy.typing import NDArray

from roomtone.client.private_daemon import PrivateDaemon

OUT: Final = PACKAGE / "Documentation~" / "rain.png"
SCENES: Final = PACKAGE.parent / "scenes"
SCENE: Final = "rainy_street"
STEPS: Final = 120
STEP_FRAMES: Final = 4800
RATE_HZ: Final = 48_000
_FFT: Final = 2048
_NIGHT, _PANEL, _FIELD, _INK, _FAINT, _BLUE = "#1e1e1e", "#383838", "#2a2a2a", "#d2d2d2", "#8a8a8a", "#3a79bb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the C# client received.

    Attributes:
        mix: (frames,) the sum of all layers, both channels.
        rain: (steps,) what the game asked for.
        levels_db: the level of each layer in the last second.
        described: the scene, as the client knows it.
    """

    mix: NDArray[np.float32]
    rain: NDArray[np.float64]
    levels_db: dict[str, float]
    described: dict[str, Any]


def listen(build: Build) -> Heard:
    """Let it rain, from almost nothing to a cloudburst and back."""
    rain = 0.05 + 0.95 * np.sin(np.pi * np.arange(STEPS) / STEPS) ** 2
    parts = []
    with PrivateDaemon(SCENES) as daemon, CsharpClient(build.runners) as client:
        client.connect(daemon.endpoint, token=daemon.token)
        scene = client.open_scene(SCENE, seed=7, values={"rain": float(rain[0])})
        scene.open_layers()
        for step in range(STEPS):
            scene.set(rain=float(rain[step]), at_frame=step * STEP_FRAMES)
            parts.append(scene.read_exact(STEP_FRAMES))
        described = scene.described
    mix = np.concatenate([sum(samples.mean(axis=1) for samples in part.values()) for part in parts])
    loudest = parts[STEPS // 2 : STEPS // 2 + 10]
    levels_db = {
        layer: float(20 * np.log10(np.sqrt(np.mean([np.mean(part[layer] ** 2) for part in loudest])) + 1e-10))
        for layer in parts[0]
    }
    return Heard(mix=mix, rain=rain, levels_db=levels_db, described=described)


def draw(heard: Heard, path: Path) -> None:
    """Draw the picture."""
    with mpl.rc_context({"font.family": "DejaVu Sans", "text.color": _INK, "font.size": 9}):
        figure = Figure(figsize=(11, 6.6), dpi=110, facecolor=_NIGHT)
        _hierarchy(figure.add_axes((0.01, 0.42, 0.22, 0.56)), heard)
        _inspector(figure.add_axes((0.24, 0.42, 0.75, 0.56)), heard)
        _spectrogram(figure.add_axes((0.065, 0.13, 0.915, 0.26)), heard)
        figure.text(
            0.01, 0.015, "Drawn, not photographed: names, values and levels are the client's.", color=_FAINT
        )
        figure.savefig(path, facecolor=_NIGHT)


def _panel(axes: Axes, title: str) -> None:
    axes.set(xlim=(0, 1), ylim=(1, 0), xticks=[], yticks=[], facecolor=_PANEL)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.add_patch(Rectangle((0, 0), 1, 0.065, color=_FIELD))
    axes.text(0.02, 0.045, title, weight="bold")


def _hierarchy(axes: Axes, heard: Heard) -> None:
    _panel(axes, "Hierarchy")
    names = [(0, "Main Camera"), (0, "Roomtone Daemon"), (0, "Roomtone Scene")]
    names += [(1, layer) for layer in heard.levels_db]
    for row, (depth, name) in enumerate(names):
        y = 0.13 + 0.062 * row
        if name == "Roomtone Scene":
            axes.add_patch(Rectangle((0, y - 0.042), 1, 0.058, color=_BLUE))
        axes.text(0.06 + 0.09 * depth, y, ("▾ " if name == "Roomtone Scene" else "") + name)


def _inspector(axes: Axes, heard: Heard) -> None:
    _panel(axes, "Inspector      Roomtone Scene (Script)")
    _row(axes, 0.02, 0.13, "Scene Name", SCENE)
    _row(axes, 0.02, 0.19, "Make Layers", "✓")
    _row(axes, 0.02, 0.25, "Spatialisation", "Engine")
    _row(axes, 0.02, 0.31, "Level", "1")
    for number, info in enumerate(heard.described["parameters"]):
        value = float(heard.rain.max()) if info["name"] == "rain" else info["value"]
        _slider(axes, 0.41 + 0.075 * number, info["name"], value, info["low"], info["high"])
    axes.text(0.02, 0.745, "Morph over (s)")
    _slider(axes, 0.745, "", 5.0, 0.0, 30.0)
    moods = heard.described["moods"]
    for number, mood in enumerate(moods):
        x = 0.02 + 0.46 / len(moods) * number
        axes.add_patch(Rectangle((x, 0.80), 0.45 / len(moods), 0.06, color="#585858"))
        axes.text(x + 0.225 / len(moods), 0.842, mood, ha="center", fontsize=8)
    for number, (layer, level_db) in enumerate(heard.levels_db.items()):
        _bar(axes, 0.13 + 0.1 * number, layer, level_db)


def _row(axes: Axes, x: float, y: float, name: str, value: str) -> None:
    axes.text(x, y, name)
    axes.add_patch(Rectangle((x + 0.16, y - 0.037), 0.3, 0.05, color=_FIELD))
    axes.text(x + 0.17, y, value)


def _slider(axes: Axes, y: float, name: str, value: float, low: float, high: float) -> None:
    axes.text(0.02, y, name)
    axes.plot((0.18, 0.40), (y - 0.012, y - 0.012), color=_FAINT, lw=2)
    axes.plot(0.18 + 0.22 * (value - low) / (high - low), y - 0.012, "o", color=_INK, ms=7)
    axes.text(0.42, y, f"{value:.2f}")


def _bar(axes: Axes, y: float, layer: str, level_db: float) -> None:
    share = float(np.clip((level_db + 60.0) / 60.0, 0.0, 1.0))
    axes.add_patch(Rectangle((0.52, y - 0.045), 0.46, 0.07, color=_FIELD))
    axes.add_patch(Rectangle((0.52, y - 0.045), 0.46 * share, 0.07, color=_BLUE))
    axes.text(0.75, y, f"{layer}  {level_db:.0f} dB", ha="center")


def _spectrogram(axes: Axes, heard: Heard) -> None:
    hops = (len(heard.mix) - _FFT) // (_FFT // 2)
    frames = np.lib.stride_tricks.sliding_window_view(heard.mix, _FFT)[:: _FFT // 2][:hops]
    power_db = 20 * np.log10(np.abs(np.fft.rfft(frames * np.hanning(_FFT))) + 1e-6)
    kilohertz = np.fft.rfftfreq(_FFT, 1 / RATE_HZ) / 1000
    times = np.arange(hops) * (_FFT // 2) / RATE_HZ
    axes.pcolormesh(times, kilohertz[2:], power_db.T[2:], vmin=-45, vmax=25, cmap="magma", rasterized=True)
    axes.set(yscale="log", ylim=(0.06, 20), xlim=(0, times[-1]), ylabel="kHz", xlabel="seconds")
    axes.set_yticks([0.1, 1, 10], ["0.1", "1", "10"])
    axes.tick_params(colors=_FAINT)
    axes.yaxis.label.set_color(_FAINT)
    axes.xaxis.label.set_color(_FAINT)
    asked = axes.twinx()
    asked.plot(np.arange(STEPS) / 10, heard.rain, color="white", lw=1.5)
    asked.set(ylim=(0, 1.05), yticks=[])
    axes.set_title(
        'what the C# client received while Set("rain", …) went from 0.05 to 1 and back (white)',
        color=_INK,
        fontsize=9,
        loc="left",
    )


def main() -> None:
    """Run from the command line."""
    with tempfile.TemporaryDirectory() as folder:
        heard = listen(Build(Path(folder)))
    OUT.parent.mkdir(exist_ok=True)
    draw(heard, OUT)


if __name__ == "__main__":
    main()
