"""The walk as one picture: the way, the sound, what the game asked for, and how loud each layer was at the ear."""

from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, SAMPLE_RATE_HZ, Samples
from roomtone.demo.story import CAPTIONS, PLACES
from roomtone.demo.walk import Recording

_NIGHT: Final = "#0d1017"
_PANEL: Final = "#141925"
_INK: Final = "#e8e6df"
_FAINT: Final = "#8b93a5"
_COLOURS: Final = {"rainy_street": "#63b3ed", "cafe": "#f6ad55", "night_forest": "#7ed6a0"}
_LINES: Final = (
    "#63b3ed",
    "#b794f4",
    "#90cdf4",
    "#f6ad55",
    "#fc8181",
    "#f6e05e",
    "#7ed6a0",
    "#4fd1c5",
    "#cbd5e0",
)
_HEAT: Final = ("#0d1017", "#1b2140", "#3b2a6b", "#7b3f8c", "#c8566f", "#f08a4b", "#f9d276", "#fffbe6")
_NUMBERS: Final = "①②③④⑤⑥⑦"
_QUIETEST_DB: Final = -60.0
_LOUDEST_DB: Final = -24.0
_SOUTH_M: Final = -7.0
_NORTH_M: Final = 21.0
_FFT: Final = 4096
_LOWEST_HZ: Final = 40.0
_HIGHEST_HZ: Final = 18_000.0
_BANDS: Final = 240
_STYLE: Final[dict[Any, Any]] = {
    "figure.facecolor": _NIGHT,
    "axes.facecolor": _PANEL,
    "axes.edgecolor": _PANEL,
    "text.color": _INK,
    "axes.labelcolor": _FAINT,
    "xtick.color": _FAINT,
    "ytick.color": _FAINT,
    "font.size": 10,
}


def draw_walk(recording: Recording, sound: Samples, path: Path) -> None:
    """Draw `path` (PNG).

    Args:
        recording: what was heard and why.
        sound: (frames, 2) as it was written to the file.
        path: where the picture goes.
    """
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(15.0, 17.0), dpi=120)
        rows = figure.add_gridspec(
            5,
            1,
            height_ratios=(4.3, 0.26, 3.2, 2.5, 4.6),
            hspace=0.16,
            left=0.115,
            right=0.9,
            top=0.935,
            bottom=0.09,
        )
        axes = [figure.add_subplot(rows[row]) for row in range(5)]
        _title(figure, recording)
        _map(axes[0], recording)
        _zones(axes[1], recording)
        _spectrum(axes[2], sound)
        _parameters(axes[3], recording)
        _layers(axes[4], recording)
        for axis in axes[1:]:
            axis.set_xlim(0.0, recording.blocks * BLOCK_S)
            axis.tick_params(labelbottom=axis is axes[-1], length=0)
            _mark_captions(axis, recording)
        axes[-1].set_xlabel("seconds")
        _captions(figure)
        figure.savefig(path)


def _times_s(recording: Recording) -> NDArray[np.float64]:
    return np.asarray(np.arange(recording.blocks) * BLOCK_S, np.float64)


def _title(figure: Figure, recording: Recording) -> None:
    figure.text(
        0.115, 0.967, "From a rainy street into a café and on to a forest at night", size=21, weight="bold"
    )
    what = f"{recording.blocks * BLOCK_S:.0f} s, {len(recording.heard)} layers, all of it synthesised while one listens"
    figure.text(0.115, 0.95, what, size=12, color=_FAINT)
    figure.text(0.9, 0.967, "Roomtone", size=15, color=_FAINT, ha="right", style="italic")


def _captions(figure: Figure) -> None:
    words = [f"{number} {caption}" for number, (_, caption) in zip(_NUMBERS, CAPTIONS, strict=True)]
    for number, text in enumerate(words):
        column, row = divmod(number, 4)
        figure.text(0.115 + 0.4 * column, 0.048 - 0.0128 * row, text, size=10, color=_FAINT)


# The way -----------------------------------------------------------------------------------------


def _map(axis: Any, recording: Recording) -> None:
    """Draw the world from above, north up: zones, layers, and the way with its seconds."""
    for place in PLACES:
        _draw_zone(axis, place.zone, _COLOURS[place.name])
    _draw_sources(axis, recording)
    east, north = recording.at_m[:, 0], -recording.at_m[:, 1]
    pieces = np.stack([np.column_stack((east, north))[:-1], np.column_stack((east, north))[1:]], axis=1)
    axis.add_collection(
        LineCollection(list(pieces[::4]), colors=_INK, linewidths=2.6, alpha=0.9, capstyle="round")
    )
    step = max(1, round(5.0 / BLOCK_S))
    for block in range(0, recording.blocks, step):
        axis.plot(east[block], north[block], "o", color=_NIGHT, mec=_INK, mew=1.6, ms=8)
        axis.annotate(
            f"{block * BLOCK_S:.0f} s", (east[block], north[block]), (0, -17), textcoords="offset points", ha="center",
            size=9,
        )  # fmt: skip
    axis.annotate(
        "",
        (east[-1], north[-1]),
        (east[-40], north[-40]),
        arrowprops={"arrowstyle": "-|>", "color": _INK, "lw": 2},
    )
    axis.set(aspect="equal", xlim=(-20.5, 68.5), ylim=(_SOUTH_M, _NORTH_M), xticks=[], yticks=[])
    axis.plot([54, 64], [_SOUTH_M + 1.0] * 2, color=_FAINT, lw=2)
    axis.text(59, _SOUTH_M + 1.5, "10 m", color=_FAINT, ha="center", size=9)


