"""What the supervisor tells a daemon that stands by arrives as it was meant."""

from pathlib import Path

import pytest

from roomtone.settings import Settings
from roomtone.standby_orders import from_line, to_line

SETTINGS = (
    Settings(scenes_dir=Path("scenes")),
    Settings(
        scenes_dir=Path("scenes"),
        keys_dir=Path("keys"),
        models_dir=Path("models"),
        cache_dir=Path("cache"),
        token="a b",
        max_clients=3,
        governor_max_vram_gb=2.5,
    ),
)


@pytest.mark.parametrize("settings", SETTINGS)
def test_settings_arrive_as_they_were(settings: Settings):
    line = to_line(settings)
    assert line.count("\n") == 1
    assert from_line(line) == settings
