"""The package's own tests, which Unity's test runner runs too, pass under Mono."""

import pytest
from mono_build import Build

pytestmark = pytest.mark.system

FIXTURES = (
    "BlockRingTests",
    "ConcealerTests",
    "LayerVoiceTests",
    "MixerTests",
    "PlaybackTests",
    "ResamplerTests",
)


@pytest.fixture(scope="module")
def results(build: Build) -> dict[str, str]:
    return build.run_nunit(build.tests)


@pytest.mark.parametrize("fixture", FIXTURES)
def test_the_packages_tests_pass(results: dict[str, str], fixture: str) -> None:
    mine = {name: failure for name, failure in results.items() if f".{fixture}." in name}
    assert mine
    assert not {name: failure for name, failure in mine.items() if failure}


def test_no_fixture_is_forgotten(results: dict[str, str]) -> None:
    assert {name.split(".")[2] for name in results} == set(FIXTURES)
