"""django-import-export into SQLite in memory: its fast modes and the one that validates."""

from typing import Any

import django
import tablib
from django.conf import settings
from django.db import connection, models
from import_export.instance_loaders import CachedInstanceLoader
from import_export.resources import ModelResource

from bench.contestant import RunRound
from bench.customers import customers_csv

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["import_export", "bench"],
    USE_TZ=True,
)
django.setup()


class Customer(models.Model):
    external_id = models.CharField(max_length=255, unique=True)
    name = models.CharField(max_length=255)
    email = models.EmailField(max_length=255)
    phone = models.CharField(max_length=64)
    company = models.CharField(max_length=255)
    status = models.CharField(max_length=20, choices=[(one, one) for one in ("active", "inactive", "Active")])
    sentiment = models.CharField(max_length=20)
    since = models.DateField()
    tags = models.CharField(max_length=255)
    notes = models.TextField()
    custom_fields = models.JSONField()

    class Meta:
        app_label = "bench"


NAMES = [one.name for one in Customer._meta.fields if one.name != "id"]


class Inserting(ModelResource):
    """As its documentation advises for bulk, and without a look for a match, which only an empty table allows."""

    class Meta:
        model = Customer
        fields = NAMES
        import_id_fields = ("external_id",)
        use_bulk = True
        batch_size = 1000
        force_init_instance = True
        skip_diff = True
        skip_html_diff = True
        use_transactions = False


class Matching(Inserting):
    """The fastest mode that does what an import does: a row changes the customer that it matches. All customers are
    read once and kept in memory for it."""

    class Meta(Inserting.Meta):
        force_init_instance = False
        skip_unchanged = True
        instance_loader_class = CachedInstanceLoader


class Validating(ModelResource):
    """Looks for every row's match, cleans every instance, and reports every row with its difference."""

    class Meta:
        model = Customer
        fields = NAMES
        import_id_fields = ("external_id",)
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True


def insert(rows: int) -> RunRound:
    return _contestant(rows, Inserting, is_once_each=True)


def match(rows: int) -> RunRound:
    return _contestant(rows, Matching, is_once_each=True)


def validate(rows: int) -> RunRound:
    return _contestant(rows, Validating, is_once_each=False)


def _contestant(rows: int, resource: type[Any], *, is_once_each: bool) -> RunRound:
    with connection.schema_editor() as editor:
        editor.create_model(Customer)
    content = customers_csv(rows).decode()

    def run_round() -> int:
        Customer.objects.all().delete()
        dataset = tablib.Dataset().load(content, format="csv")
        dataset.headers = [*NAMES, "owner"]
        found = resource().import_data(_once_each(dataset) if is_once_each else dataset, dry_run=False)
        assert not found.has_errors(), found.error_rows[0].errors[0].error
        assert Customer.objects.count() > rows // 2
        return rows

    return run_round


def _once_each(dataset: Any) -> Any:
    """Bulk modes end at the first repeated id, so that somebody has to look before."""
    seen: set[str] = set()
    kept = tablib.Dataset(headers=dataset.headers)
    for row in dataset:
        if row[0] not in seen:
            seen.add(row[0])
            kept.append(row)
    return kept
