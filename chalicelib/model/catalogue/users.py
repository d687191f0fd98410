"""Users: the agents of a call centre. Source: Talkdesk, bulk imports of users, the CSV's columns.

`current_email` finds a user whose address the row changes: it is compared with the stored `email` and never stored.
"""

from chalicelib.model.resources import Field, FieldType, Identity, Normalisation, Resource

USERS = Resource(
    name="users",
    singular="user",
    id_prefix="usr",
    fields=(
        Field(name="id", type=FieldType.ID, aliases=("user id",), example="usr_0001"),
        Field(
            name="current_email",
            type=FieldType.EMAIL,
            stands_for="email",
            aliases=("current email address", "old email"),
            help="The address the user has so far, where `email` changes it.",
            example="alice@example.com",
        ),
        Field(
            name="full_name",
            required=True,
            aliases=("name", "user name", "agent name", "display name"),
            max_length=255,
            example="Alice Martin",
        ),
        Field(
            name="first_name",
            part_of="full_name",
            aliases=("given name", "forename"),
            max_length=127,
            help="Makes the full name with `last_name`, where a row gives both and no `full_name`.",
            example="Alice",
        ),
        Field(
            name="last_name", part_of="full_name", aliases=("family name", "surname"), max_length=127, example="Martin"
        ),
        Field(
            name="email",
            type=FieldType.EMAIL,
            required=True,
            aliases=("email address", "mail", "new email", "user email"),
            example="alice.martin@example.com",
        ),
        Field(
            name="ring_groups",
            type=FieldType.LIST,
            aliases=("ring group",),
            max_length=255,
            default="agent",
            example="agent,sales",
        ),
        Field(
            name="active",
            type=FieldType.BOOLEAN,
            aliases=("agent activation", "is active", "enabled"),
            default=True,
            example="true",
        ),
        Field(name="internal_extension", type=FieldType.INTEGER, aliases=("extension",), minimum=0, example="4711"),
        Field(
            name="external_phone",
            type=FieldType.PHONE,
            aliases=("external phone number", "phone", "phone number"),
            example="+15551234567",
        ),
        Field(name="role", aliases=("user role", "roles"), max_length=255, example="agent"),
        Field(name="team", aliases=("team name", "teams"), max_length=255, example="Support"),
        Field(name="object", is_computed=True),
        Field(name="created_at", type=FieldType.DATETIME, is_computed=True),
        Field(name="updated_at", type=FieldType.DATETIME, is_computed=True),
    ),
    identities=(
        Identity(("id",)),
        Identity(("email",), Normalisation.EMAIL),
    ),
)
