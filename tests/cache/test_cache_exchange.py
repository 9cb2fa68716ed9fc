"""Clips go from one cache to another whole; what comes from outside is believed nothing and reaches nothing."""

import hashlib
import io
import json
import os
import shutil
import struct
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from clips_to_keep import Clock, files_in, is_whole, key, latent, put, recipe, sound
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roomtone.cache.entry import packed
from roomtone.cache.latents import check_latent
from roomtone.cache.store import Cache
from roomtone.errors import CacheError, InputMissingError


@pytest.fixture(scope="module")
def three_clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("clips") / "cache"
    with Cache(root, clock=Clock()) as cache:
        shared = latent(root.parent)
        put(cache, 1)
        put(cache, 2, latent=shared)
        put(cache, 3, latent=shared)
    return root


@pytest.fixture
def filled(three_clips: Path, tmp_path: Path) -> Cache:
    return Cache(shutil.copytree(three_clips, tmp_path / "filled"), clock=Clock())


@pytest.fixture
def other(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "other", clock=Clock())


def files_of(cache: Cache) -> dict[str, bytes]:
    return {
        name: data for name, data in files_in(cache.root).items() if name.startswith(("actions/", "content/"))
    }


def seal(body: dict[str, Any]) -> bytes:
    """Make an entry of which only the content of its fields can be wrong."""
    body.pop("seal", None)
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return json.dumps({**body, "seal": hashlib.sha256(text.encode()).hexdigest()}).encode()


def place_of(data: bytes, ending: str) -> str:
    digest = hashlib.sha256(data).hexdigest()
    return f"content/{digest[:2]}/{digest}{ending}"


# There and back -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["clips.zip", "clips.ZIP", "clips"])
def test_clips_arrive_as_they_left(filled: Cache, other: Cache, tmp_path: Path, name: str) -> None:
    exported = filled.export_to(tmp_path / name)
    assert set(exported.keys) == {key(1), key(2), key(3)}
    imported = other.import_from(tmp_path / name)
    assert imported.keys == exported.keys
    assert (imported.known, imported.refused) == ((), ())
    assert imported.size_bytes == exported.size_bytes
    assert files_of(other) == files_of(filled)
    assert all(is_whole(other, seed) for seed in (1, 2, 3))
    assert {row.key for row in other.rows()} == set(exported.keys)


def test_a_cache_can_be_imported_as_it_lies(filled: Cache, other: Cache) -> None:
    assert len(other.import_from(filled.root).keys) == 3
    assert files_of(other) == files_of(filled)


def test_only_the_named_clips_are_exported(filled: Cache, other: Cache, tmp_path: Path) -> None:
    filled.export_to(tmp_path / "clips.zip", [key(2), key(2)])
    assert other.import_from(tmp_path / "clips.zip").keys == (key(2),)


