import builtins
import sys
import time
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest

from roomtone.audio import Samples
from roomtone.errors import SceneErrors, SettingsError
from roomtone.play import play_scene
from roomtone.play.keys import QUIT, UP
from roomtone.play.speaker import Fill, Speaker

SCENE = """\
scene: yard
seed: 5
parameters:
  rain: {default: 0.2, rise_s: 0.2, fall_s: 0.2}
moods:
  storm: {rain: 1}
layers:
  street: {synth: rain, controls: {intensity: rain}, gain_db: {from: rain, curve: [[0, -40], [1, 0]]}}
"""
MORE = SCENE + "  brook: {synth: stream, placement: {kind: point, at_m: [9, 0, 0], near_m: 5, reach_m: 30}}\n"


class Listening:
    """A speaker and a keyboard in one: it listens for a while between any two keys."""

    def __init__(self, script: list[Any]) -> None:
        self.script = script
        self.heard: list[Samples] = []

    def speaker(self, fill: Fill) -> "Listening":
        self.fill = fill
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def listen(self, seconds: float) -> None:
        for _ in range(round(seconds * 100)):
            self.heard.append(self.fill(480))
            time.sleep(0.01)

    def read(self, wait_s: float) -> str:
        self.listen(max(wait_s, 0.4))
        act = self.script.pop(0)
        return act if isinstance(act, str) else act() or ""

    def rms(self, first_s: float, seconds: float) -> float:
        piece = np.concatenate(self.heard)[round(first_s * 48_000) :][: round(seconds * 48_000)]
        return float(np.sqrt(np.mean(piece**2)))


@pytest.fixture
def yard(tmp_path: Path) -> Path:
    path = tmp_path / "yard.yaml"
    path.write_text(SCENE, encoding="utf-8")
    return path


@pytest.mark.system
def test_keys_move_what_is_heard(yard: Path, capsys: pytest.CaptureFixture[str]):
    there = Listening(["", *[UP] * 3, "", "", QUIT])
    assert play_scene(yard, values={"rain": 0.1}, speaker=there.speaker, keyboard=there) == 0
    assert there.rms(2.4, 0.4) > 1.5 * there.rms(0.2, 0.4) > 0.0
    assert "0.25" in capsys.readouterr().out


@pytest.mark.system
def test_an_edit_of_the_file_is_told_and_a_new_layer_is_heard(yard: Path, capsys: pytest.CaptureFixture[str]):
    def edit() -> None:
        yard.write_text(MORE, encoding="utf-8")

    def spoil() -> None:
        yard.write_text(MORE.replace("synth: stream", "synth: straem"), encoding="utf-8")

    there = Listening(["", edit, "", "", "", spoil, "", "", "", QUIT])
    play_scene(yard, values={"rain": 0.0}, speaker=there.speaker, keyboard=there)
    out = capsys.readouterr().out
    assert "edited: new brook" in out
    assert "did you mean 'stream'" in out
    assert there.rms(3.0, 0.5) > 3.0 * there.rms(0.2, 0.4)


def test_a_broken_scene_is_refused_before_anything_starts(tmp_path: Path):
    path = tmp_path / "yard.yaml"
    path.write_text("scene: yard\nlayers: {x: {synth: rian}}\n", encoding="utf-8")
    with pytest.raises(SceneErrors, match="rain"):
        play_scene(path, values={})


def test_without_the_package_playing_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(SettingsError, match=r"pip install 'roomtone\[play\]'.*play\.no-sounddevice"):
        Speaker(lambda frames: np.zeros((frames, 2), np.float32))


def test_without_the_sound_library_playing_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    real_import = builtins.__import__

    def without_portaudio(name: str, *args: Any, **named: Any) -> Any:
        if name == "sounddevice":
            raise OSError("PortAudio library not found")
        return real_import(name, *args, **named)

    monkeypatch.setattr(builtins, "__import__", without_portaudio)
    with pytest.raises(SettingsError, match=r"PortAudio.*play\.no-portaudio"):
        Speaker(lambda frames: np.zeros((frames, 2), np.float32))


class NoDevices:
    """The package sounddevice on a computer without sound."""

    class PortAudioError(Exception):
        pass

    def OutputStream(self, **_: Any) -> None:  # noqa: N802 - its name there
        raise self.PortAudioError("Error querying device -1")


def test_without_a_device_playing_offers_a_file_instead(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "sounddevice", NoDevices())  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match=r"roomtone render.*play\.no-device"):
        Speaker(lambda frames: np.zeros((frames, 2), np.float32))
