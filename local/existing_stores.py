"""Tables and a bucket that a stack uses instead of making its own, such as tables that a backup was restored into.

Comes in: a template whose stores are resources. Goes out: the same, in which a parameter can name each store. Where it
does, the resource is not made, and whatever referred to it refers to what the parameter names: by name, by ARN, and
within texts.
"""

import re
from typing import Any

STORES = {
    "ControlTable": ("UseControlTable", "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/"),
    "RecordsTable": ("UseRecordsTable", "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/"),
    "IdempotencyTable": (
        "UseIdempotencyTable",
        "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/",
    ),
    "Bucket": ("UseBucket", "arn:${AWS::Partition}:s3:::"),
}
"""Each store with the parameter that names another one, and how the ARN of that begins."""
MAKES = "Makes"
"""Begins the names of conditions that hold where a store is made."""
_IN_TEXT = re.compile(rf"\$\{{(?P<store>{'|'.join(STORES)})(?P<arn>\.Arn)?\}}")

Json = Any


def let_use_existing(template: dict[str, Any]) -> None:
    """Changes the template so that the parameters may name stores. Resources, conditions and outputs refer to them."""
    for store in STORES:
        if store in template["Resources"]:
            template["Resources"][store]["Condition"] = f"{MAKES}{store}"
            template["Conditions"][f"{MAKES}{store}"] = {"Fn::Equals": [{"Ref": STORES[store][0]}, ""]}
    for part in ("Globals", "Outputs"):
        if part in template:
            template[part] = _rewritten(template[part])
    for name, resource in template["Resources"].items():
        if not str(resource.get("Condition", "")).startswith(MAKES):  # which is there only where the store is made, too
            template["Resources"][name] = _rewritten(resource)


def _rewritten(value: Json) -> Json:
    if isinstance(value, list):
        return [_rewritten(one) for one in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"Ref": store} if store in STORES:
            return _reference(store, by_arn=False)
        case {"Fn::GetAtt": [store, "Arn"] | str(store)} if _bare(store) in STORES:
            return _reference(_bare(store), by_arn=True)
        case {"Fn::Sub": text}:
            return _rewritten_text(text)
    return {key: _rewritten(one) for key, one in value.items()}


def _bare(store: str) -> str:
    return store.removesuffix(".Arn")


def _reference(store: str, *, by_arn: bool) -> Json:
    parameter, arn = STORES[store]
    made = {"Fn::GetAtt": [store, "Arn"]} if by_arn else {"Ref": store}
    named = {"Fn::Sub": f"{arn}${{{parameter}}}"} if by_arn else {"Ref": parameter}
    return {"Fn::If": [f"{MAKES}{store}", made, named]}


def _rewritten_text(text: Json) -> Json:
    """Texts name stores by variables of their own, since they know no conditions."""
    words, variables = text if isinstance(text, list) else (text, {})
    variables = {name: _rewritten(one) for name, one in variables.items()}
    for found in _IN_TEXT.finditer(words):
        by_arn = found["arn"] is not None
        variables[_variable(found)] = _reference(found["store"], by_arn=by_arn)
    words = _IN_TEXT.sub(lambda found: f"${{{_variable(found)}}}", words)
    return {"Fn::Sub": [words, variables] if variables else words}


def _variable(found: re.Match[str]) -> str:
    return f"{found['store']}{'Arn' if found['arn'] else 'Name'}InUse"
