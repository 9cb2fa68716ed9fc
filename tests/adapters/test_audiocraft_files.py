"""Checkpoints of audiocraft's: whole ones load from their folder alone, others are refused by name, none runs code."""

import os
import pickle
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from omegaconf import OmegaConf
from safetensors import safe_open
from token_runs import Tiny, make_one

from roomtone.errors import ModelError
from roomtone.models.adapters.audiocraft_codec import load_codec
from roomtone.models.adapters.audiocraft_files import read_checkpoint
from roomtone.models.adapters.audiocraft_stand_ins import Spectrogram, stand_ins
from roomtone.models.adapters.audiogen import AudioGen
from roomtone.models.adapters.convert_audiocraft import to_safetensors
from roomtone.models.adapters.musicgen import MusicGen
from roomtone.models.adapters.tiny.__main__ import build

Edit = Callable[[dict[str, Any]], Any]


@pytest.fixture
def folder(tiny: Tiny, tmp_path: Path) -> Path:
    """A tiny AudioGen that a test may damage."""
    return Path(shutil.copytree(tiny("audiogen"), tmp_path / "model"))


def load(folder: Path, **options: Any) -> AudioGen:
    return AudioGen(str(folder), device="cpu", options=options)


def refusal(folder: Path, kind: type = AudioGen, **options: Any) -> ModelError:
    with pytest.raises(ModelError) as caught:
        kind(str(folder), device="cpu", options=options)
    assert caught.value.what
    assert caught.value.at
    assert caught.value.fix
    return caught.value


def edit(path: Path, change: Edit) -> None:
    contents = torch.load(path, weights_only=True)
    other = change(contents)
    torch.save(other if isinstance(other, list) else contents, path)


def set_in_config(name: str, value: Any) -> Edit:
    def change(contents: dict[str, Any]) -> None:
        config = OmegaConf.create(contents["xp.cfg"])
        OmegaConf.update(config, name, value)
        contents["xp.cfg"] = OmegaConf.to_yaml(config)

    return change


# Tiny ones ------------------------------------------------------------------------------------


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("family", ["audiogen", "musicgen", "musicgen_stereo", "encodec"])
def test_a_tiny_checkpoint_is_small_and_always_the_same_for_a_seed(tiny: Tiny, family: str, tmp_path: Path):
    state = torch.get_rng_state()
    build(family, tmp_path / "again")
    build(family, tmp_path / "other", seed=1)
    assert sum(len(each) for each in content(tiny(family)).values()) < 5_000_000
    assert content(tmp_path / "again") == content(tiny(family))
    assert content(tmp_path / "other") != content(tiny(family))
    assert torch.equal(torch.get_rng_state(), state)


# What is refused ------------------------------------------------------------------------------


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path):
    assert refusal(tmp_path / "nowhere").code == "model.no-folder"


@pytest.mark.parametrize("part", ["state_dict.bin", "compression_state_dict.bin", "t5", "t5/config.json"])
def test_a_model_with_a_part_missing_is_refused_by_the_name_of_the_part(folder: Path, part: str):
    path = folder / part
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    error = refusal(folder)
    assert error.code == "model.incomplete"
    assert Path(part).stem in str(error)


@pytest.mark.parametrize("part", ["state_dict.bin", "compression_state_dict.bin"])
@pytest.mark.parametrize("kept", [0, 100, 0.5, 0.99])
def test_a_file_that_is_cut_short_is_refused(folder: Path, part: str, kept: float):
    whole = (folder / part).read_bytes()
    (folder / part).write_bytes(whole[: int(kept if kept > 1 else kept * len(whole))])
    error = refusal(folder)
    assert error.code == "model.damaged"
    assert part in error.at


