import re

from local.paths import ROOT


def pins(path: str) -> set[str]:
    return set(re.findall(r"^[\w.-]+==[\w.+!]+", (ROOT / path).read_text(), re.MULTILINE))


def test_the_bench_runs_the_service_with_what_the_bundle_holds() -> None:
    missing = pins("requirements.txt") - pins("bench/requirements.txt")

    assert not missing, "make lock pins them anew"
