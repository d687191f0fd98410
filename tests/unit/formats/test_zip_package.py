"""Zip packages that are damaged, encrypted or made to do harm are refused before anything unpacks them."""

import pytest

from chalicelib.model.limits import Limits
from tests.reading import refusal_of
from tests.workbooks import packed, parts, workbook

SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def cell(place: str, value: int = 0, kind: str = "s") -> str:
    return f'<c r="{place}" t="{kind}"><v>{value}</v></c>'


def test_the_size_of_the_file_is_limited() -> None:
    assert refusal_of(workbook({"S": [["a"]]}), limits=Limits(workbook_bytes=1_000)).code == "too_large"


def test_the_number_of_entries_is_limited() -> None:
    entries = {**parts(""), **{f"xl/media/{number}.png": b"" for number in range(50)}}

    assert refusal_of(packed(entries.items()), limits=Limits(workbook_entries=20)).code == "expansion_refused"


def test_a_part_that_inflates_enormously_is_refused() -> None:
    entries = {**parts(""), "xl/media/image.bin": bytes(70 << 20)}

    assert refusal_of(packed(entries.items())).code == "expansion_refused"


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(packed({**parts(""), "xl/styles.xml": b"<styleSheet>" + bytes(100_000)}.items()))
    for position in (content.rfind(b"PK\x01\x02", 0, content.rfind(b"xl/styles.xml")) + 24,):
        content[position : position + 4] = (500).to_bytes(4, "little")

    assert refusal_of(bytes(content)).code == "damaged_workbook"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused() -> None:
    entries = [*parts(f'<row r="1">{cell("A1")}</row>', ["x"]).items()]

    assert refusal_of(packed([*entries, (SHEET, b"<worksheet/>")])).code == "damaged_workbook"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_workbook_cut_short_is_damaged(share: float) -> None:
    content = workbook({"S": [["a", "b"], [1, 2]]})

    assert refusal_of(content[: int(len(content) * share)]).code == "damaged_workbook"


def test_encrypted_entries_are_refused() -> None:
    content = bytearray(packed(parts("").items()))
    content[content.find(b"PK\x01\x02") + 8] |= 1

    assert refusal_of(bytes(content)).code == "encrypted_workbook"


def with_offset_of_another(content: bytes, name: bytes, other: bytes) -> bytes:
    """Points an entry of the table of contents at the header of another one."""
    changed = bytearray(content)
    at, other_at = (content.rfind(b"PK\x01\x02", 0, content.rfind(one)) for one in (name, other))
    changed[at + 42 : at + 46] = content[other_at + 42 : other_at + 46]
    return bytes(changed)


def with_quoted_header(content: bytes) -> bytes:
    """States so large a content for the first entry that the next one, header and all, lies within it."""
    changed, at = bytearray(content), content.find(b"PK\x01\x02")
    size = int.from_bytes(content[at + 20 : at + 24], "little")
    changed[at + 20 : at + 24] = (size + 60).to_bytes(4, "little")
    return bytes(changed)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            with_offset_of_another(packed({**parts(""), "a.bin": b"x", "b.bin": b"x"}.items()), b"b.bin", b"a.bin"),
            id="twice the same",
        ),
        pytest.param(with_quoted_header(packed(parts("").items())), id="one within another"),
        pytest.param(
            with_quoted_header(packed({"only.csv": b"name\nAnn\n"}.items())), id="within the table of contents"
        ),
    ],
)
def test_parts_that_overlap_are_refused(content: bytes) -> None:
    refusal = refusal_of(content)

    assert (refusal.code, refusal.details["detail"]) == ("damaged_workbook", "its parts overlap")
