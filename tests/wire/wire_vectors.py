"""Reads `protocol/vectors/` as its README says."""

import json
from pathlib import Path
from typing import Any, Final

PROTOCOL: Final = Path(__file__).parents[2] / "protocol"


def vectors(kind: str, name: str = "*") -> list[Any]:
    """Return every vector of a folder, with the direction of its file and its bytes in one piece."""
    found = []
    for path in sorted((PROTOCOL / "vectors" / kind).glob(f"{name}.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        for vector in document["vectors"]:
            frame = b"".join(map(bytes_of_line, vector["bytes"]))
            found.append(vector | {"file": path.stem, "direction": document["direction"], "frame": frame})
    return found


def bytes_of_line(line: str) -> bytes:
    """Read `61 62 x3 | note`: what stands before the bar, and all of it as often as x says."""
    words = line.partition("|")[0].split()
    times = int(words.pop()[1:]) if words[-1].startswith("x") else 1
    return bytes.fromhex("".join(words)) * times


def vector_name(vector: Any) -> str:
    return f"{vector['file']}: {vector['name']}"
