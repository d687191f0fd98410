"""The template as a test reads it: plain data, with each intrinsic as what it wraps."""

from typing import Any

import yaml

from local.paths import ROOT


class _Tagless(yaml.SafeLoader):
    """Reads `!Ref Name` as `Name`."""


def read_template() -> dict[str, Any]:
    """Returns `template.yaml`, before packaging lays it over what Chalice writes."""
    template: dict[str, Any] = yaml.load((ROOT / "template.yaml").read_text(), Loader=_Tagless)  # noqa: S506 -- a SafeLoader
    return template


def _untagged(loader: yaml.SafeLoader, _suffix: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node)
    return node.value


_Tagless.add_multi_constructor("!", _untagged)
