"""Customers: the people a support team answers. Source: cStar, "Customers" (api-customers) and its importer."""

from chalicelib.model.choice_words import CUSTOMER_STATUSES
from chalicelib.model.resources import Field, FieldType, Identity, Normalisation, Resource

CUSTOMERS = Resource(
    name="customers",
    singular="customer",
    id_prefix="cus",
    fields=(
        Field(name="id", type=FieldType.ID, example="cus_jane"),
        Field(
            name="external_id",
            aliases=("customer id", "user id", "source id", "foreign id", "reference", "zendesk id", "crm id"),
            max_length=255,
            example="C-1001",
        ),
        Field(
            name="email",
            type=FieldType.EMAIL,
            aliases=("email address", "mail", "customer email", "primary email", "e-mail 1 value"),
            example="jane@example.com",
        ),
        Field(
            name="name",
            required=True,
            aliases=("full name", "customer name", "customer", "display name", "contact name"),
            max_length=255,
            example="Jane Doe",
        ),
        Field(
            name="first_name",
            part_of="name",
            aliases=("given name", "forename"),
            max_length=127,
            help="Makes the name with `last_name`, where a row gives both and no name.",
            example="Jane",
        ),
        Field(name="last_name", part_of="name", aliases=("family name", "surname"), max_length=127, example="Doe"),
        Field(
            name="phone",
            type=FieldType.PHONE,
            aliases=("phone number", "telephone", "tel", "mobile", "mobile phone", "cell", "phone 1 value"),
            example="+15551234567",
        ),
        Field(
            name="company",
            aliases=("company name", "organisation", "organization", "account", "account name"),
            max_length=255,
            example="Acme Corp",
        ),
        Field(
            name="status",
            type=FieldType.CHOICE,
            choices=("active", "inactive"),
            choice_aliases=CUSTOMER_STATUSES,
            default="active",
            example="active",
        ),
        Field(
            name="sentiment",
            type=FieldType.CHOICE,
            choices=("happy", "neutral", "frustrated", "angry", "positive", "negative"),
            help="cStar's guides and its reference name different words; each is kept as given.",
            example="happy",
        ),
        Field(
            name="customer_since",
            type=FieldType.DATE,
            aliases=("since", "signup date", "joined", "member since", "first order date"),
            example="2024-03-01",
        ),
        Field(name="tags", type=FieldType.LIST, aliases=("tag", "labels"), max_length=255, example="vip,newsletter"),
        Field(name="notes", aliases=("note", "comments", "comment", "details"), example="Prefers e-mail"),
        Field(name="customFields", type=FieldType.MAP, aliases=("custom attributes",), example='{"plan": "gold"}'),
        Field(name="metadata", type=FieldType.MAP, aliases=("meta",), example='{"origin": "trade fair"}'),
        Field(name="object", is_computed=True),
        Field(name="ticket_count", type=FieldType.INTEGER, is_computed=True),
        Field(name="created_at", type=FieldType.DATETIME, is_computed=True),
        Field(name="updated_at", type=FieldType.DATETIME, is_computed=True),
    ),
    identities=(
        Identity(("id",)),
        Identity(("external_id",)),
        Identity(("email",), Normalisation.EMAIL),
    ),
)
