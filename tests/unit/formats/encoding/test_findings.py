"""How callers are told that an encoding was guessed, or that it is uncertain."""

from tests.reading import given, opened, refusal_of

WESTERN = "name,city\nJörg,Köln\nFrançois,“Paris”\n"


def test_guessed_windows_text_is_reported() -> None:
    table = opened(WESTERN.encode("cp1252"))

    assert table.encoding == "cp1252"
    assert [problem.message for problem in table.findings] == ["The encoding was guessed as cp1252."]
    assert given(table.rows) == [["Jörg", "Köln"], ["François", "“Paris”"]]


def test_where_it_is_uncertain_nothing_is_read_and_each_candidate_shows_a_line() -> None:
    refusal = refusal_of("id,name\n1,Ada\n2,Tomljanović\n".encode("cp1250"))

    assert refusal.code == "encoding_uncertain"
    assert refusal.param == "encoding"
    assert "\ncp1250: 2,Tomljanović\n" in refusal.message
    assert "\ncp1252: 2,Tomljanoviæ\n" in refusal.message
    assert {"encoding": "cp1250", "line": "2,Tomljanović"} in refusal.details["candidates"]  # type: ignore[operator]
