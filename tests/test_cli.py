"""The commands say what they expect, do it, and end with a code that scripts can use."""

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import zmq.auth

from roomtone import daemon, supervisor
from roomtone.audio_files import read_clip
from roomtone.cli import main
from roomtone.dsp import kernel_cache
from roomtone.settings import Settings
from roomtone.synths import SYNTHS

COMMANDS = (
    "demo",
    "serve",
    "play",
    "check",
    "render",
    "synths",
    "synth",
    "generate",
    "explore",
    "bake",
    "models",
    "bench-models",
    "cache",
    "keys",
    "doctor",
)
SLOW_TO_IMPORT = (
    "numba",
    "numpy",
    "zmq",
    "pydantic",
    "soundfile",
    "structlog",
    "watchdog",
    "yaml",
    "msgpack",
)

SCENE = """\
scene: yard
parameters:
  rain: {default: 0.2}
layers:
  street:
    synth: rain
    controls: {intensity: rain}
    gain_db: -6
    placement: {kind: bed}
"""


@pytest.fixture(autouse=True)
def yard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project with one scene, as the current folder and without settings from outside."""
    for name in list(os.environ):
        if name.startswith("ROOMTONE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    scenes = tmp_path / "scenes"
    scenes.mkdir()
    (scenes / "yard.yaml").write_text(SCENE)
    return scenes / "yard.yaml"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


# Help -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], command: str) -> None:
    code, out, _ = run(capsys, command, "--help")
    assert code == 0
    assert out.startswith(f"Usage: roomtone {command}")


def test_help_lists_every_command_with_a_whole_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "--help")
    listed = out.split("Commands:")[1].splitlines()
    for command in COMMANDS:
        (line,) = (line for line in listed if line.split()[:1] == [command])
        assert line.endswith(".")
        assert not line.endswith("...")


def test_help_waits_for_nothing_that_is_slow_to_import() -> None:
    code = f"import sys, roomtone.cli; print(*set({SLOW_TO_IMPORT}) & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""


# Mistakes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "Usage: roomtone"),
        (["synt"], "No such command 'synt'"),
        (["synth", "rain"], "Missing option '-o'"),
        (["synth", "rain", "-o", "a.wav", "--seconds", "-1"], "0.01<=x<="),
        (["synth", "rain", "-o", "a.wav", "--set", "intensity"], "is not NAME=NUMBER, e.g. "),
        (["synth", "rain", "-o", "a.wav", "--set", "intensity=much"], "'much' is not a number"),
        (["synth", "rain", "-o", "a.wav", "--set", "intensity=nan"], "'nan' is not a number"),
        (["synth", "rain", "-o", "a.wav", "--at", "intensity=1"], "is not SECONDS:NAME=NUMBER"),
        (["synth", "rain", "-o", "a.wav", "--at", "-1:intensity=1"], "before the beginning"),
        (["serve", "--log", "loud"], "'auto', 'human', 'json'"),
    ],
)
def test_a_wrong_command_line_is_told_what_was_expected(
    capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    code, out, err = run(capsys, *arguments)
    assert code == 64
    assert expected in err
    assert out == ""


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (["synth", "rian", "-o", "a.wav"], 64, "did you mean 'rain'?"),
        (["synth", "rain", "-o", "a.mp3"], 73, "end it in .wav or .flac"),
        (["synth", "rain", "-o", "none/a.wav"], 73, "make it first"),
        (["synths", "rian"], 64, "did you mean 'rain'?"),
        (["render", "yrad", "-o", "a.wav"], 66, "did you mean 'yard'?"),
        (["render", "none/yard.yaml", "-o", "a.wav"], 66, "there is no file"),
        (["render", "yard", "-o", "a.wav", "--set", "rian=1"], 65, "did you mean 'rain'?"),
        (["serve", "nowhere"], 78, "there is no folder 'nowhere'"),
        (["serve", "--endpoint", "127.0.0.1:5570"], 78, "tcp://HOST:PORT"),
        (["serve", "--endpoint", "tcp://0.0.0.0:5570"], 78, "settings.not-loopback"),
        (["serve", "--endpoint", "tcp://*:5570"], 78, "settings.not-loopback"),
        (["serve", "--endpoint", "tcp://game.example:5570"], 78, "settings.not-loopback"),
        (["serve", "--keys", "nowhere"], 78, "roomtone keys nowhere"),
        (["serve", "--config", "none.toml"], 78, "check --config"),
    ],
)
def test_what_cannot_be_done_is_answered_with_what_to_do(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, expected: str
) -> None:
    ended, out, err = run(capsys, *arguments)
    assert ended == code
    assert err.startswith("error: ")
    assert expected in err
    assert out == ""


def test_scripts_read_errors_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "synth", "rian", "-o", "a.wav", "--json")
    (error,) = json.loads(out)["errors"]
    assert (code, err, error["code"]) == (64, "", "synth.unknown")


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "roomtone", "synths"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        process.wait()


@pytest.mark.parametrize(
    "command", [["synths"], ["doctor", "--endpoint", "tcp://127.0.0.1:*"], ["serve", "--help"]]
)
def test_a_pipe_that_lacks_a_letter_is_no_error(command: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "roomtone", *command],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, b"")


# Scenes and sounds ----------------------------------------------------------------------------


def test_a_good_scene_is_called_good(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "check", "scenes/yard.yaml")
    assert (code, err) == (0, "")
    assert "yard.yaml: good" in out


def test_every_mistake_is_shown_with_its_line_and_column(
    capsys: pytest.CaptureFixture[str], yard: Path
) -> None:
    yard.write_text(SCENE.replace("synth: rain", "synth: rian").replace("gain_db: -6", "gain_db: loud"))
    code, out, err = run(capsys, "check", "scenes")
    assert (code, out) == (65, "")
    assert f"{Path('scenes/yard.yaml')}:6:12: " in err
    assert f"{Path('scenes/yard.yaml')}:8:14: " in err
    assert "did you mean 'rain'?" in err


def test_scripts_read_mistakes_as_json(capsys: pytest.CaptureFixture[str], yard: Path) -> None:
    yard.with_name("pond.yaml").write_text(
        SCENE.replace("yard", "pond").replace("rain: {", "rain: {rise: 3, ")
    )
    code, out, _ = run(capsys, "check", "--json", "scenes")
    found = json.loads(out)
    assert code == 65
    assert found[str(Path("scenes/yard.yaml"))] == []
    assert found[str(Path("scenes/pond.yaml"))][0]["at"].endswith("pond.yaml:3:10")


def test_a_scene_is_rendered_by_name_with_stems(capsys: pytest.CaptureFixture[str]) -> None:
    line = "render yard -o mix.wav --seconds 0.5 --seed 3 --set rain=0.9 --at 0.2:rain=0.1 --stems stems"
    code, out, err = run(capsys, *line.split())
    assert code == 0
    assert out.split() == ["mix.wav", str(Path("stems/street.wav"))]
    assert "0.5 s in" in err
    assert read_clip(Path("mix.wav")).shape == read_clip(Path("stems/street.wav")).shape == (24_000, 2)


def test_a_synth_is_rendered_and_scripts_learn_how_it_went(capsys: pytest.CaptureFixture[str]) -> None:
    line = "synth fire -o fire.flac --seconds 0.5 --set size=1 --json"
    code, out, err = run(capsys, *line.split())
    record = json.loads(out)
    assert (code, err) == (0, "")
    assert record["files"] == ["fire.flac"]
    assert record["seconds"] == 0.5
    assert read_clip(Path("fire.flac")).shape == (24_000, 1)


def test_every_synth_is_listed_with_what_its_controls_mean(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "synths")
    for synth in SYNTHS.values():
        assert synth.summary in out
        for control in synth.controls:
            assert control.at_1 in out
    _, out, _ = run(capsys, "synths", "--json")
    assert [synth["name"] for synth in json.loads(out)] == list(SYNTHS)


# The daemon's settings ------------------------------------------------------------------------


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """What the daemon would have been told."""
    told: list[Settings] = []
    monkeypatch.setattr(daemon, "serve", lambda settings: told.append(settings) or 0)
    monkeypatch.setattr(supervisor, "supervise", lambda settings: told.append(settings) or 0)
    return told


def test_without_a_word_a_daemon_serves_the_scenes_here_to_this_computer(served: list[Settings]) -> None:
    assert main(["serve"]) == 0
    assert served == [Settings(scenes_dir=Path("scenes"))]


def test_a_flag_beats_the_environment_which_beats_the_file_which_beats_the_default(
    served: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("roomtone.toml").write_text("linger_s = 1\nmax_clients = 1\ntoken = 'file'\nscenes_dir = 'scenes'\n")
    monkeypatch.setenv("ROOMTONE_MAX_CLIENTS", "2")
    monkeypatch.setenv("ROOMTONE_TOKEN", "environment")
    assert main(["serve", "--token", "flag", "--supervise"]) == 0
    (told,) = served
    assert (told.linger_s, told.max_clients, told.token, told.log) == (1.0, 2, "flag", "auto")


def test_every_setting_can_stand_in_the_file(
    served: list[Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "keys", "curve")
    Path("game.toml").write_text(
        "scenes_dir = 'scenes'\nendpoint = 'tcp://[::]:1'\nkeys = 'curve'\ntoken = 't'\nlog = 'json'\n"
        "log_level = 'debug'\nlinger_s = 2.5\nmax_clients = 3\nsupervise = true\n"
    )
    assert main(["serve", "--config", "game.toml"]) == 0
    assert served == [
        Settings(
            scenes_dir=Path("scenes"),
            endpoint="tcp://[::]:1",
            keys_dir=Path("curve"),
            token="t",
            log="json",
            log_level="debug",
            linger_s=2.5,
            max_clients=3,
        )
    ]


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("endpont = 'tcp://127.0.0.1:1'", 78, "did you mean 'endpoint'?"),
        ("endpoint = ", 78, "settings.config-syntax"),
        ("token = ['a']", 78, "settings.config-type"),
        ("max_clients = 'many'", 64, "'many' is not a valid integer"),
        ("linger_s = -1", 64, "0<=x<=3600"),
    ],
)
def test_a_wrong_settings_file_is_told_what_was_expected(
    served: list[Settings], capsys: pytest.CaptureFixture[str], text: str, code: int, expected: str
) -> None:
    Path("roomtone.toml").write_text(text)
    ended, _, err = run(capsys, "serve")
    assert (ended, served) == (code, [])
    assert expected in err


def test_a_token_is_not_shown_where_settings_are() -> None:
    assert "secret" not in repr(Settings(scenes_dir=Path(), token="secret"))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "[::1]", "localhost"])
def test_this_computer_needs_no_keys(served: list[Settings], host: str) -> None:
    assert main(["serve", "--endpoint", f"tcp://{host}:*"]) == 0
    assert len(served) == 1


def test_the_first_start_compiles_the_sounds_before_it_serves_and_says_so(
    served: list[Settings], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(kernel_cache, "is_warm", lambda: False)
    monkeypatch.setattr(subprocess, "run", lambda command, **_: commands.append(command))
    code, _, said = run(capsys, "serve")
    assert (code, len(served)) == (0, 1)
    assert [command[-2:] for command in commands] == [["doctor", "--warm"]]
    assert "compiling" in said


# Keys and doctor ------------------------------------------------------------------------------


def test_keys_are_readable_by_zmq_and_by_their_owner_only(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "keys", "curve")
    assert code == 0
    for path in map(Path, out.split()):
        public, secret = zmq.auth.load_certificate(path)
        assert len(public) == 40
        assert (secret is not None) == path.name.endswith("_secret")
        assert sys.platform == "win32" or stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(path.name for path in Path("curve/clients").iterdir()) == ["client.key"]


def test_keys_are_never_replaced_without_force(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "keys", "curve")
    before = Path("curve/server.key_secret").read_text()
    code, _, err = run(capsys, "keys", "curve")
    assert code == 73
    assert "--force" in err
    assert Path("curve/server.key_secret").read_text() == before
    assert run(capsys, "keys", "curve", "--force")[0] == 0
    assert Path("curve/server.key_secret").read_text() != before


def test_a_second_client_gets_keys_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "keys", "curve")
    before = Path("curve/server.key_secret").read_text()
    code, _, _ = run(capsys, "keys", "curve", "--client", "console")
    assert code == 0
    assert Path("curve/server.key_secret").read_text() == before
    assert sorted(path.name for path in Path("curve/clients").iterdir()) == ["client.key", "console.key"]


@pytest.mark.parametrize("name", ["server", "../x", "", "a b"])
def test_a_client_needs_a_name_that_can_name_a_file(capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, _, err = run(capsys, "keys", "curve", "--client", name)
    assert code == 73
    assert "keys.name" in err


def test_the_doctor_looks_at_everything(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "doctor", "--json", "--endpoint", "tcp://127.0.0.1:*")
    found = {finding["topic"]: finding for finding in json.loads(out)}
    assert code == 0
    assert found["packages"]["verdict"] == "good"
    assert found["address"]["verdict"] == "good"
    assert found["scenes in scenes"]["what"] == "1, all good"
    assert {"python", "kernel cache", "kernels", "speakers"} <= set(found)


def test_the_doctor_finds_a_broken_scene_and_says_how_to_learn_more(
    capsys: pytest.CaptureFixture[str], yard: Path
) -> None:
    yard.write_text("scene: [")
    code, out, _ = run(capsys, "doctor")
    assert code == 69
    assert "yard cannot be read" in out
    assert "roomtone check scenes" in out


def test_the_doctor_finds_a_taken_address(capsys: pytest.CaptureFixture[str]) -> None:
    with zmq.Context() as context, context.socket(zmq.ROUTER) as taken:
        port = taken.bind_to_random_port("tcp://127.0.0.1")
        code, out, _ = run(capsys, "doctor", "--endpoint", f"tcp://127.0.0.1:{port}")
    assert code == 0
    assert "is taken" in out


def test_the_command_is_installed_under_its_name() -> None:
    assert shutil.which("roomtone", path=str(Path(sys.executable).parent))
