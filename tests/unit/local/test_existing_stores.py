from typing import Any

from local.existing_stores import STORES, let_use_existing

ARN = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${UseRecordsTable}"
MADE_ARN = {"Fn::GetAtt": ["RecordsTable", "Arn"]}
NAME = {"Fn::If": ["MakesRecordsTable", {"Ref": "RecordsTable"}, {"Ref": "UseRecordsTable"}]}
BY_ARN = {"Fn::If": ["MakesRecordsTable", MADE_ARN, {"Fn::Sub": ARN}]}


def rewritten(value: Any) -> Any:
    template = {"Resources": {"RecordsTable": {"Type": "table"}, "Other": value}, "Conditions": {}}
    let_use_existing(template)
    return template["Resources"]["Other"]


def test_a_store_is_made_only_where_none_is_named() -> None:
    template: dict[str, Any] = {"Resources": {store: {} for store in STORES}, "Conditions": {}}

    let_use_existing(template)

    for store, (parameter, _) in STORES.items():
        assert template["Resources"][store] == {"Condition": f"Makes{store}"}
        assert template["Conditions"][f"Makes{store}"] == {"Fn::Equals": [{"Ref": parameter}, ""]}


def test_references_by_name_and_by_arn_follow() -> None:
    assert rewritten({"a": [{"Ref": "RecordsTable"}]}) == {"a": [NAME]}
    assert rewritten({"Fn::GetAtt": ["RecordsTable", "Arn"]}) == BY_ARN
    assert rewritten({"Fn::GetAtt": "RecordsTable.Arn"}) == BY_ARN


def test_references_within_texts_follow_and_others_stay() -> None:
    assert rewritten({"Fn::Sub": "${RecordsTable.Arn}/index/* of ${AWS::StackName}"}) == {
        "Fn::Sub": ["${RecordsTableArnInUse}/index/* of ${AWS::StackName}", {"RecordsTableArnInUse": BY_ARN}]
    }
    assert rewritten({"Fn::Sub": ["${RecordsTable} ${x}", {"x": {"Ref": "RecordsTable"}}]}) == {
        "Fn::Sub": ["${RecordsTableNameInUse} ${x}", {"x": NAME, "RecordsTableNameInUse": NAME}]
    }


def test_what_refers_to_no_store_stays_as_it_is() -> None:
    other = {
        "a": {"Fn::Sub": "${AWS::StackName}"},
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "n": 1,
        "b": {"Ref": "Role"},
    }

    assert rewritten(dict(other)) == other
