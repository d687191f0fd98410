"""The identities, required fields and references of articles, by which callers know what a row must give."""

from chalicelib.model.catalogue.articles import ARTICLES


def test_articles_are_found_by_their_identities() -> None:
    assert [one.name for one in ARTICLES.identities] == ["id", "external_id", "slug"]
    assert [one.name for one in ARTICLES.match_fields] == []


def test_a_new_article_must_give_what_is_required() -> None:
    assert ARTICLES.required == ("title",)
    assert ARTICLES.any_of == ()


def test_articles_name_records_of_these_resources() -> None:
    assert [(one.field, one.resource, one.is_required) for one in ARTICLES.references] == []
