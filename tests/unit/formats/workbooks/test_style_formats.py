"""Number formats by style: a workbook's own codes come before the built-in ones, and each is made once."""

from chalicelib.formats.workbooks.held_memory import HeldMemory
from chalicelib.formats.workbooks.number_formats import builtin_format, number_format
from chalicelib.formats.workbooks.style_formats import StyleFormats
from chalicelib.model.limits import DEFAULT_LIMITS


def test_styles_have_the_codes_that_the_workbook_names_or_built_in_ones() -> None:
    styles = StyleFormats(HeldMemory(1_000, DEFAULT_LIMITS))
    styles.add_code("14", "00000")

    for number in (14, 9, 14):
        styles.add_style(str(number), number)

    assert styles.formats == [number_format("00000"), builtin_format(9), number_format("00000")]
    assert styles.formats[0] is styles.formats[2]
