"""The documentation is true: its links lead somewhere, and what it tells people to type works."""

import os
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import pytest

from roomtone import errors
from roomtone.cli import EXIT_INTERRUPTED, main, roomtone
from roomtone.client.private_daemon import PrivateDaemon
from roomtone.settings import read_config
from roomtone.synths import SYNTHS

ROOT: Final = Path(__file__).parent.parent
PAGES: Final = sorted(
    path.relative_to(ROOT)
    for pattern in ("*.md", "docs/**/*.md", "protocol/*.md", "*_client/*.md", "benchmarks/*.md")
    for path in ROOT.glob(pattern)
)
# These begin or end outside of a test: a daemon that serves on, speakers, a minute's walk.
NOT_RUN: Final = ("serve", "play", "demo")
SERVING: Final = Path("docs/serving.md")
README: Final = (ROOT / "README.md").read_text(encoding="utf-8")


def text_of(page: Path) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def fenced(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


def commands(page: Path, program: str, language: str = "sh") -> Iterator[list[str]]:
    """Yield the arguments of every call of `program` in the page's shell examples: `sh` runs as it stands here."""
    for block in fenced(text_of(page), language):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] == [program]:
                yield words[1:]


def anchors(text: str) -> set[str]:
    """Name every heading as GitHub does in links."""
    headings = re.findall(r"^#+ +(.*)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_leads_somewhere(page: Path) -> None:
    prose = re.sub(r"^```.*?^```$", "", text_of(page), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", prose):
        path, _, anchor = target.partition("#")
        found = (ROOT / page).parent / path if path else ROOT / page
        assert found.exists(), f"{page} links to {target}"
        assert not anchor or anchor in anchors(found.read_text(encoding="utf-8")), f"{page} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = [word for words in commands(page, "make") for word in words if "=" not in word]
    assert set(named) <= set(targets)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_command_that_is_shown_is_understood(page: Path) -> None:
    # What stands in `bash` has names in it that only its reader knows.
    for command, *arguments in (*commands(page, "roomtone"), *commands(page, "roomtone", "bash")):
        context = roomtone.commands[command].make_context(command, arguments)
        if isinstance(context.command, click.Group):
            inner, *rest = arguments
            context.command.commands[inner].make_context(inner, rest, parent=context)


@pytest.mark.parametrize("page", [page for page in PAGES if any(commands(page, "roomtone"))], ids=str)
def test_every_command_that_is_shown_works(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "scenes", tmp_path / "scenes")
    (tmp_path / "scenes" / "courtyard.yaml").write_text(fenced(README, "yaml")[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for words in commands(page, "roomtone"):
        if words[0] not in NOT_RUN:
            assert main(words) == 0, (words, capsys.readouterr().err)


@pytest.mark.system
def test_the_first_program_of_a_game_programmer_runs(capfd: pytest.CaptureFixture[str]) -> None:
    (program,) = fenced(README, "python")
    with PrivateDaemon(ROOT / "scenes", token="") as daemon:
        told = program.replace("tcp://127.0.0.1:5570", daemon.endpoint)
        assert told != program
        names: dict[str, object] = {}
        exec(compile(told, "README.md", "exec"), names)
    blocks = names["blocks"]
    assert isinstance(blocks, dict)
    assert {samples.shape[0] for samples in blocks.values()} == {480}
    assert any(samples.any() for samples in blocks.values())


def test_the_table_of_settings_is_the_truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = re.findall(
        r"^\| `(\S+)` \| `ROOMTONE_(\w+)` \| `(\w+)` \| (\S+) \|", text_of(SERVING), flags=re.MULTILINE
    )
    monkeypatch.chdir(tmp_path)
    for variable in [name for name in os.environ if name.startswith("ROOMTONE_")]:
        monkeypatch.delenv(variable)
    context = roomtone.commands["serve"].make_context("serve", [])
    assert {key for *_, key, _ in rows} == set(context.params)
    for flag, variable, key, default in rows:
        (parameter,) = (each for each in context.command.params if each.name == key)
        assert flag in (*parameter.opts, key.upper())
        assert variable == key.upper()
        shown = {"none": None, "off": False}.get(default, default.strip("`"))
        assert str(context.params[key] or shown) == str(shown), flag


def test_the_settings_file_that_is_shown_is_read(tmp_path: Path) -> None:
    (tmp_path / "roomtone.toml").write_text(fenced(text_of(SERVING), "toml")[0], encoding="utf-8")
    read = read_config(tmp_path / "roomtone.toml")
    assert set(read) == {"endpoint", "log", "max_clients", "governor_max_share", "governor_max_vram_gb"}


def test_the_table_of_exit_codes_is_the_truth() -> None:
    shown = {int(code) for code in re.findall(r"^\| (\d+) \|", text_of(SERVING), flags=re.MULTILINE)}
    assert shown == {0, EXIT_INTERRUPTED} | {
        value for name, value in vars(errors).items() if name.startswith("EXIT_")
    }


def test_the_changelog_names_every_synth_and_every_command() -> None:
    changelog = text_of(Path("CHANGELOG.md"))
    for name in (*SYNTHS, *roomtone.commands):
        assert name in changelog
