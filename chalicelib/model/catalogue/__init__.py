"""What is offered: every resource by name.

One file each, holding one `Resource` named in capitals; a new file here is a new resource, and nothing else has to
know of it.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from chalicelib.model.resources import Resource, squeezed


def _each_resource() -> Iterator[Resource]:
    for module in sorted(iter_modules(__path__), key=lambda found: found.name):
        module_of_resource = import_module(f"{__name__}.{module.name}")
        yield from (one for one in vars(module_of_resource).values() if isinstance(one, Resource))


RESOURCES: Mapping[str, Resource] = MappingProxyType({one.name: one for one in _each_resource()})
"""By plural name, in alphabetical order."""

_BY_ANY_NAME = {squeezed(name): one for one in RESOURCES.values() for name in (one.singular, one.name)}


def find_resource(name: str) -> Resource | None:
    """Takes plural and singular, in any case."""
    return _BY_ANY_NAME.get(squeezed(name))
