"""`roomtone cache`: what there is, whether it is whole, and making room, for people and for scripts."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from clips_to_keep import is_whole, key, latent, put

from roomtone import cli
from roomtone.cache.key import key_of
from roomtone.cache.store import Cache
from roomtone.cli import main
from roomtone.cli.caching import cache as cache_group

COMMANDS = ("ls", "verify", "prune", "export", "import", "pin", "unpin")


@pytest.fixture(autouse=True)
def kept(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cache:
    """Three clips, and the cache's folder in the environment."""
    monkeypatch.setitem(cli.roomtone.commands, "cache", cache_group)
    monkeypatch.setenv("ROOMTONE_CACHE_DIR", str(root))
    cache = Cache(root)
    put(cache, 1)
    put(cache, 2, latent=latent(tmp_path), model="audiogen", prompt="Wind in leaves")
    put(cache, 3, prompt="rain on\x1b[31m tin")
    return cache


KEYS = (key(1), key(2, model="audiogen", prompt="Wind in leaves"), key(3, prompt="rain on\x1b[31m tin"))


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["cache", *map(str, arguments)])
    out, err = capsys.readouterr()
    return code, out, err


def answer(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> Any:
    found, out, err = run(capsys, *arguments, "--json")
    assert found == code
    assert err == ""
    return json.loads(out)


def damage(root: Path) -> str:
    path = next(root.rglob("*.flac"))
    path.write_bytes(bytes(path.stat().st_size))
    return path.stem


# Help -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], command: str) -> None:
    code, out, _ = run(capsys, command, "--help")
    assert code == 0
    assert out.startswith(f"Usage: roomtone cache {command}")
    assert "--json" in out
    assert "ROOMTONE_CACHE_DIR" in out


def test_help_lists_every_command_with_a_whole_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "--help")
    listed = out.split("Commands:")[1].splitlines()
    for command in COMMANDS:
        (line,) = (line for line in listed if line.split()[:1] == [command])
        assert line.endswith(".")
        assert not line.endswith("...")


@pytest.mark.system
def test_help_waits_for_nothing_that_is_slow_to_import() -> None:
    code = "import sys, roomtone.cli.caching; print(*{'numpy', 'soundfile', 'sqlite3', 'psutil'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""


# ls -------------------------------------------------------------------------------------------


