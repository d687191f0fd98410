"""What `Cursors` promises."""

from chalicelib.model.ids import TenantId
from chalicelib.stores.interfaces import Stores


def test_a_cursor_is_where_it_was_moved(stores: Stores, tenant: TenantId) -> None:
    name = f"of {tenant}"
    assert stores.cursors.find(name) is None

    assert stores.cursors.move(name, before=None, to="here")
    assert stores.cursors.move(name, before="here", to="ünd da")
    assert stores.cursors.find(name) == "ünd da"
    assert stores.cursors.move(name, before="ünd da", to=None)
    assert stores.cursors.find(name) is None
    assert stores.cursors.move(name, before=None, to="anew")


def test_of_two_who_move_it_from_one_place_one_does(stores: Stores, tenant: TenantId) -> None:
    name = f"of {tenant}"

    assert stores.cursors.move(name, before=None, to="a")
    assert not stores.cursors.move(name, before=None, to="b")
    assert not stores.cursors.move(name, before="c", to="b")
    assert stores.cursors.find(name) == "a"
