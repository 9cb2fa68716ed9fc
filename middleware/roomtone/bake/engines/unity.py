"""For Unity: each scene as JSON in the shape that Unity's own reader takes, for the package's `RoomtoneScene`."""

import json
from collections.abc import Mapping
from typing import Any, Final

FORMAT: Final = 1


def unity_files(record: Mapping[str, Any]) -> dict[str, str]:
    """Write a JSON for each scene, by path below the bake's folder."""
    return {
        f"{scene['name']}/{scene['name']}.json": json.dumps(_scene(scene, record["files"]), indent=2) + "\n"
        for scene in record["scenes"]
    }


def _scene(scene: Mapping[str, Any], files: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a scene without dictionaries and without null: Unity's reader knows neither."""
    return {
        "format": FORMAT,
        "name": scene["name"],
        "parameters": [
            {
                "name": each["name"],
                "usual": each["default"],
                "low": each["low"],
                "high": each["high"],
                "unit": each["unit"],
                "wraps": each["wraps"],
                "riseS": each["rise_s"],
                "fallS": each["fall_s"],
            }
            for each in scene["parameters"]
        ],
        "moods": [{"name": name, "values": _values(values)} for name, values in scene["moods"].items()],
        "states": [{"name": each["name"], "values": _values(each["values"])} for each in scene["states"]],
        "layers": [_layer(each, files) for each in scene["layers"]],
    }


def _values(values: Mapping[str, float]) -> list[dict[str, Any]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def _layer(layer: Mapping[str, Any], files: Mapping[str, Any]) -> dict[str, Any]:
    placement = layer["placement"]
    return {
        "name": layer["name"],
        "kind": placement["kind"],
        "atM": placement.get("at_m", [0.0, 0.0, 0.0]),
        "nearM": placement.get("near_m", 1.0),
        "reachM": placement.get("reach_m", 50.0),
        "follows": layer["follows"],
        "sounds": [
            {
                "state": each["state"],
                # As Unity's Resources name it: without the ending.
                "file": each["file"].rpartition(".")[0] if each["file"] else "",
                "events": [
                    {"atS": event["frame"] / files[each["file"]]["rate_hz"], "atM": event["at_m"]}
                    for event in (files[each["file"]]["events"] if each["file"] else ())
                ],
            }
            for each in layer["sounds"]
            if each["variation"] == 1
        ],
    }
