"""Assets: things that are lent to people. Source: PackageX, resource `asset`."""

from chalicelib.model.resources import Field, FieldType, Identity, Normalisation, Reference, Resource

ASSETS = Resource(
    name="assets",
    singular="asset",
    id_prefix="ast",
    fields=(
        Field(name="id", type=FieldType.ID, example="ast_0001"),
        Field(
            name="external_id",
            aliases=("asset id", "asset tag", "asset number", "source id", "foreign id"),
            max_length=255,
            example="T-100",
        ),
        Field(name="serial_number", aliases=("serial", "serial no", "s/n"), max_length=255, example="SN-2F-0193"),
        Field(
            name="name",
            required=True,
            aliases=("asset name", "asset", "title", "device name"),
            max_length=255,
            example="Laptop 14",
        ),
        Field(name="status", aliases=("asset status", "state", "condition"), max_length=255, example="in use"),
        Field(name="category", aliases=("asset type", "type"), max_length=255, example="Laptop"),
        Field(name="manufacturer", aliases=("brand", "make", "vendor"), max_length=255, example="Acme"),
        Field(name="model", aliases=("model number", "model name"), max_length=255, example="L14"),
        Field(name="location", aliases=("location id", "site"), max_length=255, example="Head Office"),
        Field(
            name="assigned_to",
            aliases=("assignee", "assigned user", "owner", "user", "holder"),
            max_length=255,
            help="The contact's e-mail address, id or external id.",
            example="alice@example.com",
        ),
        Field(name="purchase_date", type=FieldType.DATE, aliases=("purchased", "date purchased"), example="2024-11-05"),
        Field(name="notes", aliases=("note", "comments", "description"), example="Battery replaced"),
        Field(name="tags", type=FieldType.LIST, aliases=("tag", "labels"), max_length=255, example="it,loan"),
        Field(name="metadata", type=FieldType.MAP, aliases=("meta",), example='{"ram": "32 GB"}'),
        Field(name="object", is_computed=True),
        Field(name="created_at", type=FieldType.DATETIME, is_computed=True),
        Field(name="updated_at", type=FieldType.DATETIME, is_computed=True),
    ),
    identities=(
        Identity(("id",)),
        Identity(("external_id",)),
        Identity(("serial_number",), Normalisation.CASELESS),
    ),
    references=(Reference(field="assigned_to", resource="contacts", by=("email", "id", "external_id")),),
    location_field="location",
)
