"""For Unity: settings for the importer that a script of the package applies, and what each scene is made of."""

import json
from collections.abc import Mapping
from typing import Any, Final

PRESET: Final = "roomtone-import.json"
"""The package's importer looks for it in the folder of a file, and above."""

# Beyond this a decoded file takes more memory than a game wants to give.
_LONGEST_IN_MEMORY_S: Final = 10.0


def unity_files(record: Mapping[str, Any]) -> dict[str, str]:
    """Write the preset of the importer, by path below the bake's folder."""
    preset = {
        "format": 1,
        "files": {
            path: {
                "loops": each["loop"] is not None,
                "forceToMono": False,
                "normalize": False,
                "loadInBackground": True,
                "ambisonic": False,
                "loadType": "DecompressOnLoad" if each["seconds"] <= _LONGEST_IN_MEMORY_S else "Streaming",
                # Vorbis again would move the joint: what comes as PCM stays as near to it as Unity can.
                "compressionFormat": "Vorbis" if path.endswith(".ogg") else "PCM",
                "quality": 1.0,
                "sampleRateSetting": "PreserveSampleRate",
            }
            for path, each in record["files"].items()
        },
    }
    return {PRESET: json.dumps(preset, indent=2) + "\n"}