def _draw_zone(axis: Any, zone: Any, colour: str) -> None:
    centre = (zone.at_m[0], -zone.at_m[2])
    for share in np.linspace(1.0, 0.0, 12):
        axis.add_patch(Circle(centre, zone.radius_m + share * zone.fade_m, color=colour, alpha=0.022, lw=0))
    axis.add_patch(Circle(centre, zone.radius_m, fill=False, ec=colour, lw=1.0, alpha=0.5))
    name = zone.name.replace("_", " ").replace("cafe", "café")
    low = max(centre[1] - zone.radius_m + 1.0, _SOUTH_M + 1.2)
    axis.text(centre[0] - 0.4 * zone.radius_m, low, name, color=colour, ha="center", size=14, weight="bold")


def _draw_sources(axis: Any, recording: Recording) -> None:
    """Draw what stands somewhere, as wide as it is heard at full level, each name clear of the one before."""
    taken: list[tuple[float, float]] = []
    for place in PLACES:
        colour = _COLOURS[place.name]
        for layer, placement in recording.placements[place.name].items():
            if placement.kind not in {"point", "area"}:
                continue
            east, north = place.origin_m[0] + placement.at_m[0], -place.origin_m[2] - placement.at_m[2]
            radius_m = max(placement.near_m, 0.5)
            axis.add_patch(Circle((east, north), radius_m, color=colour, alpha=0.55, lw=0))
            label = _label_north_m(recording, east, north, radius_m)
            while any(abs(east - x) < 6.0 and abs(label - y) < 1.3 for x, y in taken):
                label += 0.4
            taken.append((east, label))
            axis.text(east, label, _words(layer), color=_INK, ha="center", size=9.5)


def _label_north_m(recording: Recording, east: float, north: float, radius_m: float) -> float:
    """Find where a source's name is clear of the way: on its far side, and on the map."""
    passing = int(np.abs(recording.at_m[:, 0] - east).argmin())
    if -recording.at_m[passing, 1] > north + 0.5:
        return north - radius_m - 1.4
    return min(north + radius_m + 0.4, _NORTH_M - 1.3)


def _words(name: str) -> str:
    return name.replace("_", " ")


# The time ----------------------------------------------------------------------------------------


def _mark_captions(axis: Any, recording: Recording) -> None:
    for share, _ in CAPTIONS[1:]:
        axis.axvline(share * recording.blocks * BLOCK_S, color=_INK, lw=0.7, alpha=0.22, ls=(0, (4, 4)))


def _zones(axis: Any, recording: Recording) -> None:
    """Draw one strip that is the crossfade: each scene's colour, as strong as the scene is."""
    mix = np.zeros((recording.blocks, 3))
    for name, level in recording.levels.items():
        mix += (level**2)[:, None] * np.array(to_rgba(_COLOURS[name])[:3])
    axis.imshow(mix[None], aspect="auto", extent=(0.0, recording.blocks * BLOCK_S, 0.0, 1.0))
    axis.set_yticks([])
    seconds = recording.blocks * BLOCK_S
    for number, (share, _) in enumerate(CAPTIONS):
        axis.text(
            share * seconds + 0.006 * seconds, 0.45, _NUMBERS[number], color=_NIGHT, va="center", size=12
        )


def _spectrum(axis: Any, sound: Samples) -> None:
    levels_db = spectrum_db(sound)
    loudest_db = float(np.percentile(levels_db, 99.8))
    heat = LinearSegmentedColormap.from_list("heat", _HEAT)
    axis.imshow(
        levels_db.T, origin="lower", aspect="auto", cmap=heat, vmin=loudest_db - 62.0, vmax=loudest_db,
        extent=(0.0, len(sound) / SAMPLE_RATE_HZ, 0.0, 1.0), interpolation="bilinear",
    )  # fmt: skip
    ticks_hz = np.array([50, 100, 200, 500, 1000, 2000, 5000, 10_000])
    axis.set_yticks(np.log(ticks_hz / _LOWEST_HZ) / np.log(_HIGHEST_HZ / _LOWEST_HZ))
    axis.set_yticklabels([f"{hz} Hz" if hz < 1000 else f"{hz // 1000} kHz" for hz in ticks_hz])
    axis.set_title("what is heard", loc="left", color=_INK, size=12, pad=4)


