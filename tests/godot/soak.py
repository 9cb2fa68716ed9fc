"""A long walk among sixteen stereo layers in Godot: `python tests/godot/soak.py [SECONDS]` takes ten minutes.

What it measures of a short walk is held by `test_godot_cost.py`.
"""

import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from engine import Engine, engine_or_skip, finished
from numpy.typing import NDArray
from places import write_places

sys.path.append(str(Path(__file__).parents[1] / "daemon"))
from serving import Serving

LAYERS: Final = 16
AHEAD_MS: Final = 150
SECONDS: Final = 600.0
_SETTLED_S: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Soaked:
    """What a walk cost and how it went.

    Attributes:
        layers: how many played.
        played_s: how long, on the scene's own clock.
        underruns, late_blocks: what did not come in time.
        skips: how often the engine's mixer found nothing.
        frame_us: (frames,) what the addon took of the main thread in each.
        memory_bytes: (samples,) the engine's own memory, once a second.
        objects: (samples,) how many objects the engine had.
        gaps: (samples, 2) underruns and skips so far.
    """

    layers: int
    played_s: float
    underruns: int
    late_blocks: int
    skips: int
    frame_us: NDArray[np.float64]
    memory_bytes: NDArray[np.float64]
    objects: NDArray[np.float64]
    gaps: NDArray[np.float64]


def soak(engine: Engine, folder: Path, seconds: float) -> Soaked:
    """Walk for so long with a daemon of its own."""
    scenes = folder / "scenes"
    scenes.mkdir()
    write_sixteen(write_places(scenes))
    report = folder / "report.json"
    with Serving(scenes) as daemon:
        process = engine.start(
            "cost_check",
            report,
            "--max-fps",
            "60",
            scene="sixteen",
            seconds=seconds,
            ahead_ms=AHEAD_MS,
            endpoint=daemon.endpoint,
        )
        told = finished(process, report, within_s=seconds + _SETTLED_S + 30.0)
    return soaked_of(told)


def soaked_of(told: Any) -> Soaked:
    """Read what `cost_check.gd` reported."""
    return Soaked(
        layers=told["layers"],
        played_s=told["position_frame"] / 48_000.0,
        underruns=told["underruns"],
        late_blocks=told["late_blocks"],
        skips=told["skips"],
        frame_us=np.array(told["frames_usec"], np.float64),
        memory_bytes=np.array(told["memory_bytes"], np.float64),
        objects=np.array(told["objects"], np.float64),
        gaps=np.array(told["gaps"], np.float64),
    )


def write_sixteen(folder: Path) -> None:
    """Write a scene of sixteen stereo layers: beds, points and areas around its middle."""
    layers = {f"layer_{i}": _layer(i) for i in range(LAYERS)}
    scene = {"scene": "sixteen", "parameters": {}, "layers": layers}
    (folder / "sixteen.yaml").write_text(json.dumps(scene), encoding="utf-8")


def _layer(i: int) -> dict[str, Any]:
    clips = {"clips": ["low.wav"], "crossfade_s": 0.5}
    place = {"at_m": [2 * (i % 5) - 4, 0, 2 * (i % 3) - 2], "reach_m": 40}
    kinds = (
        {"kind": "bed"},
        {"kind": "area", "radius_m": 1, **place},
        {"kind": "point", "near_m": 1, **place},
    )
    return {**clips, "placement": kinds[i % 3]}


def describe(soaked: Soaked) -> str:
    """Say in words and numbers how it went."""
    frame_us, memory_mb = soaked.frame_us, soaked.memory_bytes / 1e6
    half = len(memory_mb) // 2
    bad_s = np.flatnonzero(np.diff(soaked.gaps, axis=0).any(axis=1)).tolist()
    return f"""{soaked.layers} stereo layers for {soaked.played_s:.0f} s, {AHEAD_MS} ms of buffer
  underruns     {soaked.underruns} ({soaked.late_blocks} late blocks, {soaked.skips} skips of the mixer)
  main thread   {frame_us.mean() / 1000:.3f} ms a frame, median {np.median(frame_us) / 1000:.3f}, p99 \
{np.percentile(frame_us, 99) / 1000:.3f}
  memory        {memory_mb[:half].mean():.2f} MB in the first half, {memory_mb[half:].mean():.2f} MB in the second; \
{soaked.objects[0]:.0f} objects at first, {soaked.objects[-1]:.0f} at last
  seconds with gaps  {bad_s}"""


if __name__ == "__main__":
    os.environ["CI"] = "true"  # without an engine there is nothing to do here
    with tempfile.TemporaryDirectory() as place:
        sys.stdout.write(
            describe(
                soak(
                    engine_or_skip(Path(place)), Path(place), float(sys.argv[1]) if sys.argv[1:] else SECONDS
                )
            )
            + "\n"
        )
