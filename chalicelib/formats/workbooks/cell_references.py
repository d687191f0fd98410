"""Translates the names of columns as spreadsheets have them: A is the first, AA the twenty-seventh."""

from functools import lru_cache

MOST_COLUMNS = 16_384
"""Of a sheet (Excel): XFD is the last."""


@lru_cache(maxsize=2048)
def column_letters(number: int) -> str:
    """Returns the name of a column by its number: 1 is A, 26 is Z, 27 is AA."""
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


@lru_cache(maxsize=2048)
def column_number(letters: str) -> int:
    """Returns the number of a column by its name: A is 1, Z is 26, AA is 27; 0 where the letters name no column."""
    number = 0
    for letter in letters.strip().upper():
        if not "A" <= letter <= "Z" or number > MOST_COLUMNS:
            return 0
        number = number * 26 + ord(letter) - 64
    return number if number <= MOST_COLUMNS else 0


def cell_reference(row: int, column: int) -> str:
    """Returns the name of a cell, from row and column counted from 1: 3 and 2 are B3."""
    return f"{column_letters(column)}{row}"
