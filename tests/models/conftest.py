import os
import subprocess
import sys
from pathlib import Path

import pytest

OTHER = Path(__file__).parents[2] / "build" / "other-python"


@pytest.fixture(scope="session")
def other_python() -> Path:
    """An interpreter that is not this project's: it has numpy and nothing of Roomtone. `make test` prepares it."""
    python = OTHER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    assert python.is_file(), "run `make build/other-python` first"
    probe = (
        "import importlib.util as u; print(u.find_spec('numpy') is not None, u.find_spec('roomtone') is None)"
    )
    said = subprocess.run([python, "-c", probe], capture_output=True, text=True, check=True).stdout.split()
    assert said == ["True", "True"]
    assert python.resolve() != Path(sys.executable).resolve() or python.parent != Path(sys.executable).parent
    return python