def test_ls_lists_what_there_is(capsys: pytest.CaptureFixture[str], kept: Cache) -> None:
    kept.pin(KEYS[1])
    code, out, err = run(capsys, "ls")
    assert code == 0
    lines = out.splitlines()
    assert [line.split()[0].rstrip("*") for line in lines] == [each[:12] for each in KEYS]
    assert [line[12] for line in lines] == [" ", "*", " "]
    assert re.search(r" 0\.1 s +\d+\.\d kB +now  audiogen  Wind in leaves$", lines[1])
    assert re.fullmatch(r"3 clips, \d+\.\d kB\n", err)
    # A prompt is somebody's text: a terminal must not obey it.
    assert "\x1b" not in out
    assert lines[2].endswith(r'"rain on\u001b[31m tin"')


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ((), KEYS),
        (("--model", "AudioGen"), KEYS[1:2]),
        (("--prompt", "rain"), (KEYS[0], KEYS[2])),
        (("--prompt", "wind", "--model", "audiogen"), KEYS[1:2]),
        (("--prompt", "wind", "--model", "audioldm2"), ()),
    ],
)
def test_ls_finds_by_model_and_prompt(
    capsys: pytest.CaptureFixture[str], filters: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert [clip["key"] for clip in answer(capsys, "ls", *filters)] == list(expected)


def test_ls_says_to_scripts_what_is_kept(capsys: pytest.CaptureFixture[str], kept: Cache) -> None:
    kept.pin(KEYS[0])
    kept.lease("daemon", [KEYS[1]], seconds=60.0)
    clips = answer(capsys, "ls")
    assert [(clip["pinned"], clip["leased"]) for clip in clips] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert clips[1]["model"] == "audiogen"
    assert clips[1]["latent"] != ""
    assert clips[0]["size_bytes"] > 1_000


def test_a_flag_comes_before_the_environment(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    put(Cache(tmp_path / "other"), 9)
    assert [clip["key"] for clip in answer(capsys, "ls", "--cache", tmp_path / "other")] == [key(9)]


# verify and prune -----------------------------------------------------------------------------


def test_verify_of_a_whole_cache_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "verify")
    assert (code, out) == (0, "")
    assert re.fullmatch(r"3 clips, \d+\.\d kB good, 0 damaged\n", err)
    assert answer(capsys, "verify")["damaged"] == []


def test_verify_names_the_damage_and_ends_with_65(capsys: pytest.CaptureFixture[str], root: Path) -> None:
    digest = damage(root)
    code, out, err = run(capsys, "verify")
    assert code == 65
    assert digest in out
    assert "[cache.damaged]" in out
    assert "1 damaged" in err
    assert run(capsys, "verify")[0] == 0
    damage(root)
    (found,) = answer(capsys, "verify", code=65)["damaged"]
    assert found["code"] == "cache.damaged"
    assert found["key"] in KEYS


def test_prune_evicts_down_to_a_size(capsys: pytest.CaptureFixture[str], kept: Cache) -> None:
    kept.pin(KEYS[0])
    would = answer(capsys, "prune", "--max-gb", "0", "--dry-run")
    assert (would["keys"], would["dry_run"]) == ([KEYS[1], KEYS[2]], True)
    assert len(kept.all_keys()) == 3
    code, out, err = run(capsys, "prune", "--max-gb", "0")
    assert code == 0
    assert out.splitlines() == [KEYS[1], KEYS[2]]
    assert err.startswith("2 clips evicted, ")
    assert kept.all_keys() == [KEYS[0]]


def test_prune_spares_what_was_used_lately(capsys: pytest.CaptureFixture[str], kept: Cache) -> None:
    assert answer(capsys, "prune", "--older-than", "1")["keys"] == []
    assert len(answer(capsys, "prune", "--older-than", "0")["keys"]) == 3


# export and import ----------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["clips.zip", "clips"])
def test_clips_go_to_another_cache(capsys: pytest.CaptureFixture[str], tmp_path: Path, target: str) -> None:
    code, out, err = run(capsys, "export", tmp_path / target, KEYS[0][:8], KEYS[1].upper())
    assert code == 0
    assert out.strip() == str(tmp_path / target)
    assert err.startswith("2 clips, ")
    other = tmp_path / "other"
    code, out, err = run(capsys, "import", tmp_path / target, "--cache", other)
    assert (code, out) == (0, "")
    assert re.fullmatch(r"2 clips taken, \d+\.\d kB; 0 were there; 0 refused\n", err)
    assert is_whole(Cache(other), 1)
    imported = answer(capsys, "import", tmp_path / target, "--cache", other)
    assert imported["keys"] == []
    assert set(imported["known"]) == {KEYS[0], KEYS[1]}


def test_export_without_keys_takes_all(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert set(answer(capsys, "export", tmp_path / "clips.zip")["keys"]) == set(KEYS)


def test_import_of_a_bad_clip_takes_the_others_and_ends_with_65(
    capsys: pytest.CaptureFixture[str], root: Path, tmp_path: Path
) -> None:
    damage(root)
    code, out, err = run(capsys, "import", root, "--cache", tmp_path / "other")
    assert code == 65
    assert out.count("[cache.damaged]") == 1
    assert "2 clips taken" in err
    assert len(answer(capsys, "import", root, "--cache", tmp_path / "third", code=65)["refused"]) == 1


# pin and unpin --------------------------------------------------------------------------------


def test_pin_and_unpin_take_the_beginning_of_a_key(capsys: pytest.CaptureFixture[str], kept: Cache) -> None:
    code, out, _ = run(capsys, "pin", KEYS[0][:6], KEYS[1])
    assert code == 0
    assert out == f"pinned {KEYS[0]}\npinned {KEYS[1]}\n"
    assert kept.pinned() == {KEYS[0], KEYS[1]}
    assert answer(capsys, "unpin", KEYS[0][:10]) == {"unpinned": [KEYS[0]]}
    assert kept.pinned() == {KEYS[1]}


def test_a_pin_that_has_outlived_its_clip_can_be_taken_off(
    capsys: pytest.CaptureFixture[str], kept: Cache, root: Path
) -> None:
    kept.pin(KEYS[0])
    (root / "actions" / KEYS[0][:2] / f"{KEYS[0]}.json").unlink()
    assert run(capsys, "unpin", KEYS[0][:6])[0] == 0
    assert kept.pinned() == set()


# Mistakes -------------------------------------------------------------------------------------


def twins(kept: Cache) -> str:
    """Put clips until two keys begin alike, with six digits made alike by choice of recipes."""
    seen: dict[str, int] = {}
    for seed in range(100_000):
        begin = key(seed)[:6]
        if begin in seen:
            put(kept, seen[begin])
            put(kept, seed)
            return begin
        seen[begin] = seed
    raise AssertionError("no two keys begin alike")


def test_a_beginning_that_fits_two_keys_is_refused(capsys: pytest.CaptureFixture[str], kept: Cache) -> None:
    begin = twins(kept)
    code, _, err = run(capsys, "pin", begin)
    assert code == 66
    assert "cache.ambiguous-key" in err
    assert kept.pinned() == set()


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (["pin", "abcde"], 64, "6 to 64 hexadecimal digits"),
        (["pin", "../../etc"], 64, "6 to 64 hexadecimal digits"),
        (["pin"], 64, "Missing argument"),
        (["pin", "0" * 64], 66, "cache.unknown-key"),
        (["unpin", "0" * 6], 66, "cache.unknown-key"),
        (["export", "clips.zip", "0" * 6], 66, "cache.unknown-key"),
        (["export", "none/clips.zip"], 73, "output.failed"),
        (["import", "none.zip"], 66, "cache.no-source"),
        (["prune", "--max-gb", "-1"], 64, "not a number from 0"),
        (["prune", "--max-gb", "nan"], 64, "not a number from 0"),
        (["prune", "--max-gb", "inf"], 64, "not a number from 0"),
        (["prune", "--older-than", "week"], 64, "not a number from 0"),
        (["ls", "--cache", "nowhere"], 66, "cache.missing"),
        (["verify", "--cache", "nowhere"], 66, "cache.missing"),
        (["prune", "--cache", "nowhere"], 66, "cache.missing"),
        (["pin", "--cache", "nowhere", "0" * 6], 66, "cache.missing"),
        (["export", "--cache", "nowhere", "clips.zip"], 66, "cache.missing"),
    ],
)
def test_a_mistake_is_told_with_its_code(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    expected: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    found, out, err = run(capsys, *arguments)
    assert found == code
    assert expected in err
    assert out == ""
    assert sorted(tmp_path.rglob("*")) == before


def test_scripts_are_told_of_mistakes_in_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (error,) = answer(capsys, "ls", "--cache", tmp_path / "nowhere", code=66)["errors"]
    assert error["code"] == "cache.missing"
    assert error["at"] == str(tmp_path / "nowhere")
    assert error["fix"]


def test_keys_on_the_command_line_are_those_of_recipes(
    capsys: pytest.CaptureFixture[str], kept: Cache
) -> None:
    entry = kept.find(KEYS[0])
    assert entry is not None
    assert key_of(entry.recipe) == answer(capsys, "ls")[0]["key"]
