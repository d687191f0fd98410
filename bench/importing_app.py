"""Seconds of CPU until the API function is ready for its first request, in this fresh process.

`ours FOLDER`: the bundle's app is imported, its stores and their clients made. `peer`: chalice, a pydantic model and
the same clients of boto3. Run with `-I -S`, so that nothing is imported before; SITE is where packages lie.
"""

import importlib.abc
import importlib.machinery
import os
import sys
import time

GIVEN = {"boto3", "botocore", "s3transfer", "urllib3", "dateutil", "six", "jmespath"}
"""What Lambda's runtime brings along."""
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_DEFAULT_REGION": "us-east-1",
    "POWERTOOLS_SERVICE_NAME": "sluice",
    "SLUICE_CONTROL_TABLE": "control",
    "SLUICE_RECORDS_TABLE": "records",
    "SLUICE_IDEMPOTENCY_TABLE": "idempotency",
    "SLUICE_DYNAMODB_URL": "https://dynamodb.us-east-1.amazonaws.com",
    "SLUICE_BUCKET": "bucket",
    "SLUICE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:bench",
    "SLUICE_EXPORT_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:exports",
}


class Given(importlib.abc.MetaPathFinder):
    def __init__(self, site: str) -> None:
        self._site = site

    def find_spec(self, name, path=None, target=None):  # type: ignore[no-untyped-def] # as importlib has it
        if name.partition(".")[0] in GIVEN:
            return importlib.machinery.PathFinder.find_spec(name, path or [self._site])
        return None


def ours(folder: str) -> None:
    sys.path.insert(0, folder)
    import app  # noqa: PLC0415 -- this is what is measured

    app._context()


def peer() -> None:
    import boto3  # noqa: PLC0415
    from chalice.app import Chalice  # noqa: PLC0415
    from pydantic import BaseModel  # noqa: PLC0415

    class Model(BaseModel):
        name: str
        email: str
        tags: list[str] = []

    Chalice(app_name="bench")
    Model(name="Jane", email="jane@example.com")
    for service in ("dynamodb", "s3", "stepfunctions", "events"):
        boto3.client(service)


def main() -> None:
    who, site, folder = sys.argv[1:]
    os.environ.update(ENVIRONMENT)
    sys.meta_path.append(Given(site)) if who == "ours" else sys.path.append(site)
    since = time.process_time()
    ours(folder) if who == "ours" else peer()
    print(time.process_time() - since)


if __name__ == "__main__":
    main()
