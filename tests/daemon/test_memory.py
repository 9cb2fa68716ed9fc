"""What the daemon holds in memory: measured in processes of their own."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.system


def said_by(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout


def test_no_linear_algebra_is_loaded_for_kernels_that_use_none():
    said = said_by(
        "import sys\n"
        "from roomtone.memory import do_without_scipy\n"
        "from roomtone.layers.player import load_kernels\n"
        "do_without_scipy()\n"
        "load_kernels()\n"
        "print([name for name in sys.modules if name.startswith('scipy.linalg.')])\n"
    )
    assert said.strip() == "[]"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere nothing is handed back by hand")
def test_the_compiler_is_handed_back_and_kernels_still_load():
    said = said_by(
        "from roomtone.layers.player import load_kernels\n"
        "from roomtone.memory import release_unused, resident_bytes\n"
        "from roomtone.synths import SYNTHS\n"
        "from roomtone.synths.warm import warm_synth\n"
        "load_kernels()\n"
        "before = resident_bytes()\n"
        "release_unused()\n"
        "print(before - resident_bytes())\n"
        "warm_synth(SYNTHS['fire'])\n"
        "print('sounds')\n"
    )
    released, sounds = said.split()
    assert int(released) > 20_000_000 or _is_shared()
    assert sounds == "sounds"


def _is_shared() -> bool:
    """Pages that this process has loaded too belong to both, and stay."""
    return "llvmlite" in sys.modules
