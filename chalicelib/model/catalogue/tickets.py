"""Tickets: what customers ask. Source: cStar, "Tickets" (api-tickets)."""

from chalicelib.model.choice_words import PRIORITIES, TICKET_STATUSES
from chalicelib.model.resources import Field, FieldType, Identity, Reference, Resource

TICKETS = Resource(
    name="tickets",
    singular="ticket",
    id_prefix="tkt",
    fields=(
        Field(name="id", type=FieldType.ID, example="tkt_0001"),
        Field(
            name="external_id",
            aliases=("ticket id", "ticket number", "ticket #", "case number", "case id", "source id", "zendesk id"),
            max_length=255,
            example="ZD-4711",
        ),
        Field(
            name="title",
            required=True,
            aliases=("subject", "ticket subject", "summary", "topic"),
            max_length=1000,
            example="Cannot sign in",
        ),
        Field(
            name="status",
            type=FieldType.CHOICE,
            choices=("new", "open", "pending", "resolved", "closed"),
            choice_aliases=TICKET_STATUSES,
            aliases=("ticket status", "state"),
            default="new",
            example="open",
        ),
        Field(
            name="priority",
            type=FieldType.CHOICE,
            choices=("low", "normal", "high", "urgent"),
            choice_aliases=PRIORITIES,
            aliases=("ticket priority", "urgency"),
            default="normal",
            example="high",
        ),
        Field(
            name="customerId",
            aliases=("customer", "customer email", "requester", "requester id", "requester email"),
            max_length=255,
            help="The customer's id, external id or e-mail address.",
            example="jane@example.com",
        ),
        Field(name="customerName", aliases=("requester name", "contact name"), max_length=255, example="Jane Doe"),
        Field(
            name="assignedTo",
            aliases=("assignee", "assignee name", "assigned agent", "agent", "owner"),
            max_length=255,
            example="sam@example.com",
        ),
        Field(name="tags", type=FieldType.LIST, aliases=("tag", "labels"), max_length=255, example="login,mobile"),
        Field(name="notes", aliases=("note", "internal notes", "comments"), example="Reset the password twice"),
        Field(
            name="initialMessage",
            aliases=("message", "first message", "description", "body", "question"),
            example="I cannot sign in since this morning.",
        ),
        Field(name="response_deadline", type=FieldType.DATETIME, example="2025-03-01T12:00:00Z"),
        Field(
            name="resolution_deadline",
            type=FieldType.DATETIME,
            aliases=("due date", "due at", "deadline"),
            example="2025-03-03T12:00:00Z",
        ),
        Field(
            name="first_response_at",
            type=FieldType.DATETIME,
            aliases=("first response", "first response time"),
            example="2025-03-01T09:30:00Z",
        ),
        Field(name="sla_paused", type=FieldType.BOOLEAN, example="false"),
        Field(
            name="resolved_at",
            type=FieldType.DATETIME,
            aliases=("solved at", "resolution date"),
            example="2025-03-02T08:00:00Z",
        ),
        Field(
            name="closed_at",
            type=FieldType.DATETIME,
            aliases=("closed", "date closed", "closed date"),
            example="2025-03-02T09:00:00Z",
        ),
        Field(name="metadata", type=FieldType.MAP, aliases=("meta",), example='{"channel": "chat"}'),
        Field(name="object", is_computed=True),
        Field(name="message_count", type=FieldType.INTEGER, is_computed=True),
        Field(name="created_at", type=FieldType.DATETIME, is_computed=True),
        Field(name="updated_at", type=FieldType.DATETIME, is_computed=True),
    ),
    identities=(Identity(("id",)), Identity(("external_id",))),
    references=(Reference(field="customerId", resource="customers", by=("id", "external_id", "email")),),
)