@pytest.mark.parametrize(
    "change",
    [
        lambda _: ["no", "dict"],
        lambda contents: contents.pop("best_state"),
        lambda contents: contents.pop("xp.cfg"),
        lambda contents: contents.update({"xp.cfg": "a: ["}),
        lambda contents: contents.update({"xp.cfg": "- a"}),
        lambda contents: contents.update({"xp.cfg": "a: " + "b" * 300_000}),
        lambda contents: contents["best_state"].update({"emb.0.weight": 3}),
        lambda contents: contents["best_state"].pop("emb.0.weight"),
        lambda contents: contents["best_state"].update({"emb.1.weight": torch.zeros(3)}),
        set_in_config("transformer_lm", None),
        set_in_config("dataset.segment_duration", -1),
        set_in_config("dataset.segment_duration", "long"),
    ],
)
def test_a_file_that_holds_something_else_is_refused(folder: Path, change: Edit):
    edit(folder / "state_dict.bin", change)
    error = refusal(folder)
    assert error.code == "model.damaged"
    assert "state_dict.bin" in error.at


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("transformer_lm.dim", 1 << 30),
        ("transformer_lm.card", 1 << 30),
        ("transformer_lm.num_layers", 1 << 20),
        ("transformer_lm.n_q", 1 << 20),
        ("transformer_lm.hidden_scale", 1 << 30),
    ],
)
def test_settings_that_ask_for_more_memory_than_the_weights_have_are_refused_before_it_is_taken(
    folder: Path, name: str, value: int
):
    edit(folder / "state_dict.bin", set_in_config(name, value))
    error = refusal(folder)
    assert error.code == "model.damaged"
    assert "do not fit" in error.what


@pytest.mark.parametrize("name", ["seanet.n_filters", "seanet.dimension", "rvq.bins", "rvq.n_q"])
def test_the_codecs_settings_are_held_against_its_weights_as_well(folder: Path, name: str):
    edit(folder / "compression_state_dict.bin", set_in_config(name, 1 << 30))
    assert refusal(folder).code == "model.damaged"


class Trap:
    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, (str(self.marker),))


@pytest.mark.parametrize("place", ["xp.cfg", "best_state", "version"])
@pytest.mark.parametrize("part", ["state_dict.bin", "compression_state_dict.bin"])
def test_a_file_that_would_run_code_is_refused_and_runs_none(
    folder: Path, tmp_path: Path, part: str, place: str
):
    edit(folder / part, lambda contents: contents.update({place: Trap(tmp_path / "sprung")}))
    error = refusal(folder)
    assert error.code == "model.unsafe"
    assert "mkdir" in error.what
    with pytest.raises(ModelError, match=r"model\.unsafe"):
        to_safetensors(folder)
    assert not (tmp_path / "sprung").exists()
    # The trap does spring where nobody looks.
    torch.load(folder / part, weights_only=False)
    assert (tmp_path / "sprung").exists()


def test_a_bare_pickle_that_would_run_code_is_refused(folder: Path, tmp_path: Path):
    (folder / "state_dict.bin").write_bytes(pickle.dumps(Trap(tmp_path / "sprung"), protocol=2))
    assert refusal(folder).code == "model.unsafe"
    assert not (tmp_path / "sprung").exists()


def test_the_model_of_another_family_is_refused(tiny: Tiny, folder: Path):
    assert refusal(tiny("musicgen")).code == "model.wrong-family"
    assert refusal(folder, MusicGen).code == "model.wrong-family"
    edit(folder / "state_dict.bin", set_in_config("lm_model", "transformer_lm_magnet"))
    error = refusal(folder)
    assert error.code == "model.wrong-family"
    assert "magnet" in error.what


def test_another_codec_than_encodec_is_refused(folder: Path):
    edit(folder / "compression_state_dict.bin", set_in_config("compression_model", "dac"))
    assert refusal(folder).code == "model.wrong-family"


def test_a_codec_that_has_a_level_for_each_sound_is_refused(folder: Path):
    edit(folder / "compression_state_dict.bin", set_in_config("encodec.renormalize", True))
    assert refusal(folder).code == "model.unsupported"


def test_a_model_that_is_told_what_to_make_in_another_way_is_refused(folder: Path):
    edit(folder / "state_dict.bin", set_in_config("conditioners.self_wav", {"model": "style"}))
    error = refusal(folder)
    assert error.code == "model.unsupported"
    assert "style" in error.what


