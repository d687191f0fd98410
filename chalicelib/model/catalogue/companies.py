"""Companies. Source: Kasar, object `companies`."""

from chalicelib.model.resources import Field, FieldType, Identity, Normalisation, Resource

COMPANIES = Resource(
    name="companies",
    singular="company",
    id_prefix="com",
    fields=(
        Field(name="id", type=FieldType.ID, example="com_0001"),
        Field(
            name="external_id",
            aliases=("company id", "account id", "source id", "foreign id", "crm id"),
            max_length=255,
            example="A-42",
        ),
        Field(
            name="domain",
            aliases=("company domain", "company domain name", "domain name", "email domain"),
            max_length=255,
            example="acme.example",
        ),
        Field(
            name="name",
            required=True,
            aliases=("company name", "company", "organisation", "organization", "account name", "business name"),
            max_length=255,
            example="Acme Corp",
        ),
        Field(
            name="website",
            type=FieldType.URL,
            aliases=("web", "website url", "url", "homepage"),
            example="https://acme.example",
        ),
        Field(
            name="phone",
            type=FieldType.PHONE,
            aliases=("phone number", "telephone", "tel", "main phone", "company phone"),
            example="+15551234567",
        ),
        Field(
            name="email",
            type=FieldType.EMAIL,
            aliases=("email address", "mail", "company email"),
            example="office@acme.example",
        ),
        Field(name="industry", aliases=("sector", "branch"), max_length=255, example="Printing"),
        Field(
            name="size",
            aliases=("company size", "employees", "number of employees", "employee count", "headcount"),
            max_length=255,
            example="50",
        ),
        Field(
            name="address",
            aliases=("street", "street address", "address line 1", "address1", "billing street"),
            max_length=1000,
            example="1 Main Street",
        ),
        Field(name="address_line2", aliases=("address 2", "suite"), max_length=1000, example="Floor 3"),
        Field(name="city", aliases=("town", "locality", "billing city"), max_length=255, example="New York"),
        Field(
            name="state",
            aliases=("region", "province", "county", "state abbr", "billing state"),
            max_length=255,
            example="NY",
        ),
        Field(
            name="postal_code",
            aliases=("zip", "zip code", "postcode", "postal", "plz", "billing zip"),
            max_length=64,
            example="10001",
        ),
        Field(
            name="country", aliases=("country name", "country code", "billing country"), max_length=255, example="USA"
        ),
        Field(name="status", aliases=("company status", "account status"), max_length=255, example="customer"),
        Field(
            name="linkedin",
            type=FieldType.URL,
            aliases=("linkedin url", "linkedin company page"),
            example="https://www.linkedin.com/company/acme",
        ),
        Field(name="owner", aliases=("account owner", "company owner"), max_length=255, example="sam@example.com"),
        Field(name="notes", aliases=("note", "comments", "description", "about"), example="Partner since 2019"),
        Field(name="tags", type=FieldType.LIST, aliases=("tag", "labels"), max_length=255, example="partner,print"),
        Field(name="metadata", type=FieldType.MAP, aliases=("meta",), example='{"sites": 3}'),
        Field(name="object", is_computed=True),
        Field(name="created_at", type=FieldType.DATETIME, is_computed=True),
        Field(name="updated_at", type=FieldType.DATETIME, is_computed=True),
    ),
    identities=(
        Identity(("id",)),
        Identity(("external_id",)),
        Identity(("domain",), Normalisation.CASELESS),
    ),
    match_fields=(
        Identity(("name",), Normalisation.NAME),
        Identity(("phone",), Normalisation.PHONE),
        Identity(("email",), Normalisation.EMAIL),
    ),
)
