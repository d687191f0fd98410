"""What stands in the fields of a cron expression, and in which words it is refused."""

import pytest

from chalicelib.schedules.cron_fields import Crontab, Unclear, from_aws, from_crontab


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param("0 9 ? * 2/2 *", "0 9 * * 1,3,5", id="from Monday in steps of two"),
        pytest.param("0 9 ? * 2/3 *", "0 9 * * 1,4", id="in steps of three"),
        pytest.param("0 9 ? * 4/2 *", "0 9 * * 3,5", id="from Wednesday"),
        pytest.param("0 9 ? * 1/2 *", "0 9 * * 0,2,4,6", id="from Sunday"),
        pytest.param("0 9 ? * MON/2 *", "0 9 * * 1,3,5", id="from a name"),
        pytest.param("0 9 ? * 7/2 *", "0 9 * * 6", id="from the last one"),
        pytest.param("0 9 ? * */3 *", "0 9 * * 0,3,6", id="a star in steps"),
        pytest.param("0 9 ? * 2-6/2 *", "0 9 * * 1,3,5", id="a range in steps"),
        pytest.param("0 9 ? * MON-WED,7 *", "0 9 * * 1,2,3,6", id="names, ranges and numbers"),
        pytest.param("0 9 ? * * *", "0 9 * * *", id="every day of the week"),
        pytest.param("0 9 * * ? *", "0 9 * * *", id="every day of the month"),
        pytest.param("0 9 ? * L *", "0 9 * * 6", id="the last day of the week"),
        pytest.param("0 9 ? * 6L *", "0 9 * * 5L", id="the last Friday"),
        pytest.param("0 9 ? * TUEL *", "0 9 * * 2L", id="the last Tuesday"),
        pytest.param("0 9 ? * 3#2 *", "0 9 * * 2#2", id="the second Tuesday"),
        pytest.param("0 9 ? * SUN#5 *", "0 9 * * 0#5", id="the fifth Sunday"),
        pytest.param("0 9 L,15 * ? *", "0 9 L,15 * *", id="the last day and another"),
        pytest.param("5/20 8-17/3 ? 1/4 1 *", "5,25,45 8,11,14,17 * 1,5,9 0", id="steps everywhere"),
        pytest.param("0 9 1 JAN,MAR-APR ? *", "0 9 1 1,3,4 *", id="months by name"),
    ],
)
def test_eventbridge_counts_days_from_sunday_as_one(fields: str, expected: str) -> None:
    assert from_aws(fields.split()) == Crontab(expected)