def test_a_text_encoder_of_another_width_is_refused_by_the_name_of_the_right_one(folder: Path):
    path = folder / "t5" / "config.json"
    path.write_text(path.read_text().replace('"d_model": 16', '"d_model": 24'))
    error = refusal(folder)
    assert error.code == "model.wrong-text-encoder"
    assert "t5-large" in error.fix


def test_a_text_encoder_without_its_weights_is_refused_and_not_made_up(folder: Path):
    (folder / "t5" / "model.safetensors").unlink()
    assert refusal(folder).code == "model.incomplete"
    safetensors.torch.save_file(
        {"nothing": torch.zeros(1)}, folder / "t5" / "model.safetensors", {"format": "pt"}
    )
    assert refusal(folder).code == "model.damaged"


@pytest.mark.parametrize(
    "options",
    [
        {"flavour": 1},
        {"dtype": "float8"},
        {"temperature": 0},
        {"temperature": float("nan")},
        {"top_k": 2.5},
        {"batch": True},
        {"longest_s": 1e9},
        {"graphs": 1},
    ],
)
def test_options_that_mean_nothing_are_refused_before_anything_is_loaded(
    tmp_path: Path, options: dict[str, Any]
):
    error = refusal(tmp_path, **options)
    assert error.code == "model.bad-option"
    assert error.at == f"options.{next(iter(options))}"


def test_a_device_that_is_not_there_is_refused(folder: Path):
    with pytest.raises(ModelError, match=r"model\.no-device"):
        AudioGen(str(folder), device="abacus", options={})


