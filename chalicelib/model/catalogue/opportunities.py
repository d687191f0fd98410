"""Opportunities: possible sales on their way through a pipeline. Source: Kasar, object `opportunities`."""

from chalicelib.model.resources import Field, FieldType, Identity, Normalisation, Reference, Resource

OPPORTUNITIES = Resource(
    name="opportunities",
    singular="opportunity",
    id_prefix="opp",
    fields=(
        Field(name="id", type=FieldType.ID, example="opp_0001"),
        Field(
            name="external_id",
            aliases=("opportunity id", "deal id", "source id", "foreign id", "crm id"),
            max_length=255,
            example="D-9",
        ),
        Field(
            name="name",
            required=True,
            aliases=("opportunity name", "deal name", "opportunity", "deal", "title"),
            max_length=255,
            example="New website",
        ),
        Field(
            name="stage",
            aliases=("deal stage", "pipeline stage", "sales stage", "stage name"),
            max_length=255,
            default="new",
            help="The pipeline's first stage where a new record has none.",
            example="proposal",
        ),
        Field(name="pipeline", aliases=("pipeline name",), max_length=255, default="default", example="default"),
        Field(
            name="amount",
            type=FieldType.DECIMAL,
            aliases=("value", "deal value", "deal amount", "opportunity amount", "price"),
            example="12000.50",
        ),
        Field(name="currency", aliases=("currency code", "currency iso code"), max_length=16, example="EUR"),
        Field(
            name="probability",
            type=FieldType.INTEGER,
            minimum=0,
            maximum=100,
            aliases=("probability %", "win probability"),
            help="Percent.",
            example="60",
        ),
        Field(
            name="close_date",
            type=FieldType.DATE,
            aliases=("closing date", "expected close date", "expected closing date", "closed date"),
            example="2025-09-30",
        ),
        Field(
            name="company_name",
            aliases=("company", "account", "account name", "organisation", "organization"),
            max_length=255,
            help="Linked to the company of that name, where there is one; otherwise it stays text.",
            example="Acme Corp",
        ),
        Field(
            name="contact_email",
            type=FieldType.EMAIL,
            aliases=("contact", "email", "primary contact email", "contact email address"),
            example="alice@example.com",
        ),
        Field(name="status", aliases=("deal status", "opportunity status"), max_length=255, example="open"),
        Field(
            name="owner", aliases=("deal owner", "opportunity owner", "sales rep"), max_length=255, example="Sam Lee"
        ),
        Field(name="source", aliases=("lead source",), max_length=255, example="Trade fair"),
        Field(name="notes", aliases=("note", "comments", "description", "next step"), example="Wants a demo"),
        Field(
            name="tags", type=FieldType.LIST, aliases=("tag", "labels", "categories"), max_length=255, example="web,ui"
        ),
        Field(name="metadata", type=FieldType.MAP, aliases=("meta",), example='{"round": 2}'),
        Field(name="company_id", type=FieldType.ID, is_computed=True, help="The company that company_name means."),
        Field(name="contact_id", type=FieldType.ID, is_computed=True, help="The contact that contact_email means."),
        Field(name="object", is_computed=True),
        Field(name="created_at", type=FieldType.DATETIME, is_computed=True),
        Field(name="updated_at", type=FieldType.DATETIME, is_computed=True),
    ),
    identities=(Identity(("id",)), Identity(("external_id",))),
    match_fields=(Identity(("name",), Normalisation.NAME),),
    references=(
        Reference(field="company_name", resource="companies", by=("name",), stored_as="company_id"),
        Reference(field="contact_email", resource="contacts", by=("email",), stored_as="contact_id"),
    ),
)
