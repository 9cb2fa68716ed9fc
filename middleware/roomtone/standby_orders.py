"""What the supervisor tells a daemon that stands by: one line of settings, then `go`.

Apart from both, because the supervisor stays light: it imports neither the daemon nor a synth.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

from roomtone.settings import Settings

GO: Final = "go\n"


def to_line(settings: Settings) -> str:
    """Write settings as one line."""
    return json.dumps(asdict(settings), default=str) + "\n"


def from_line(line: str) -> Settings:
    """Read settings back."""
    values: dict[str, Any] = json.loads(line)
    folders = {name for name, kind in get_type_hints(Settings).items() if Path in (kind, *get_args(kind))}
    values.update({name: Path(values[name]) for name in folders if values[name]})
    return Settings(**values)