@pytest.mark.parametrize(
    ("day", "days"), [("15W", "13,14,15,16,17"), ("1W", "1,2,3"), ("31W", "29,30,31"), ("30W", "28,29,30,31")]
)
def test_the_nearest_weekday_is_sought_around_its_day(day: str, days: str) -> None:
    assert from_aws(f"0 9 {day} * ? *".split()) == Crontab(f"0 9 {days} * *", int(day[:-1]))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param("30 9 * * 1-5", "30 9 * * 1,2,3,4,5", id="workdays"),
        pytest.param("0 0 * * 1/2", "0 0 * * 1,3,5", id="steps end with the week"),
        pytest.param("0 0 * * 5-7", "0 0 * * 5,6,7", id="Sunday is 7, too"),
        pytest.param("0 0 * * 7/2", "0 0 * * 7", id="Sunday in steps"),
        pytest.param("0 0 * * */2", "0 0 * * */2", id="a star keeps its meaning for the other field"),
        pytest.param("0 0 */2 * 1", "0 0 */2 * 1", id="a star among the days of the month"),
        pytest.param("0 0 13 * FRI", "0 0 13 * 5", id="either is enough"),
        pytest.param("0 0 LW * *", "0 0 LW * *", id="the last weekday"),
        pytest.param("0 0 * * 5L,1#1", "0 0 * * 5L,1#1", id="last and first"),
    ],
)
def test_crontab_counts_days_from_sunday_as_zero(fields: str, expected: str) -> None:
    assert from_crontab(fields.split()) == Crontab(expected)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param("0 9 1 * MON *", "must be ?, and only one", id="both days given"),
        pytest.param("0 9 * * MON *", "must be ?, and only one", id="a star is a day, too"),
        pytest.param("0 9 * * * *", "must be ?, and only one", id="two stars"),
        pytest.param("0 9 ? * ? *", "must be ?, and only one", id="neither given"),
        pytest.param("? 9 ? * 2 *", "'?' is no minute", id="a question mark elsewhere"),
        pytest.param("0 9 ? * 0 *", "'0' is no day of the week: 1 to 7, or SUN to SAT", id="crontab's Sunday"),
        pytest.param("0 9 ? * MOON *", "'MOON' is no day of the week: 1 to 7, or SUN to SAT", id="an unknown day"),
        pytest.param("0 9 ? FOO 2 *", "'FOO' is no month: 1 to 12, or JAN to DEC", id="an unknown month"),
        pytest.param("0 9 MON * ? *", "'MON' is no day of the month: 1 to 31", id="a name among numbers"),
        pytest.param("0 9 WED * ? *", "'WED' is no day of the month: 1 to 31", id="a name with a W"),
        pytest.param("0 9 15W,1 * ? *", "'15W,1': the nearest weekday is written as one day", id="W in a list"),
        pytest.param("0 9 1-15W * ? *", "'1-15W': the nearest weekday is written as one day", id="W in a range"),
        pytest.param("0 9 32W * ? *", "'32' is no day of the month", id="W of no day"),
        pytest.param("0 9 L-3 * ? *", "'L-3' is no day of the month: L is the last one", id="counted back"),
        pytest.param("0 9 ? * 3#1,6#3 *", "a day of the week with # stands alone", id="two of them"),
        pytest.param("0 9 ? * 3#6 *", "'3#6' is no day of the week: write 6L", id="there is no sixth"),
        pytest.param("0 9 ? * FRI-MON *", "'FRI-MON' runs backwards", id="a range over the weekend"),
        pytest.param("60 9 ? * 2 *", "'60' is no minute: 0 to 59", id="a minute too many"),
        pytest.param("0 24 ? * 2 *", "'24' is no hour: 0 to 23", id="midnight has another name"),
        pytest.param("*/90 * * * ? *", "the step 90 of the minute is not among 1 to 60", id="a step over the end"),
        pytest.param("*/0 * * * ? *", "the step 0 of the minute", id="no step"),
        pytest.param("1,,2 * * * ? *", "'' is no minute", id="nothing between commas"),
        pytest.param("*-5 * * * ? *", "'*-5' is no minute", id="from a star"),
        pytest.param("-5 * * * ? *", "'-5' is no minute", id="below zero"),
        pytest.param("٣ * * * ? *", "'٣' is no minute", id="other digits"),
        pytest.param("0 9 * * ? 2025", "the year, can only be *", id="one year"),
        pytest.param("0 9 * * ?", "takes six fields, not 5", id="a field too few"),
    ],
)
def test_eventbridge_fields_that_cannot_be_understood_are_named(fields: str, words: str) -> None:
    with pytest.raises(Unclear) as unclear:
        from_aws(fields.split())

    assert words in str(unclear.value)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param("0 9 15W * *", "in cron(…) only", id="W"),
        pytest.param("0 9 ? * 1", "? belongs to cron(…)", id="a question mark"),
        pytest.param("0 9 * * L", "'L' is no day of the week: write 6L", id="L alone"),
        pytest.param("0 9 * * 8", "'8' is no day of the week: 0 to 6, or SUN to SAT", id="day eight"),
        pytest.param("0 9 * * SAT-SUN", "'SAT-SUN' runs backwards", id="a weekend"),
    ],
)
def test_crontab_fields_that_cannot_be_understood_are_named(fields: str, words: str) -> None:
    with pytest.raises(Unclear) as unclear:
        from_crontab(fields.split())

    assert words in str(unclear.value)
