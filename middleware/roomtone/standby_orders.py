"""What the supervisor tells a daemon that stands by: one line of settings, then `go`.

Apart from both, because the supervisor stays light: it imports neither the daemon nor a synth.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

from roomtone.settings import Settings

GO: Final = "go\n"


def to_line(settings: Settings) -> str:
    """Write settings as one line."""
    return json.dumps(asdict(settings), default=str) + "\n"


def from_line(line: str) -> Settings:
    """Read settings back."""
    fields = json.loads(line)
    fields["scenes_dir"] = Path(fields["scenes_dir"])
    fields["keys_dir"] = Path(fields["keys_dir"]) if fields["keys_dir"] else None
    return Settings(**fields)
