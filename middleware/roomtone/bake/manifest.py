"""`manifest.json`: what was baked, in the words of `protocol/bake.schema.json`, for engines and for people."""

from collections.abc import Iterable
from typing import Any, Final

from roomtone.audio import SAMPLE_RATE_HZ
from roomtone.bake.baking import Baked, group_gain_db, place_of
from roomtone.bake.fingerprint import engine
from roomtone.bake.jobs import Heard, Written
from roomtone.bake.measuring import WORST_SEAM
from roomtone.bake.order import Order
from roomtone.bake.plan import Group, Sound
from roomtone.bake.prompts import Makers
from roomtone.bake.provenance import SOFTWARE, provenance
from roomtone.layers.binding import followed_parameters
from roomtone.layers.describe import describe_placement
from roomtone.scene.model import Placement, Scene
from roomtone.texture.measures import Seam

FORMAT: Final = 1
_MEASURES: Final = (
    ("level", "its level steps"),
    ("spectrum", "its spectrum changes suddenly"),
    ("surroundings", "it sounds different before and behind"),
    ("click", "single samples stand out"),
)


def manifest(baked: Baked, makers: Makers) -> dict[str, Any]:
    """Write down a bake. The same order makes the same manifest, whoever did the work and however often."""
    groups = baked.plan.groups
    return {
        "format": FORMAT,
        "generated": True,
        "by": SOFTWARE,
        "engine": engine(),
        "order": order_record(baked.plan.order),
        "scenes": [_scene(group, baked) for group in groups if group.row is None],
        "prompts": [_prompt(group, baked) for group in groups if group.row is not None],
        "files": {
            path: record
            for group in groups
            for sound in group.sounds
            for path, record in _file(sound, baked, makers)
        },
        "failures": [
            {"about": each.about, "code": each.code, "what": each.what, "at": each.at, "fix": each.fix}
            for each in sorted(baked.failures, key=lambda each: (each.about, each.key))
        ],
    }


def order_record(order: Order) -> dict[str, Any]:
    """Write down how files were ordered."""
    return {
        "seconds": order.seconds,
        "loop": order.loop,
        "format": order.format,
        "rate_hz": order.rate_hz,
        "channels": order.channels,
        "lufs": order.lufs,
        "true_peak_db": order.true_peak_db,
        "sounds": "mix" if order.mix else "stems",
        "variations": order.variations,
        "licence_policy": order.policy,
        "engine": order.engine,
    }


# Scenes and prompts ---------------------------------------------------------------------------


def _scene(group: Group, baked: Baked) -> dict[str, Any]:
    scene = group.scene
    layers = ("",) if baked.plan.order.mix else tuple(scene.layers)
    return {
        "name": scene.name,
        "summary": scene.summary,
        "seed": group.sounds[0].seed if group.sounds else scene.seed,
        "gain_db": group_gain_db(group, baked),
        "parameters": [
            {
                "name": each.name,
                "default": each.default,
                "low": each.low,
                "high": each.high,
                "unit": each.unit,
                "wraps": each.wraps,
                "rise_s": each.rise_s,
                "fall_s": each.fall_s,
            }
            for each in scene.parameters.values()
        ],
        "moods": {name: dict(values) for name, values in scene.moods.items()},
        "states": [
            {"name": state.name, "mood": state.mood, "values": dict(state.values)} for state in group.states
        ],
        "mixes": _mixes(group, baked),
        "layers": [_layer(group, layer, baked) for layer in layers],
    }


def _mixes(group: Group, baked: Baked) -> list[dict[str, Any]]:
    """Say how loud everything is together, as a game hears it that plays the files at the origin."""
    gain_db = group_gain_db(group, baked)
    found = []
    for state in group.states:
        for variation in range(1, baked.plan.order.variations + 1):
            mix = baked.mixes.get(place_of(group, state, variation))
            if mix is not None:
                lufs = mix.loudness_lufs
                found.append(
                    {
                        "state": state.name,
                        "variation": variation,
                        "loudness_lufs": None if lufs is None else _rounded(lufs + gain_db),
                        "true_peak_db": _rounded(mix.true_peak_db + gain_db),
                    }
                )
    return found


