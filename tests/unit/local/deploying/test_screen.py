from rich.console import Console

from local.deploying.cloudformation_stack import Change, ChangeSet
from local.deploying.screen import changes_table


def render_changes(*changes: Change) -> str:
    console = Console(width=200)
    with console.capture() as capture:
        console.print(changes_table(ChangeSet("c", changes, is_creation=False)))
    return capture.get()


def test_a_few_changes_are_listed_one_by_one() -> None:
    text = render_changes(
        Change("Modify", "Enter", "AWS::Lambda::Function"), Change("Remove", "Old", "AWS::SQS::Queue")
    )

    assert "Enter" in text
    assert "Old" in text


def test_of_many_changes_those_are_counted_that_lose_nothing() -> None:
    many = [Change("Add", f"Role{number}", "AWS::IAM::Role") for number in range(70)]

    text = render_changes(*many, Change("Modify", "RecordsTable", "AWS::DynamoDB::Table", is_replaced=True))

    assert "Role5" not in text
    assert "70" in text
    assert "RecordsTable" in text
    assert "what it holds would be lost" in text
