"""Articles of a help centre. Source: cStar, "Articles" (api-articles)."""

from chalicelib.model.choice_words import ARTICLE_STATUSES
from chalicelib.model.resources import Field, FieldType, Identity, Normalisation, Resource

ARTICLES = Resource(
    name="articles",
    singular="article",
    id_prefix="art",
    fields=(
        Field(name="id", type=FieldType.ID, example="art_0001"),
        Field(name="external_id", aliases=("article id", "source id", "zendesk id"), max_length=255, example="KB-12"),
        Field(
            name="slug",
            aliases=("url slug", "permalink", "handle"),
            max_length=255,
            example="reset-your-password",
        ),
        Field(
            name="title",
            required=True,
            aliases=("headline", "subject", "article title", "name"),
            max_length=1000,
            example="Reset your password",
        ),
        Field(name="excerpt", aliases=("summary", "abstract", "teaser"), example="Three steps to a new password."),
        Field(
            name="content",
            aliases=("body", "text", "markdown", "html", "article body"),
            help="Markdown.",
            example="Open the sign-in page.",
        ),
        Field(
            name="category",
            aliases=("category id", "category name", "section", "folder"),
            max_length=255,
            example="Account",
        ),
        Field(
            name="status",
            type=FieldType.CHOICE,
            choices=("draft", "published", "archived"),
            choice_aliases=ARTICLE_STATUSES,
            aliases=("state",),
            default="draft",
            example="published",
        ),
        Field(name="isPublic", type=FieldType.BOOLEAN, aliases=("public", "visible"), example="true"),
        Field(
            name="tags",
            type=FieldType.LIST,
            aliases=("tag", "labels", "keywords", "label names"),
            max_length=255,
            example="password,account",
        ),
        Field(name="notes", aliases=("note", "internal notes"), example="Review in spring"),
        Field(
            name="meta_description",
            aliases=("seo description",),
            max_length=1000,
            example="How to reset your password",
        ),
        Field(
            name="published_at",
            type=FieldType.DATETIME,
            aliases=("published", "publish date", "publication date"),
            example="2025-03-01T12:00:00Z",
        ),
        Field(name="metadata", type=FieldType.MAP, aliases=("meta",), example='{"reviewed": true}'),
        Field(name="object", is_computed=True),
        Field(name="view_count", type=FieldType.INTEGER, is_computed=True),
        Field(name="use_count", type=FieldType.INTEGER, is_computed=True),
        Field(name="read_time", type=FieldType.INTEGER, is_computed=True),
        Field(name="created_at", type=FieldType.DATETIME, is_computed=True),
        Field(name="updated_at", type=FieldType.DATETIME, is_computed=True),
    ),
    identities=(
        Identity(("id",)),
        Identity(("external_id",)),
        Identity(("slug",), Normalisation.CASELESS),
    ),
)
