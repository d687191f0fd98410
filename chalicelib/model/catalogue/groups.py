"""Groups of contacts or locations. Source: PackageX, resource `group`; CSV name,resource,id,location,children."""

from chalicelib.model.resources import Field, FieldType, Identity, Normalisation, Reference, Resource

GROUPS = Resource(
    name="groups",
    singular="group",
    id_prefix="grp",
    fields=(
        Field(name="id", type=FieldType.ID, example="grp_0001"),
        Field(name="external_id", aliases=("group id", "source id", "foreign id"), max_length=255, example="G-3"),
        Field(name="name", required=True, aliases=("group name", "group", "title"), max_length=255, example="Pilots"),
        Field(
            name="resource",
            type=FieldType.CHOICE,
            choices=("contact", "location"),
            choice_aliases={"contacts": "contact", "locations": "location"},
            aliases=("group type", "type"),
            default="contact",
            help="What the group consists of.",
            example="contact",
        ),
        Field(name="location", aliases=("location id", "site"), max_length=255, example="Head Office"),
        Field(
            name="children",
            type=FieldType.LIST,
            aliases=("members", "contacts", "child ids"),
            max_length=511,
            help="E-mail addresses of contacts; `Name:::email` is understood too.",
            example="alice@example.com,bob@example.com",
        ),
        Field(name="notes", aliases=("note", "comments", "description"), example="Night shift"),
        Field(name="metadata", type=FieldType.MAP, aliases=("meta",), example='{"floor": 3}'),
        Field(name="object", is_computed=True),
        Field(name="created_at", type=FieldType.DATETIME, is_computed=True),
        Field(name="updated_at", type=FieldType.DATETIME, is_computed=True),
    ),
    identities=(
        Identity(("id",)),
        Identity(("external_id",)),
        Identity(("name",), Normalisation.CASELESS),
    ),
    references=(Reference(field="children", resource="contacts", by=("email", "id")),),
    location_field="location",
)