def test_equal_clips_make_equal_archives(filled: Cache, tmp_path: Path) -> None:
    filled.export_to(tmp_path / "a.zip")
    filled.export_to(tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_exporting_into_a_folder_adds_to_it(filled: Cache, tmp_path: Path) -> None:
    filled.export_to(tmp_path / "clips", [key(1)])
    filled.export_to(tmp_path / "clips", [key(2)])
    assert Cache(tmp_path / "clips").all_keys() == sorted([key(1), key(2)])
    assert {row.key for row in Cache(tmp_path / "clips").rows()} == {key(1), key(2)}


def test_what_is_there_already_stays_and_is_named(filled: Cache, other: Cache, tmp_path: Path) -> None:
    mine = put(other, 1, frames=9_600)
    filled.export_to(tmp_path / "clips.zip")
    imported = other.import_from(tmp_path / "clips.zip")
    assert imported.known == (key(1),)
    assert set(imported.keys) == {key(2), key(3)}
    assert other.find(key(1)) == mine


def test_a_damaged_clip_is_replaced_by_an_import(filled: Cache, other: Cache, tmp_path: Path) -> None:
    put(other, 1)
    (path,) = other.root.rglob("*.flac")
    path.write_bytes(bytes(path.stat().st_size))
    filled.export_to(tmp_path / "clips.zip")
    assert key(1) in other.import_from(tmp_path / "clips.zip").keys
    assert is_whole(other, 1)


def test_a_damaged_clip_is_not_exported(filled: Cache, tmp_path: Path) -> None:
    (path,) = (path for path in filled.root.rglob("*.npz"))
    path.write_bytes(bytes(path.stat().st_size))
    with pytest.raises(CacheError) as caught:
        filled.export_to(tmp_path / "clips.zip")
    assert caught.value.code == "cache.damaged"
    assert not (tmp_path / "clips.zip").exists()


def test_what_is_not_there_cannot_be_exchanged(filled: Cache, tmp_path: Path) -> None:
    with pytest.raises(InputMissingError) as caught:
        filled.export_to(tmp_path / "clips.zip", [key(9)])
    assert caught.value.code == "cache.unknown-key"
    with pytest.raises(InputMissingError) as caught:
        filled.import_from(tmp_path / "nothing.zip")
    assert caught.value.code == "cache.no-source"


def test_an_import_keeps_the_cache_within_its_bounds(filled: Cache, tmp_path: Path) -> None:
    filled.export_to(tmp_path / "clips.zip")
    bounded = Cache(tmp_path / "bounded", max_bytes=2 * max(row.size_bytes for row in filled.rows()) + 500)
    bounded.import_from(tmp_path / "clips.zip")
    assert len(bounded.rows()) == 2


# Strangers ------------------------------------------------------------------------------------


def archive_of(files: dict[str, bytes], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def refused_codes(cache: Cache, source: Path) -> dict[str, str]:
    imported = cache.import_from(source)
    assert all(refused.what for refused in imported.refused)
    assert not set(imported.keys) & {refused.key for refused in imported.refused}
    return {refused.key: refused.code for refused in imported.refused}


def test_no_name_from_outside_becomes_a_path(filled: Cache, other: Cache, tmp_path: Path) -> None:
    files = files_of(filled)
    evil = {
        "../outside.txt": b"x",
        "/tmp/outside.txt": b"x",
        "actions/../../outside.json": b"{}",
        f"actions/../ab/{key(1)}.json": b"{}",
        f"actions\\ab\\{key(1)}.json": b"{}",
        f"actions/{key(1)[:2]}/../{key(1)}.json": b"{}",
        "content/ab/../../../outside.flac": b"x",
    }
    inside = tmp_path / "deep" / "deeper"
    inside.mkdir(parents=True)
    cache = Cache(inside / "cache")
    imported = cache.import_from(archive_of({**evil, **files}, tmp_path / "clips.zip"))
    assert len(imported.keys) == 3
    assert files_of(cache) == files
    assert [path for path in (tmp_path / "deep").rglob("*") if "outside" in path.name] == []
    assert [path.name for path in inside.iterdir()] == ["cache"]


def change_entry(files: dict[str, bytes], seed: int, **changes: Any) -> None:
    name = f"actions/{key(seed)[:2]}/{key(seed)}.json"
    files[name] = seal({**json.loads(files[name]), **changes})


def swap_content(files: dict[str, bytes]) -> None:
    names = [name for name in files if name.endswith(".flac")]
    files[names[0]], files[names[1]] = files[names[1]], files[names[0]]


def cut_content(files: dict[str, bytes]) -> None:
    for name in files:
        if name.startswith("content/"):
            files[name] = files[name][:-1]


def lengthen_content(files: dict[str, bytes]) -> None:
    for name in files:
        if name.startswith("content/"):
            files[name] += bytes(50_000_000)


def remove_content(files: dict[str, bytes]) -> None:
    for name in [name for name in files if name.startswith("content/")]:
        del files[name]


def rename_entries(files: dict[str, bytes]) -> None:
    for seed in (1, 2, 3):
        name = f"actions/{key(seed)[:2]}/{key(seed)}.json"
        files[f"actions/{key(seed + 10)[:2]}/{key(seed + 10)}.json"] = files.pop(name)


def break_seals(files: dict[str, bytes]) -> None:
    for name, data in list(files.items()):
        if name.startswith("actions/"):
            files[name] = data.replace(b"CC-BY-NC-4.0", b"CC0-1.0     ")


def change_recipes(files: dict[str, bytes]) -> None:
    for seed in (1, 2, 3):
        change_entry(files, seed, recipe=recipe(seed, prompt="hail"))


def claim_other_samples(files: dict[str, bytes]) -> None:
    for seed in (1, 2, 3):
        change_entry(files, seed, samples_sha256="0" * 64)


def claim_another_length(files: dict[str, bytes]) -> None:
    for seed in (1, 2, 3):
        change_entry(files, seed, frames=4_799)


def bring_another_sound(files: dict[str, bytes], write: Callable[[io.BytesIO], None]) -> None:
    stream = io.BytesIO()
    write(stream)
    data = stream.getvalue()
    files[place_of(data, ".flac")] = data
    for seed in (1, 2, 3):
        change_entry(files, seed, audio={"sha256": hashlib.sha256(data).hexdigest(), "size_bytes": len(data)})


def bring_a_wave_file(files: dict[str, bytes]) -> None:
    bring_another_sound(files, lambda stream: soundfile.write(stream, sound(), 48_000, format="WAV"))


def bring_text(files: dict[str, bytes]) -> None:
    bring_another_sound(files, lambda stream: stream.write(b"no sound") and None)


def bring_a_long_silence(files: dict[str, bytes]) -> None:
    silence = np.zeros((100 * 48_000, 1))
    bring_another_sound(files, lambda stream: soundfile.write(stream, silence, 48_000, format="FLAC"))


def bring_another_rate(files: dict[str, bytes]) -> None:
    bring_another_sound(files, lambda stream: soundfile.write(stream, sound()[:2_400], 24_000, format="FLAC"))


def bring_objects(files: dict[str, bytes]) -> None:
    stream = io.BytesIO()
    np.savez(stream, latents=np.array([{}], dtype=object))
    data = stream.getvalue()
    files[place_of(data, ".npz")] = data
    content = {"sha256": hashlib.sha256(data).hexdigest(), "size_bytes": len(data)}
    for seed in (1, 2, 3):
        change_entry(files, seed, latent=content)


ATTACKS = {
    attack.__name__: attack
    for attack in (
        swap_content,
        cut_content,
        lengthen_content,
        remove_content,
        rename_entries,
        break_seals,
        change_recipes,
        claim_other_samples,
        claim_another_length,
        bring_a_wave_file,
        bring_text,
        bring_a_long_silence,
        bring_another_rate,
        bring_objects,
    )
}


@pytest.mark.parametrize("as_folder", [False, True])
@pytest.mark.parametrize("name", ATTACKS)
def test_a_clip_that_is_not_what_it_claims_is_refused(
    filled: Cache, other: Cache, tmp_path: Path, name: str, as_folder: bool
) -> None:
    files = files_of(filled)
    ATTACKS[name](files)
    source = tmp_path / "clips.zip"
    if as_folder:
        source = tmp_path / "clips"
        for place, data in files.items():
            (source / place).parent.mkdir(parents=True, exist_ok=True)
            (source / place).write_bytes(data)
    else:
        archive_of(files, source)
    codes = refused_codes(other, source)
    # Where two swap their sounds, the third is right.
    assert len(codes) == (2 if name == "swap_content" else 3)
    assert set(codes.values()) <= {"cache.damaged", "cache.bad-latent"}
    assert len(other.all_keys()) == 3 - len(codes)
    assert not set(other.all_keys()) & set(codes)
    assert other.verify().damaged == ()
    assert list((other.root / "staging").iterdir()) == []


def test_a_clip_beside_a_bad_one_is_taken(filled: Cache, other: Cache, tmp_path: Path) -> None:
    files = files_of(filled)
    change_entry(files, 2, samples_sha256="0" * 64)
    assert refused_codes(other, archive_of(files, tmp_path / "clips.zip")) == {key(2): "cache.damaged"}
    assert is_whole(other, 1)
    assert is_whole(other, 3)


def test_an_entry_that_unpacks_to_gigabytes_is_read_no_further_than_entries_are_long(
    other: Cache, tmp_path: Path
) -> None:
    bomb = {f"actions/{key(1)[:2]}/{key(1)}.json": b" " * 300_000_000}
    assert refused_codes(other, archive_of(bomb, tmp_path / "clips.zip")) == {key(1): "cache.damaged"}


@pytest.mark.parametrize("data", [b"", b"PK", b"no archive", b"PK\x05\x06" + bytes(18), bytes(100_000)])
def test_what_is_no_archive_is_refused(other: Cache, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "clips.zip").write_bytes(data)
    with pytest.raises(CacheError) as caught:
        other.import_from(tmp_path / "clips.zip")
    assert caught.value.code == "cache.bad-archive"
    assert caught.value.fix


def test_a_folder_without_clips_is_refused(other: Cache, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CacheError, match="no clips"):
        other.import_from(tmp_path / "empty")


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no named pipes in folders, and links need a privilege"
)
def test_neither_links_nor_pipes_are_followed(filled: Cache, other: Cache, tmp_path: Path) -> None:
    shutil.copytree(filled.root, tmp_path / "clips")
    for path in (tmp_path / "clips" / "content").rglob("*.flac"):
        path.rename(tmp_path / path.name)
        path.symlink_to(tmp_path / path.name)
    entry = tmp_path / "clips" / "actions" / key(1)[:2] / f"{key(1)}.json"
    entry.unlink()
    os.mkfifo(entry)
    assert set(refused_codes(other, tmp_path / "clips").values()) == {"cache.damaged"}
    assert files_of(other) == {}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    hits=st.lists(st.tuples(st.integers(0, 40_000), st.integers(0, 255)), min_size=1, max_size=8),
    cut=st.integers(0, 3_000),
)
def test_a_damaged_archive_brings_whole_clips_or_none(
    tmp_path: Path, hits: list[tuple[int, int]], cut: int
) -> None:
    archive = tmp_path / "good.zip"
    if not archive.exists():
        with Cache(tmp_path / "source") as source:
            put(source, 1, frames=1_000)
            put(source, 2, frames=1_000)
            source.export_to(archive)
    data = bytearray(archive.read_bytes())
    for at, value in hits:
        data[at % len(data)] = value
    (tmp_path / "damaged.zip").write_bytes(data[: len(data) - cut % 64])
    shutil.rmtree(tmp_path / "target", ignore_errors=True)
    with Cache(tmp_path / "target") as target:
        try:
            imported = target.import_from(tmp_path / "damaged.zip")
        except CacheError as error:
            assert error.code == "cache.bad-archive"  # noqa: PT017 - most examples raise nothing
            return
        assert set(imported.keys) <= {key(1), key(2)}
        for seed in (1, 2):
            assert is_whole(target, seed) == (key(seed) in imported.keys)


