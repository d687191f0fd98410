"""uv asks the indexes that pip was told of."""

from pathlib import Path

from local.index_settings import uv_environment

CONFIG = """\
:env:.cert='/etc/ssl/mine.pem'
:env:.index-url='https://second.example/simple'
global.cert='/etc/ssl/theirs.pem'
global.extra-index-url='https://one.example/simple\\nhttps://two.example/simple'
global.index-url='https://first.example/simple'
global.trusted-host='one.example'
install.timeout='60'
download.index-url='https://downloads.example/simple'
freeze.timeout='10'
"""


def test_what_pip_was_told_uv_is_told() -> None:
    told = uv_environment(CONFIG, {})

    assert told["UV_INDEX"] == "https://one.example/simple https://two.example/simple"
    assert told["UV_INSECURE_HOST"] == "one.example"
    assert told["UV_HTTP_TIMEOUT"] == "60"


def test_the_environment_goes_before_files() -> None:
    told = uv_environment(CONFIG, {})

    assert told["UV_DEFAULT_INDEX"] == "https://second.example/simple"
    assert told["SSL_CERT_FILE"] == "/etc/ssl/mine.pem"


def test_what_uv_was_told_itself_stays() -> None:
    assert (
        uv_environment(CONFIG, {"UV_DEFAULT_INDEX": "https://own.example"})["UV_DEFAULT_INDEX"] == "https://own.example"
    )


def test_all_indexes_are_asked_and_no_python_is_fetched() -> None:
    assert uv_environment("", {}) == {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_PYTHON_DOWNLOADS": "never"}


def test_folders_that_are_not_there_are_passed_over(tmp_path: Path) -> None:
    told = uv_environment(f"global.find-links='{tmp_path} /nowhere https://files.example'", {})

    assert told["UV_FIND_LINKS"] == f"{tmp_path},https://files.example"
