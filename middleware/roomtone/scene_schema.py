"""Writes the JSON Schema of scene files, which gives completion in editors: `python -m roomtone.scene_schema FILE`.

It knows both the shape of a scene and the table of synths, so it stands above both.
"""

import json
import sys
from pathlib import Path

from roomtone.scene.schema import json_schema
from roomtone.synths.catalogue import catalogue


def schema_text() -> str:
    """Return the schema as it stands in `protocol/scene.schema.json`."""
    return json.dumps(json_schema(catalogue()), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(schema_text(), encoding="utf-8", newline="\n")
