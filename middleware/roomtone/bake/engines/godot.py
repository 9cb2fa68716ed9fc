"""For Godot 4: import hints, so that files loop, and for each scene a scene of players that sounds when it is run."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

# AudioStreamWAV counts the end of a loop as the first frame behind it.
_WAV: Final = """\
[remap]

importer="wav"
type="AudioStreamWAV"

[params]

force/8_bit=false
force/mono=false
force/max_rate=false
force/max_rate_hz=44100
edit/trim=false
edit/normalize=false
edit/loop_mode={mode}
edit/loop_begin=0
edit/loop_end={end}
compress/mode=0
"""
_OGG: Final = """\
[remap]

importer="oggvorbisstr"
type="AudioStreamOggVorbis"

[params]

loop={loops}
loop_offset=0.0
bpm=0.0
beat_count=0
bar_beats=4
"""
_FORWARD, _NOT_AT_ALL = 2, 1
_SILENT_DB: Final = -80.0


def godot_files(record: Mapping[str, Any]) -> dict[str, str]:
    """Write import hints and scenes, by path below the bake's folder."""
    files = {f"{path}.import": _hint(path, each) for path, each in record["files"].items()}
    for scene in record["scenes"]:
        files[f"{scene['name']}/{scene['name']}.tscn"] = _scene(scene)
    return files


def _hint(path: str, record: Mapping[str, Any]) -> str:
    loops = record["loop"] is not None
    if path.endswith(".ogg"):
        return _OGG.format(loops=str(loops).lower())
    return _WAV.format(mode=_FORWARD if loops else _NOT_AT_ALL, end=record["frames"] if loops else -1)


def _scene(scene: Mapping[str, Any]) -> str:
    """Write a scene of plain players: those of the state that is nearest to the defaults are heard."""
    heard = _usual_state(scene)
    players = list(_players(scene, heard))
    lines = [f"[gd_scene load_steps={len(players) + 1} format=3]", ""]
    for i, (_, _, file, _) in enumerate(players):
        # Relative to this file: the folder may lie anywhere in a project.
        name = file.rpartition("/")[2]
        lines.append(f'[ext_resource type="AudioStream" path="{name}" id="{i + 1}"]')
    lines += ["", f'[node name="{scene["name"]}" type="Node3D"]', ""]
    for i, (node, layer, _, is_heard) in enumerate(players):
        lines += _player(node, layer, i + 1, is_heard=is_heard)
    return "\n".join(lines)


def _usual_state(scene: Mapping[str, Any]) -> str:
    def away(state: Mapping[str, Any]) -> float:
        return float(
            sum(
                (abs(state["values"][each["name"]] - each["default"]) / (each["high"] - each["low"])) ** 2
                for each in scene["parameters"]
            )
        )

    return str(min(scene["states"], key=away)["name"])


def _players(scene: Mapping[str, Any], heard: str) -> Iterator[tuple[str, Mapping[str, Any], str, bool]]:
    """List the nodes: their names, their layers, their files, and whether they are heard."""
    for layer in scene["layers"]:
        seen: set[str] = set()
        for sound in layer["sounds"]:
            file = sound["file"]
            if file is None or file in seen or sound["variation"] != 1:
                continue
            seen.add(file)
            states = {each["state"] for each in layer["sounds"] if each["file"] == file}
            stem = file.rpartition("/")[2].rpartition(".")[0]
            yield stem.replace(".", "_"), layer, file, heard in states


def _player(name: str, layer: Mapping[str, Any], resource: int, *, is_heard: bool) -> list[str]:
    placement = layer["placement"]
    is_bed = placement["kind"] == "bed"
    kind = "AudioStreamPlayer" if is_bed else "AudioStreamPlayer3D"
    lines = [f'[node name="{name}" type="{kind}" parent="."]', f'stream = ExtResource("{resource}")']
    if not is_heard:
        lines.append(f"volume_db = {_SILENT_DB}")
    lines.append("autoplay = true")
    if placement["kind"] in {"point", "area"}:
        x, y, z = placement["at_m"]
        lines.append(f"transform = Transform3D(1, 0, 0, 0, 1, 0, 0, 0, 1, {x:g}, {y:g}, {z:g})")
        lines += [
            f"unit_size = {max(placement['near_m'], 0.1):g}",
            f"max_distance = {placement['reach_m']:g}",
        ]
    elif not is_bed:
        # How far its events are lies in their sound; the addon turns them around the listener.
        lines.append("attenuation_model = 3")
    return [*lines, ""]
