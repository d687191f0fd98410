"""Statements in PartiQL, of which the emulator reads each twice, token by token: half of what an import costs it.

A program sends few texts with many parameters. So the tokens of a text are remembered, and of an INSERT, by which most
rows come, its names; and what was parsed for the batch is what is executed. The outcome is the same, which
tests/e2e/test_emulator_patches.py compares.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from ministack.services import _dynamodb_keywords, dynamodb

TEXTS = 1024
"""How many texts are remembered."""
INSERT = re.compile(r"INSERT INTO \"(?P<table>[^\".]+)\" VALUE \{(?P<items>'\w+': \?(?:, '\w+': \?)*)\}")
NAME = re.compile(r"'(\w+)'")

Parameters = list[Any] | None
Parsed = dict[str, Any]
Parse = Callable[[str, Parameters], Parsed]


def read_statements_once() -> None:
    """Has statements read as above."""
    _dynamodb_keywords._tokenize = lru_cache(TEXTS)(_dynamodb_keywords._tokenize)
    dynamodb.parse_partiql_statement = remembering_names(dynamodb.parse_partiql_statement)
    dynamodb._parse_partiql = remembering_the_last(dynamodb._parse_partiql)


def remembering_names(parse: Parse) -> Parse:
    """Returns a parser that knows the table and the names of an INSERT again by its text."""

    def parse_again(text: str, parameters: Parameters) -> Parsed:
        known = _inserted_names(text)
        if known is None or len(known[1]) != len(parameters or []):
            return parse(text, parameters)
        table, names = known
        item = dict(zip(names, parameters or [], strict=True))
        return {"op": "INSERT", "table": table, "index": None, "item": item, "item_token": None}

    return parse_again


def remembering_the_last(parse: Parse) -> Parse:
    """Returns a parser that gives the same object again for the very statement that it was given last."""
    last: tuple[object, object, Parsed] = (None, None, {})

    def parse_again(text: str, parameters: Parameters) -> Parsed:
        nonlocal last
        last_text, last_parameters, parsed = last
        if last_text is not text or last_parameters is not parameters:
            parsed = parse(text, parameters)
            last = (text, parameters, parsed)
        return parsed

    return parse_again


@lru_cache(TEXTS)
def _inserted_names(text: str) -> tuple[str, tuple[str, ...]] | None:
    """The table and the names of an INSERT that takes each value as a parameter; None for any other text."""
    found = INSERT.fullmatch(text)
    names = tuple(NAME.findall(found["items"])) if found else ()
    return (found["table"], names) if found and len(set(names)) == len(names) else None
