"""The report is one page that needs nothing else, plays every file, and says what is not good."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from baking_yard import Bake, manifest

from roomtone.bake.manifest import seam_record
from roomtone.texture.measures import Seam


class Page(HTMLParser):
    """What a page refers to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.sources: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "img", "link", "input", "br"}:
            self.open.append(tag)
        self.sources.setdefault(tag, []).extend(
            value or "" for name, value in attributes if name in {"src", "href"}
        )

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_report_plays_and_shows_every_file_and_needs_no_other(bake: Bake, yard: Path) -> None:
    Path("list.csv").write_text('name,prompt\ndrip,"<b>light rain</b>"\n', encoding="utf-8")
    bake(yard, "list.csv", "--seconds", 4, "--states", "rain=0.5,1|wild")
    text = Path("out/report.html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.open == []
    assert {unquote(each) for each in page.sources["audio"]} == set(manifest()["files"])
    assert all((Path("out") / unquote(each)).is_file() for each in page.sources["audio"])
    assert len(page.sources["img"]) == len(manifest()["files"])
    assert all(each.startswith("data:image/png;base64,") for each in page.sources["img"])
    assert "<b>light rain" not in text
    assert "link" not in page.sources
    assert "script" not in page.sources
    assert not re.search(r"https?://", text)


def test_the_report_tells_what_was_made_and_what_was_reused(bake: Bake, yard: Path) -> None:
    bake(yard, "--seconds", 4, "--states", "wet")
    assert "<b>2</b> made now" in Path("out/report.html").read_text(encoding="utf-8")
    Path("out/yard/brook.wav").unlink()
    bake(yard, "--seconds", 4, "--states", "wet")
    text = Path("out/report.html").read_text(encoding="utf-8")
    assert "<b>1</b> made now" in text
    assert "<b>1</b> reused" in text


def test_failures_are_in_the_report(bake: Bake, tmp_path: Path) -> None:
    from toy_models import install_noise  # noqa: PLC0415

    install_noise(tmp_path / "models")
    (tmp_path / "list.csv").write_text("name,prompt,model\nbad,a silent hiss,noise\n", encoding="utf-8")
    bake("list.csv", "--seconds", 5)
    assert "list/bad" in Path("out/report.html").read_text(encoding="utf-8")


def test_a_joint_that_may_be_heard_says_why() -> None:
    record = seam_record(Seam(percentile=98.0, spectrum=50.0, surroundings=60.0, level=99.0, click=20.0))
    assert not record["good"]
    assert "level" in record["reason"]
    assert seam_record(Seam(percentile=95.0, spectrum=1, surroundings=1, level=95.0, click=1))["reason"] == ""