def spectrum_db(sound: Samples) -> NDArray[np.float64]:
    """Analyse a sound: (blocks, bands) power in dB, one row per 10 ms, bands of equal width in octaves."""
    mono = np.pad(sound.mean(axis=1), _FFT // 2)
    frames = np.lib.stride_tricks.sliding_window_view(mono, _FFT)[: len(sound) : BLOCK_FRAMES]
    power = np.abs(np.fft.rfft(frames * np.hanning(_FFT).astype(np.float32), axis=1)) ** 2
    edges_hz = np.geomspace(_LOWEST_HZ, _HIGHEST_HZ, _BANDS + 1)
    edges = edges_hz * _FFT / SAMPLE_RATE_HZ
    total = np.concatenate((np.zeros((len(power), 1)), np.cumsum(power, axis=1)), axis=1)
    below = np.floor(edges).astype(int)
    at_edges = total[:, below] + (edges - below) * power[:, below]
    # White noise should look even: divide by the width of the band.
    density = np.diff(at_edges, axis=1) / np.diff(edges) * np.sqrt(edges[:-1])
    return np.asarray(10.0 * np.log10(np.maximum(density, 1e-12)))


def _parameters(axis: Any, recording: Recording) -> None:
    """Draw what the game asked for, bright while its scene is heard."""
    times_s = _times_s(recording)
    lines = iter(_LINES)
    labels: list[tuple[float, str, str]] = []
    for name, values, heard in _moving_parameters(recording):
        colour, (label, shown) = next(lines), _to_unit(name, values)
        axis.plot(times_s, shown, color=colour, lw=1.0, alpha=0.25)
        axis.plot(
            times_s, np.where(heard > 0.02, shown, np.nan), color=colour, lw=2.4, solid_capstyle="round"
        )
        labels.append((float(shown[-1]), label, colour))
    _label_ends(axis, labels)
    axis.set(ylim=(-0.04, 1.08), yticks=[0.0, 0.5, 1.0])
    axis.set_title("what the game asks for", loc="left", color=_INK, size=12, pad=4)
    for number, (share, _) in enumerate(CAPTIONS):
        axis.text((share + 0.006) * times_s[-1], 1.02, _NUMBERS[number], color=_FAINT, size=11, va="center")


def _moving_parameters(recording: Recording) -> list[tuple[str, NDArray[np.float64], NDArray[np.float64]]]:
    """Name each parameter that moves once, though two scenes may share it; with how much its scenes are heard."""
    found: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
    for (scene, name), values in recording.asked.items():
        if np.ptp(values) > 0.05:
            key = (
                name
                if name not in found or np.array_equal(found[name][0], values)
                else f"{name} ({_words(scene)})"
            )
            heard = recording.levels[scene] + (found[key][1] if key in found else 0.0)
            found[key] = (values, heard)
    return [(name, values, heard) for name, (values, heard) in found.items()]


def _to_unit(name: str, values: NDArray[np.float64]) -> tuple[str, NDArray[np.float64]]:
    if name == "time_of_day":
        return "hour (18–24)", (values - 18.0) / 6.0
    return _words(name), values


def _label_ends(axis: Any, labels: list[tuple[float, str, str]]) -> None:
    """Write each line's name beside its end, pushed apart where they would overlap."""
    lowest = -0.02
    for value, label, colour in sorted(labels):
        lowest = max(lowest + 0.105, value)
        axis.text(
            1.006, lowest, label, color=colour, va="center", size=9.5, transform=axis.get_yaxis_transform()
        )


def _layers(axis: Any, recording: Recording) -> None:
    """Draw every layer's level at the ear, one row each, scene by scene."""
    rows = [(place.name, layer) for place in PLACES for layer in recording.placements[place.name]]
    times_s = _times_s(recording)
    for row, (scene, layer) in enumerate(rows):
        base = len(rows) - 1 - row
        height = 0.92 * _shown_level(recording.heard[scene, layer])
        axis.fill_between(times_s, base, base + height, color=_COLOURS[scene], alpha=0.78, lw=0)
        axis.axhline(base, color=_NIGHT, lw=1.2)
    axis.set_yticks([len(rows) - 1 - row + 0.4 for row in range(len(rows))])
    axis.set_yticklabels([_words(layer) for _, layer in rows])
    for tick, (scene, _) in zip(axis.get_yticklabels(), rows, strict=True):
        tick.set_color(_COLOURS[scene])
    axis.set_ylim(0.0, len(rows))
    axis.set_title(
        f"how loud each layer is at the ear ({_QUIETEST_DB:g} to {_LOUDEST_DB:g} dB)", loc="left", color=_INK, size=12,
        pad=4,
    )  # fmt: skip


def _shown_level(rms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Smooth over a fifth of a second and map to 0 (not heard) .. 1."""
    window = np.ones(20) / 20.0
    power = np.convolve(rms**2, window, mode="same")
    level_db = 10.0 * np.log10(np.maximum(power, 1e-12))
    return np.asarray(np.clip((level_db - _QUIETEST_DB) / (_LOUDEST_DB - _QUIETEST_DB), 0.0, 1.0))
