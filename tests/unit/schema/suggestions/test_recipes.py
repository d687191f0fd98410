"""Which concepts mean which field."""

from chalicelib.model.catalogue import RESOURCES
from chalicelib.model.resources import Field, FieldType, Resource
from chalicelib.schema.suggestions.lexicon import lexicon
from chalicelib.schema.suggestions.recipes import fields_that_look_like, recipes_of


def test_recipes_name_fields_that_sources_may_give_and_concepts_that_have_words() -> None:
    known = {concept for word in lexicon().values() for concept in word}
    for resource in RESOURCES.values():
        for recipe in recipes_of(resource).recipes:
            assert not resource.by_name[recipe.field].is_computed
            assert recipe.concepts <= known, recipe
        assert recipes_of(resource).own <= known


def test_every_field_that_a_person_fills_has_a_recipe() -> None:
    without = {"id", "metadata", "customFields", "alternate_emails", "alternate_phones", "alternate_addresses"}
    for resource in RESOURCES.values():
        found = {recipe.field for recipe in recipes_of(resource).recipes}
        missing = {one.name for one in resource.fields if not one.is_computed} - found - without
        assert missing <= {"notes"}, resource.name


def test_question_marks_say_how_doubtful_a_recipe_is() -> None:
    doubts = {one.concepts: one.doubts for one in recipes_of(RESOURCES["items"]).recipes if one.field == "sku"}

    assert doubts[frozenset({"sku"})] == 0
    assert doubts[frozenset({"number"})] == 1


def test_fields_look_like_what_the_catalogue_says() -> None:
    assert "full_name" in fields_that_look_like("person")
    assert "sku" in fields_that_look_like("code")


def test_fields_that_the_service_sets_itself_have_no_recipes() -> None:
    fields = (Field(name="email", type=FieldType.EMAIL, is_computed=True), Field(name="phone", type=FieldType.PHONE))
    things = Resource(name="things", singular="thing", id_prefix="thi", fields=fields, identities=())

    assert {one.field for one in recipes_of(things).recipes} == {"phone"}
