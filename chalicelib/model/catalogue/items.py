"""Items: what is kept in stock. Source: PackageX, resource `item`."""

from chalicelib.model.resources import Field, FieldType, Identity, Normalisation, Resource

ITEMS = Resource(
    name="items",
    singular="item",
    id_prefix="itm",
    fields=(
        Field(name="id", type=FieldType.ID, example="itm_0001"),
        Field(
            name="external_id",
            aliases=("item id", "product id", "source id", "foreign id"),
            max_length=255,
            example="I-5",
        ),
        Field(
            name="sku",
            aliases=("item number", "item code", "product code", "article number", "part number", "stock keeping unit"),
            max_length=255,
            example="PAPER-A4-80",
        ),
        Field(
            name="name",
            required=True,
            aliases=("item name", "product name", "item", "product", "title"),
            max_length=255,
            example="Paper A4, 80 g",
        ),
        Field(
            name="quantity",
            type=FieldType.DECIMAL,
            aliases=("qty", "stock", "units in stock", "on hand", "count"),
            help="A decimal, since units may be weights.",
            example="12",
        ),
        Field(name="unit", aliases=("uom", "unit of measure", "units"), max_length=64, example="box"),
        Field(name="price", type=FieldType.DECIMAL, aliases=("unit price", "cost", "list price"), example="4.95"),
        Field(name="currency", aliases=("currency code",), max_length=16, example="EUR"),
        Field(name="location", aliases=("location id", "site", "warehouse"), max_length=255, example="Warehouse 2"),
        Field(name="notes", aliases=("note", "comments", "description"), example="Order by Friday"),
        Field(name="tags", type=FieldType.LIST, aliases=("tag", "labels"), max_length=255, example="office,paper"),
        Field(name="metadata", type=FieldType.MAP, aliases=("meta",), example='{"shelf": "B4"}'),
        Field(name="object", is_computed=True),
        Field(name="created_at", type=FieldType.DATETIME, is_computed=True),
        Field(name="updated_at", type=FieldType.DATETIME, is_computed=True),
    ),
    identities=(
        Identity(("id",)),
        Identity(("external_id",)),
        Identity(("sku",), Normalisation.CASELESS),
    ),
    location_field="location",
)
