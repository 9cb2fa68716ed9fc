"""`roomtone generate`: words to a sound, to a loop, to a scene file; by synths and by a model; wrong input too."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from toy_models import install_noise

from roomtone.audio import Samples
from roomtone.cli import main
from roomtone.errors import EXIT_BAD_DATA, EXIT_CANNOT_CREATE, EXIT_UNAVAILABLE, EXIT_USAGE
from roomtone.layers.match import octave_levels_db
from roomtone.texture.loops import loop_seam
from roomtone.texture.measures import k_weighted_level_db

TIN = "rain on a tin roof with distant thunder and crickets"


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROOMTONE_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("ROOMTONE_CACHE_DIR", str(tmp_path / "cache"))


def generate(*words: str) -> int:
    return main(["generate", *words])


def heard(path: str) -> Samples:
    samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    assert rate_hz == 48_000
    return np.asarray(samples)


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


# By synths ----------------------------------------------------------------------------------------


def test_words_become_a_sound_and_are_accounted_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate(TIN, "-o", "out.wav", "--seconds", "6") == 0
    told = capsys.readouterr()
    assert told.out.split() == ["out.wav"]
    assert all(word in told.err for word in ("tin", "thunder", "crickets", "synths"))
    sound = heard("out.wav")
    assert sound.shape == (6 * 48_000, 2)
    assert -45.0 < k_weighted_level_db(sound) < -10.0
    assert np.abs(sound).max() < 0.9


def test_heavier_words_sound_heavier_and_the_same_words_the_same() -> None:
    for name, prompt in (("light", "light rain"), ("heavy", "torrential rain"), ("again", "light rain")):
        assert generate(prompt, "-o", f"{name}.wav", "--seconds", "4") == 0
    assert octave_levels_db(heard("heavy.wav"))[6] > octave_levels_db(heard("light.wav"))[6] + 3.0
    assert np.array_equal(heard("light.wav"), heard("again.wav"))
    assert generate("light rain", "-o", "other.wav", "--seconds", "4", "--seed", "1") == 0
    assert not np.array_equal(heard("light.wav"), heard("other.wav"))


def test_a_loop_closes_on_itself_and_says_how_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate("wind over a field", "-o", "wind.wav", "--seconds", "6", "--loop", "--json") == 0
    record = said(capsys)
    sound = heard("wind.wav")
    assert 4.0 <= len(sound) / 48_000 <= 6.0
    assert record["seam_percentile"] < 95.0
    assert loop_seam(sound).percentile < 97.0


def test_words_that_no_synth_knows_are_named_and_not_swallowed(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate("rain and a zeppelin", "-o", "out.wav", "--seconds", "1", "--json") == 0
    assert any("zeppelin" in line for line in said(capsys)["understood"])


def test_words_of_which_none_is_known_are_refused_without_a_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate("a zeppelin", "-o", "out.wav") == EXIT_USAGE
    assert "prompt.nothing-known" in capsys.readouterr().err
    assert not Path("out.wav").exists()


# The scene file -----------------------------------------------------------------------------------


def test_a_scene_file_is_written_to_edit_and_can_be_checked_and_rendered(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert generate(TIN, "--scene", "roof.yaml") == 0
    assert main(["check", "roof.yaml"]) == 0
    assert main(["render", "roof.yaml", "-o", "roof.wav", "--seconds", "1"]) == 0
    text = Path("roof.yaml").read_text(encoding="utf-8")
    assert "scene: roof" in text
    assert "synth: rain" in text


def test_with_a_model_the_scene_has_prompts_with_stand_ins(tmp_path: Path) -> None:
    install_noise(tmp_path / "models")
    assert generate("heavy rain on leaves", "--scene", "leaves.yaml") == 0
    text = Path("leaves.yaml").read_text(encoding="utf-8")
    assert "model: noise" in text
    assert "stand_in:" in text
    assert main(["check", "leaves.yaml"]) == 0


def test_a_scene_file_that_somebody_may_have_edited_is_never_replaced() -> None:
    Path("roof.yaml").write_text("mine", encoding="utf-8")
    assert generate(TIN, "--scene", "roof.yaml") == EXIT_CANNOT_CREATE
    assert Path("roof.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["Roof Scene.yaml", "roof.txt", "no_folder/roof.yaml"])
def test_a_scene_file_that_no_scene_could_have_is_refused(name: str) -> None:
    assert generate(TIN, "--scene", name) == EXIT_CANNOT_CREATE


# By a model ---------------------------------------------------------------------------------------


@pytest.mark.system
def test_a_model_makes_it_where_there_is_one_and_the_cache_keeps_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install_noise(tmp_path / "models")
    words = ("heavy rain", "-o", "out.flac", "--seconds", "25", "--variations", "2", "--json")
    assert generate(*words) == 0
    record = said(capsys)
    assert (record["by"], record["seconds"]) == ("noise", 25.0)
    first = heard("out.flac")
    assert k_weighted_level_db(first) == pytest.approx(-23.0, abs=2.0)
    assert main(["cache", "ls", "--cache", str(tmp_path / "cache"), "--json"]) == 0
    assert len(said(capsys)) >= 1
    assert generate(*words) == 0
    assert np.array_equal(heard("out.flac"), first)
    comment = soundfile.SoundFile("out.flac").comment
    assert all(word in comment for word in ("generated", "noise", "CC0", "heavy rain"))


@pytest.mark.system
def test_a_short_loop_is_one_clip_and_a_long_one_is_joined(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install_noise(tmp_path / "models")
    for seconds in ("4", "14"):
        assert generate("rain", "-o", "loop.wav", "--seconds", seconds, "--loop", "--json") == 0
        record = said(capsys)
        assert record["by"] == "noise"
        assert record["seam_percentile"] < 95.0
        assert len(heard("loop.wav")) <= int(seconds) * 48_000


@pytest.mark.system
def test_a_model_that_makes_nothing_ends_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install_noise(tmp_path / "models", batch=1)
    assert generate("silent night", "-o", "out.wav", "--seconds", "5") == EXIT_UNAVAILABLE
    assert "clip.silent" in capsys.readouterr().err
    assert not Path("out.wav").exists()


def test_synths_can_be_insisted_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install_noise(tmp_path / "models")
    assert generate("rain", "-o", "out.wav", "--seconds", "1", "--synths", "--json") == 0
    assert said(capsys)["by"] == "synths"


# Wrong --------------------------------------------------------------------------------------------


def test_of_several_models_one_must_be_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("noise", "other"):
        install_noise(tmp_path / "models", name)
    assert generate("rain", "-o", "out.wav") == EXIT_USAGE
    assert "noise, other" in capsys.readouterr().err
    assert generate("rain", "-o", "out.wav", "--model", "nois") == EXIT_UNAVAILABLE
    assert "did you mean 'noise'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("rain",), EXIT_USAGE),
        (("rain", "-o", "out.wav", "--seconds", "0"), EXIT_USAGE),
        (("rain", "-o", "out.mp3"), EXIT_CANNOT_CREATE),
        (("rain", "-o", "nowhere/out.wav"), EXIT_CANNOT_CREATE),
        (("rain", "-o", "loop.mp3", "--loop"), EXIT_CANNOT_CREATE),
        (("x" * 501, "-o", "out.wav"), EXIT_BAD_DATA),
        (("rain\x07", "-o", "out.wav"), EXIT_BAD_DATA),
    ],
)
def test_what_cannot_be_made_is_refused_before_any_work(words: tuple[str, ...], code: int) -> None:
    assert generate(*words) == code
    assert list(Path().glob("out*")) == []