def test_a_model_that_does_not_fit_is_refused_before_it_is_built(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("roomtone.models.adapters.audiocraft_models.free_memory_bytes", lambda _: 1000)
    error = refusal(folder)
    assert error.code == "model.out-of-memory"


# What loads -----------------------------------------------------------------------------------


def test_loading_asks_the_network_for_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def no_network(*arguments: Any, **_: Any) -> None:
        raise AssertionError(f"the network was asked: {arguments}")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    assert make_one(load(folder))["samples"].std() > 0.01


def test_settings_that_are_pickled_as_objects_are_read_as_well(folder: Path):
    heard = make_one(load(folder))["samples"]
    edit(
        folder / "state_dict.bin",
        lambda contents: contents.update({"xp.cfg": OmegaConf.create(contents["xp.cfg"])}),
    )
    np.testing.assert_array_equal(make_one(load(folder))["samples"], heard)


def test_a_checkpoint_that_was_pickled_before_zip_files_is_read(folder: Path):
    path = folder / "state_dict.bin"
    heard = make_one(load(folder))["samples"]
    torch.save(torch.load(path, weights_only=True), path, _use_new_zipfile_serialization=False)
    np.testing.assert_array_equal(make_one(load(folder))["samples"], heard)


def test_conversion_loses_nothing_and_needs_no_pickle_afterwards(tiny: Tiny, folder: Path):
    heard = make_one(load(folder))["samples"]
    written = to_safetensors(folder)
    names = ["compression_state_dict.safetensors", "state_dict.safetensors"]
    assert sorted(path.name for path in written) == names
    for part in ("state_dict", "compression_state_dict"):
        old, new = read_checkpoint(tiny("audiogen"), part), read_checkpoint(folder, part)
        assert new.path.suffix == ".safetensors"
        assert (new.settings, new.fields) == (old.settings, old.fields)
        assert new.weights.keys() == old.weights.keys()
        for name, tensor in old.weights.items():
            assert new.weights[name].dtype == tensor.dtype
            assert torch.equal(new.weights[name], tensor)
        (folder / f"{part}.bin").unlink()
    np.testing.assert_array_equal(make_one(load(folder))["samples"], heard)
    assert to_safetensors(folder) == ()


def test_a_codec_that_is_only_named_is_converted_as_well(tiny: Tiny, tmp_path: Path):
    folder = Path(shutil.copytree(tiny("musicgen_stereo"), tmp_path / "model"))
    to_safetensors(folder)
    (folder / "compression_state_dict.bin").unlink()
    assert read_checkpoint(folder, "compression_state_dict").pretrained == "facebook/encodec_32khz"
    assert load_codec(folder, device="cpu").sample_rate == 32_000


def test_a_conversion_that_fails_leaves_nothing_half_written(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def full_disk(weights: Any, path: Path, metadata: Any) -> None:
        path.write_bytes(b"half of it")
        raise OSError(28, "No space left on device")

    before = sorted(folder.iterdir())
    monkeypatch.setattr(safetensors.torch, "save_file", full_disk)
    with pytest.raises(ModelError, match=r"No space.*model\.not-written"):
        to_safetensors(folder)
    assert sorted(folder.iterdir()) == before


def test_a_damaged_safetensors_file_is_refused(folder: Path):
    to_safetensors(folder)
    path = folder / "state_dict.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    assert refusal(folder).code == "model.damaged"
    with safe_open(folder / "compression_state_dict.safetensors", framework="pt") as file:
        assert file.metadata()["format"] == "pt"


@pytest.mark.system
def test_the_command_converts_or_says_why_not(folder: Path):
    def convert() -> subprocess.CompletedProcess[str]:
        module = "roomtone.models.adapters.convert_audiocraft"
        command = [sys.executable, "-m", module, str(folder)]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)

    assert convert().stdout.splitlines() == [
        str(folder / f"{part}.safetensors") for part in ("state_dict", "compression_state_dict")
    ]
    (folder / "state_dict.safetensors").unlink()
    (folder / "state_dict.bin").write_bytes(b"")
    failed = convert()
    assert failed.returncode == 69
    assert "[model.damaged]" in failed.stderr


# Stand-ins ------------------------------------------------------------------------------------


def test_stand_ins_stand_only_where_a_package_is_absent_and_go_again():
    names = {"av", "spacy", "flashy", "torchaudio", "xformers", "audiocraft.solvers"}
    before = {name for name in names if name in sys.modules}
    numpy, modules = sys.modules["numpy"], set(sys.modules)
    with stand_ins():
        import xformers.ops  # noqa: PLC0415

        assert xformers.ops.unbind is torch.unbind
        assert sys.modules["numpy"] is numpy
    assert {name for name in names if name in sys.modules} == before
    assert set(sys.modules) == modules


def test_a_package_that_is_there_is_left_alone(monkeypatch: pytest.MonkeyPatch):
    there = type(sys)("xformers")
    monkeypatch.setitem(sys.modules, "xformers", there)
    with stand_ins():
        assert sys.modules["xformers"] is there


def test_what_a_stand_in_does_not_have_says_what_to_install():
    with stand_ins():
        import av  # noqa: PLC0415

        with pytest.raises(ModelError, match=r"av\.open.*pip install av.*\[model\.needs-package\]"):
            av.open("a.mp4")


def test_the_spectrogram_is_the_one_that_is_written_in_the_books():
    n_fft, hop = 256, 64
    heard = np.random.default_rng(1).standard_normal(2_000)
    spectrogram = Spectrogram(
        n_fft=n_fft, win_length=n_fft, hop_length=hop, power=2, center=True, pad=0, normalized=True
    ).double()
    ours = spectrogram(torch.from_numpy(heard)[None])[0].numpy()
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)
    padded = np.pad(heard, n_fft // 2, mode="reflect")
    starts = range(0, len(padded) - n_fft + 1, hop)
    frames = np.stack(
        [np.abs(np.fft.rfft(window * padded[start : start + n_fft])) ** 2 for start in starts], 1
    )
    assert ours.shape == frames.shape == (129, 32)
    np.testing.assert_allclose(ours, frames / np.sum(window**2), rtol=1e-5, atol=1e-9)
    # As torchaudio, it carries its window into checkpoints.
    assert list(spectrogram.state_dict()) == ["window"]


def test_white_noise_has_its_power_in_every_bin():
    noise = torch.randn(1, 200_000, generator=torch.Generator().manual_seed(1)) * 0.1
    bins = Spectrogram(
        n_fft=512, win_length=512, hop_length=128, power=2, center=True, pad=0, normalized=True
    )(noise)[0]
    np.testing.assert_allclose(bins[10:-10].mean(), 0.01, rtol=0.02)
