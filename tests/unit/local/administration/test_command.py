import pytest

from local.administration.command import GROUPS, read_arguments

TENANT = "11111111-1111-4111-8111-111111111111"


@pytest.mark.parametrize(
    "words",
    [
        ["tenants", "list"],
        ["tenants", "create", "--kind", "sk_live"],
        ["tenants", "erase", TENANT, "--yes"],
        ["keys", "list", "--tenant", TENANT],
        ["stuck", "end", TENANT, "imp_1"],
        ["letters", "redrive"],
        ["usage", "list", "--month", "2026-12"],
    ],
    ids=" ".join,
)
def test_commands_stand_in_their_groups(words: list[str]) -> None:
    given = read_arguments(["--stack", "sluice", *words])

    assert (given.stack, given.group, given.command) == ("sluice", words[0], words[1])
    assert given.group in GROUPS


@pytest.mark.parametrize("words", [[], ["tenants"], ["tenants", "erase", "no-uuid"], ["shuffle"]], ids=" ".join)
def test_what_is_no_command_is_answered_with_a_usage_line(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        read_arguments(words)

    assert exit_.value.code == 2
    assert "usage: make admin" in capsys.readouterr().err