def _layer(group: Group, layer: str, baked: Baked) -> dict[str, Any]:
    scene = group.scene
    return {
        "name": layer or "mix",
        "placement": _placement(scene.layers[layer].placement) if layer else {"kind": "bed"},
        "follows": _follows(scene, layer),
        "sounds": [
            {
                "state": state.name,
                "variation": sound.variation,
                "file": _path(sound, baked),
                "silent": _is_silent(sound, baked),
            }
            for sound in group.sounds
            if sound.layer == layer
            for state in sound.states
        ],
    }


def _follows(scene: Scene, layer: str) -> list[str]:
    layers = [scene.layers[layer]] if layer else scene.layers.values()
    follows = {name for each in layers for name in followed_parameters(each)}
    return [name for name in scene.parameters if name in follows]


def _placement(placement: Placement) -> dict[str, Any]:
    info = describe_placement(placement)
    record: dict[str, Any] = {"kind": info.kind}
    if info.kind in {"point", "area"}:
        record |= {"at_m": list(info.at_m), "near_m": info.near_m, "reach_m": info.reach_m}
    elif info.kind == "scatter":
        record |= {"distance_m": list(info.distance_m)}
    return record


def _prompt(group: Group, baked: Baked) -> dict[str, Any]:
    row = group.row
    assert row is not None
    return {
        "list": group.source,
        "name": row.name,
        "prompt": row.prompt,
        "tags": list(row.tags),
        "gain_db": group_gain_db(group, baked),
        "sounds": [{"variation": each.variation, "file": _path(each, baked)} for each in group.sounds],
    }


def _is_silent(sound: Sound, baked: Baked) -> bool:
    heard = baked.heard.get(sound.job.key)
    return heard is not None and heard.silent


def _path(sound: Sound, baked: Baked) -> str | None:
    """Name a sound's file; None where it is silent, or could not be made."""
    return sound.path if sound.path in baked.written else None


# Files ----------------------------------------------------------------------------------------


def _file(sound: Sound, baked: Baked, makers: Makers) -> Iterable[tuple[str, dict[str, Any]]]:
    written, heard = baked.written.get(sound.path), baked.heard.get(sound.job.key)
    if written is None or heard is None:
        return
    yield (
        sound.path,
        {
            "sha256": written.sha256,
            "size_bytes": written.size_bytes,
            "frames": written.frames,
            "rate_hz": written.rate_hz,
            "channels": written.channels,
            "seconds": _rounded(written.frames / written.rate_hz),
            "loop": None if written.seam is None else {"first_frame": 0, "last_frame": written.frames - 1},
            "seam": None if written.seam is None else seam_record(written.seam),
            "loudness_lufs": None if written.loudness_lufs is None else _rounded(written.loudness_lufs),
            "true_peak_db": _rounded(written.true_peak_db),
            "gain_db": _rounded(written.gain_db),
            "repetition": {"exact_again_s": heard.exact_again_s, "alike_again_s": heard.alike_again_s},
            "events": _events(heard, written),
            "provenance": provenance(sound, heard, makers),
        },
    )


def seam_record(seam: Seam) -> dict[str, Any]:
    """Write a seam down: how it ranks, whether that is good, and what gives it away where it is not."""
    record: dict[str, Any] = {
        "percentile": _rounded(seam.percentile),
        "spectrum": _rounded(seam.spectrum),
        "surroundings": _rounded(seam.surroundings),
        "level": _rounded(seam.level),
        "click": _rounded(seam.click),
        "good": seam.percentile <= WORST_SEAM,
        "reason": "",
    }
    if not record["good"]:
        worst, why = max(_MEASURES, key=lambda each: float(getattr(seam, each[0])))
        record["reason"] = f"{why} more than at {getattr(seam, worst):.0f} % of the places inside"
    return record


def _events(heard: Heard, written: Written) -> list[dict[str, Any]]:
    scale = written.rate_hz / SAMPLE_RATE_HZ
    return [
        {"frame": round(at * scale), "at_m": [_rounded(x), _rounded(y), _rounded(z)]}
        for at, x, y, z in heard.events
    ]


def _rounded(value: float) -> float:
    """Keep what anybody can hear, and no more than is the same on every computer."""
    return round(value, 3) + 0.0
