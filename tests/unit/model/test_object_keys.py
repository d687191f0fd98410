"""Where the files of an import lie."""

import pytest

from chalicelib.model.ids import ImportId, TenantId
from chalicelib.model.object_keys import ResultFile, find_owner, folders_of, result_key, upload_key

TENANT, IMPORT = TenantId("t-1"), ImportId("imp_1")


def test_an_upload_key_tells_whose_it_is() -> None:
    assert find_owner(upload_key(TENANT, IMPORT)) == (TENANT, IMPORT)


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("uploads/t-1/imp_1/source/more", id="deeper"),
        pytest.param("uploads/t-1/source", id="no import"),
        pytest.param("uploads//imp_1/source", id="no tenant"),
        pytest.param("results/t-1/imp_1/errors.csv", id="a result"),
        pytest.param("uploads/t-1/imp_1/source\n", id="a line end behind"),
        pytest.param("", id="nothing"),
    ],
)
def test_other_keys_belong_to_no_tenant(key: str) -> None:
    assert find_owner(key) is None


def test_results_lie_under_their_own_names() -> None:
    keys = [result_key(TENANT, IMPORT, file) for file in ResultFile]

    assert keys == [
        "results/t-1/imp_1/upload.csv",
        "results/t-1/imp_1/upload.json",
        "results/t-1/imp_1/errors.csv",
        "results/t-1/imp_1/errors.json",
        "results/t-1/imp_1/succeeded.csv",
        "results/t-1/imp_1/succeeded.json",
        "results/t-1/imp_1/unprocessed.csv",
        "results/t-1/imp_1/unprocessed.json",
    ]


def test_folders_end_with_a_slash_so_that_no_longer_id_is_hit() -> None:
    assert folders_of(TENANT, IMPORT) == (
        "uploads/t-1/imp_1/",
        "work/t-1/imp_1/",
        "before/t-1/imp_1/",
        "results/t-1/imp_1/",
    )