# Latents --------------------------------------------------------------------------------------


def refused_latent(path: Path) -> str:
    with pytest.raises(CacheError) as caught:
        check_latent(path)
    assert caught.value.code == "cache.bad-latent"
    return caught.value.what


def test_latents_of_every_plain_kind_pass(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "a.npz",
        latents=np.zeros((1, 8, 25, 16), np.float16),
        tokens=np.zeros((4, 500), np.int16),
        steps=np.array(200),
        name=np.array("audioldm2"),
        none=np.zeros((0, 3)),
    )
    np.savez_compressed(tmp_path / "b.npz", latents=np.zeros((64, 1_000)))
    check_latent(tmp_path / "a.npz")
    check_latent(tmp_path / "b.npz")


def test_a_latent_that_unpacks_to_more_than_it_may_is_refused_unread(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("latents.npy", bytes(300_000_000))
    assert (tmp_path / "a.npz").stat().st_size < 500_000
    assert "unpacks to more" in refused_latent(tmp_path / "a.npz")


def test_a_latent_whose_header_claims_more_than_there_is_is_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    np.save(stream, np.zeros(4, np.float32))
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("latents.npy", stream.getvalue().replace(b"(4,)", b"(9,)"))
    assert "not as long as it claims" in refused_latent(tmp_path / "a.npz")


@pytest.mark.filterwarnings("ignore:Reading `.npy`:UserWarning")
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    hits=st.lists(
        st.tuples(st.integers(0, 127), st.sampled_from(b"(){}[]'\",:0189LOx\\\0\n \xff")), max_size=6
    )
)
def test_a_damaged_array_passes_or_is_refused_and_nothing_else(
    tmp_path: Path, hits: list[tuple[int, int]]
) -> None:
    stream = io.BytesIO()
    np.save(stream, np.zeros(4, np.float32))
    data = bytearray(stream.getvalue())
    for at, value in hits:
        data[at] = value
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("latents.npy", bytes(data))
    with suppress(CacheError):
        check_latent(tmp_path / "a.npz")
        with np.load(tmp_path / "a.npz", allow_pickle=False) as arrays:
            assert arrays["latents"].nbytes == 16


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x93NUMPY",
        b"\x93NUMPY\x09\x00" + struct.pack("<H", 10) + bytes(10),
        b"\x93NUMPY\x01\x00\xff\xff{}",
        bytes(64),
    ],
)
def test_an_array_without_a_header_is_refused(tmp_path: Path, data: bytes) -> None:
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("latents.npy", data)
    assert refused_latent(tmp_path / "a.npz")


def test_an_entry_is_written_the_same_way_each_time(filled: Cache) -> None:
    entry = filled.find(key(2))
    assert entry is not None
    name = filled.root / "actions" / entry.key[:2] / f"{entry.key}.json"
    assert name.read_bytes() == packed(entry)
