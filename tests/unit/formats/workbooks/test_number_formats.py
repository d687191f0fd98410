"""Number formats that carry meaning are applied; how a number merely looks is left out, and told where it says more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.formats.workbooks.number_formats import builtin_format, number_format

ACCOUNTING = '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-'
PHONE = "[<=9999999]###-####;(###) ###-####"


@pytest.mark.parametrize(
    ("code", "raw", "text"),
    [
        # leading zeros and groups of digits
        pytest.param("00000", "7", "00007", id="zeros"),
        pytest.param("00000", "123456", "123456", id="more_digits_than_zeros"),
        pytest.param("00000", "-7", "-00007", id="negative"),
        pytest.param("00000", "7.5", "7.5", id="fraction_under_zeros"),
        pytest.param("00000", "0", "00000", id="nought"),
        pytest.param("00000.0", "7.5", "7.5", id="zeros_of_a_decimal"),
        pytest.param("000-00-0000", "12345678", "012-34-5678", id="social_security"),
        pytest.param("00000-0000", "123456789", "12345-6789", id="zip_plus_four"),
        pytest.param("(000) 000-0000", "5551234567", "(555) 123-4567", id="phone"),
        pytest.param(PHONE, "5551234", "555-1234", id="short_phone_by_condition"),
        pytest.param(PHONE, "5551234567", "(555) 123-4567", id="long_phone_by_condition"),
        pytest.param("0000 0000 0000 0000", "1234567890123456", "1234 5678 9012 3456", id="card"),
        pytest.param("+## ### #######", "4915123456789", "+491 512 3456789", id="phone_with_plus"),
        pytest.param("## ## ## ## ##", "612345678", "6 12 34 56 78", id="pairs"),
        pytest.param("+#", "4915123456789", "+4915123456789", id="plus_alone"),
        pytest.param("### ### ##0", "1234567", "1234567", id="french_thousands"),
        pytest.param('"ID-"0000', "42", "ID-0042", id="literal_before_zeros"),
        pytest.param("00\\.00\\.00", "10203", "01.02.03", id="escaped_literals"),
        pytest.param("00000;[Red]-00000", "-7", "-00007", id="negative_section"),
        # percent
        pytest.param("0%", "0.5", "50%", id="percent"),
        pytest.param("0.0%", "0.125", "12.5%", id="percent_with_decimals"),
        pytest.param("0%", "0.125", "12.5%", id="percent_keeps_what_is_not_shown"),
        pytest.param("0%", "1", "100%", id="all"),
        pytest.param("0.00%", "-0.07", "-7%", id="negative_percent"),
        pytest.param("0%", "0.07", "7%", id="no_noise_of_floats"),
        # dates, times, durations
        pytest.param("yyyy-mm-dd", "45351", "2024-02-29", id="date"),
        pytest.param("dd.mm.yyyy", "45351", "2024-02-29", id="german_date"),
        pytest.param("[$-409]d\\-mmm\\-yyyy;@", "45351", "2024-02-29", id="date_of_a_language"),
        pytest.param("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "45351", "2024-02-29", id="long_date"),
        pytest.param('yyyy"年"m"月"d"日"', "45351", "2024-02-29", id="japanese_date"),
        pytest.param("m/d/yyyy h:mm", "45351.5", "2024-02-29T12:00:00", id="date_and_time"),
        pytest.param("mmm yy", "45351", "2024-02-29", id="month"),
        pytest.param("yyyy", "45351", "2024-02-29", id="year"),
        pytest.param("h:mm AM/PM", "0.75", "18:00:00", id="time"),
        pytest.param("[$-F400]h:mm:ss\\ AM/PM", "0.25", "06:00:00", id="time_of_a_language"),
        pytest.param("mm:ss.0", "0.0034", "00:04:53.760", id="minutes"),
        pytest.param("[h]:mm", "1.5", "36:00:00", id="duration"),
        pytest.param("[mm]:ss", "0.0625", "1:30:00", id="duration_in_minutes"),
        pytest.param("yyyy-mm-dd", "-1", "-1", id="no_date"),
        pytest.param("yyyy-mm-dd", "abc", "abc", id="no_number"),
        # words that stand for numbers
        pytest.param('"Yes";"Yes";"No"', "0", "No", id="word"),
        pytest.param('[=1]"Male";[=2]"Female";0', "2", "Female", id="word_by_condition"),
        pytest.param('[=1]"Male";[=2]"Female";0', "3", "3", id="number_beside_words"),
        # numbers
        pytest.param("General", "1.5", "1.5", id="general"),
        pytest.param("GENERAL", "1.5", "1.5", id="general_in_capitals"),
        pytest.param("", "1.5", "1.5", id="no_code"),
        pytest.param("@", "123", "123", id="text"),
        pytest.param("0", "3.7", "3.7", id="decimals_stay"),
        pytest.param("#,##0.00", "1234.5", "1234.5", id="thousands"),
        pytest.param("#\\ ##0", "12345", "12345", id="spaces_between_thousands"),
        pytest.param("#'##0", "12345", "12345", id="swiss_thousands"),
        pytest.param("0.00E+00", "1234", "1234", id="scientific"),
        pytest.param("# ?/?", "0.5", "0.5", id="fraction"),
        pytest.param(ACCOUNTING, "0", "0", id="accounting_nought"),
        pytest.param(ACCOUNTING, "-5", "-5", id="accounting_negative"),
        pytest.param("#,##0_);(#,##0)", "-5", "-5", id="negative_in_brackets"),
        pytest.param("[Blue]0;[Red]0", "-5", "-5", id="negative_by_colour"),
        pytest.param('0.00 "kg"', "5", "5", id="unit"),
        pytest.param("[$€-407] #,##0.00", "5", "5", id="currency"),
        pytest.param('"EUR" 0.00', "12.5", "12.5", id="currency_in_words"),
    ],
)
def test_a_number_is_what_a_person_sees_of_its_meaning(code: str, raw: str, text: str) -> None:
    assert number_format(code).display(raw).text == text


@pytest.mark.parametrize(
    ("code", "raw", "seen"),
    [
        pytest.param('"EUR" 0.00', "12.5", "EUR 12.5", id="currency_in_words"),
        pytest.param("$#,##0", "4", "$4", id="currency_sign"),
        pytest.param("[$€-407] #,##0.00", "5", "€ 5", id="currency_of_a_language"),
        pytest.param('0 "kg"', "5", "5 kg", id="unit"),
        pytest.param("0;-0;;@", "0", "", id="hidden_nought"),
        pytest.param(";;;", "5", "", id="hidden"),
        pytest.param("0,", "12345", "12.345", id="in_thousands"),
        pytest.param('0.0,,"M"', "12345678", "12.345678M", id="in_millions"),
        pytest.param(ACCOUNTING, "5", "5 €", id="accounting"),
        pytest.param('"No. "0', "5", "No. 5", id="words_before"),
    ],
)
def test_what_is_seen_and_not_read_is_told(code: str, raw: str, seen: str) -> None:
    assert number_format(code).display(raw).displayed == seen


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "0",
        "0.00",
        "#,##0",
        "#,##0.00;[Red]-#,##0.00",
        "0.00E+00",
        "# ??/??",
        "@",
        "#\\ ##0",
        "#,##0_);(#,##0)",
    ],
)
def test_formats_that_only_shape_a_number_cost_nothing(code: str) -> None:
    assert number_format(code).is_plain


@pytest.mark.parametrize(
    ("number", "raw", "text"),
    [
        (0, "5", "5"),
        (1, "5.5", "5.5"),
        (4, "5", "5"),
        (9, "0.5", "50%"),
        (14, "45351", "2024-02-29"),
        (18, "0.5", "12:00:00"),
        (22, "45351.5", "2024-02-29T12:00:00"),
        (30, "45351", "2024-02-29"),
        (33, "0.5", "12:00:00"),
        (45, "0.5", "12:00:00"),
        (46, "1.5", "36:00:00"),
        (49, "5", "5"),
        (57, "45351", "2024-02-29"),
        (163, "5", "5"),
    ],
)
def test_formats_without_a_code_are_known_by_number(number: int, raw: str, text: str) -> None:
    assert builtin_format(number).display(raw).text == text


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    assert number_format("yyyy-mm-dd").display("0", is_1904=True).text == "1904-01-01"
    assert number_format("h:mm").display("0.5", is_1904=True).text == "12:00:00"


@pytest.mark.parametrize("code", ["[<.]0", "[>1.2.3]0", "[=-]0"])
def test_a_condition_that_names_no_number_is_no_condition(code: str) -> None:
    assert number_format(code).display("7").text == "7"


@given(
    st.text(alphabet='0#?.,%/@;"\\_*[]()-+ $€EeGgYyMmDdHhSsAaPp<=>19x', max_size=30),
    st.sampled_from(["0", "-7", "45351.5"]),
)
def test_any_text_is_some_format(code: str, raw: str) -> None:
    assert isinstance(number_format(code).display(raw).text, str)
