"""A game in real time against the real daemon: sixteen layers, an audio thread, steering at sixty frames a second.

`python tests/unity/soaking.py --seconds 600` is the long run; the tests have a short one.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

from mono_build import Build

from roomtone.client.private_daemon import PrivateDaemon

LAYERS: Final = 16
AHEAD_MS: Final = 150.0
SCENE: Final = "\n".join(
    [
        "scene: crowded",
        "seed: 5",
        "parameters:",
        "  rain: {default: 0.6, rise_s: 0.5, fall_s: 0.5}",
        "layers:",
        *(f"  rain_{i}: {{synth: rain, controls: {{intensity: rain}}}}" for i in range(LAYERS)),
        "",
    ]
)


def soak(build: Build, folder: Path, *, seconds: float, ahead_ms: float = AHEAD_MS) -> dict[str, Any]:
    """Play for so long; returns what `Soak.cs` measured."""
    (folder / "crowded.yaml").write_text(SCENE, encoding="utf-8")
    with PrivateDaemon(folder) as daemon:
        arguments = ["soak", daemon.endpoint, daemon.token, "crowded", str(seconds), str(ahead_ms)]
        done = subprocess.run(
            ["mono", str(build.runners), *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds + 60,
        )
    assert done.returncode == 0, done.stderr
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--ahead-ms", type=float, default=AHEAD_MS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        build = Build(Path(folder))
        measured = soak(build, Path(folder), seconds=options.seconds, ahead_ms=options.ahead_ms)
    print(json.dumps(measured, indent=2))  # noqa: T201 - what it is for


if __name__ == "__main__":
    main()
