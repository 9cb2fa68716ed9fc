"""Tiny checkpoints: small, the same for a seed, laid out as the real ones."""

import json
import sys
from pathlib import Path

import pytest
from conftest import Tiny

from roomtone.models.adapters.tiny.__main__ import BUILDERS, build, main

MINE = ["audioldm2", "stable_audio", "stable_audio3", "clap"]
LAYOUT = {
    "audioldm2": {
        "feature_extractor",
        "language_model",
        "projection_model",
        "scheduler",
        "text_encoder",
        "text_encoder_2",
        "tokenizer",
        "tokenizer_2",
        "unet",
        "vae",
        "vocoder",
    },
    "stable_audio": {"projection_model", "scheduler", "text_encoder", "tokenizer", "transformer", "vae"},
    "stable_audio3": {"duration_embedder", "scheduler", "text_encoder", "tokenizer", "transformer", "vae"},
    "clap": set(),
}


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("family", MINE)
def test_a_tiny_checkpoint_is_small_and_laid_out_as_the_real_one(tiny: Tiny, family: str):
    folder = tiny(family)
    assert sum(len(each) for each in content(folder).values()) < 5_000_000
    assert {path.name for path in folder.iterdir() if path.is_dir()} == LAYOUT[family]
    if family != "clap":
        parts = json.loads((folder / "model_index.json").read_text(encoding="utf-8"))
        assert LAYOUT[family] == {name for name in parts if not name.startswith("_")}


def test_the_language_model_is_named_as_on_the_hub(tiny: Tiny):
    """A plain GPT-2, which the library cannot use any more, and the adapter can."""
    index = json.loads((tiny("audioldm2") / "model_index.json").read_text(encoding="utf-8"))
    assert index["language_model"] == ["transformers", "GPT2Model"]


@pytest.mark.parametrize("family", MINE)
def test_a_seed_is_always_the_same_checkpoint(tiny: Tiny, family: str, tmp_path: Path):
    build(family, tmp_path / "again")
    build(family, tmp_path / "other", seed=1)
    assert content(tiny(family)) == content(tmp_path / "again")
    assert content(tiny(family)) != content(tmp_path / "other")


def test_the_command_writes_what_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "argv", ["tiny", str(tmp_path), "clap", "--seed", "3"])
    main()
    build("clap", tmp_path / "same", seed=3)
    assert {path.name for path in tmp_path.iterdir()} == {"clap", "same"}
    assert content(tmp_path / "clap") == content(tmp_path / "same")


def test_the_command_refuses_what_it_does_not_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys, "argv", ["tiny", str(tmp_path), "clop"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    complaint = capsys.readouterr().err
    assert all(name in complaint for name in ("clop", *BUILDERS))
    assert not list(tmp_path.iterdir())
