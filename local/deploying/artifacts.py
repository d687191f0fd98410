"""Packages in a bucket, from which CloudFormation and Lambda read them.

Comes in: a target and a package. Goes out: the address of its template. The bucket is one for an account and a region,
is made if it is not there, and is private; a package that lies there already is not sent again.
"""

import json
from collections.abc import Callable
from pathlib import Path

from botocore.exceptions import ClientError

from local.deploy import for_emulator, point_at_bundle, with_bootstrap
from local.deploying.cloudformation_stack import DeployFailed
from local.deploying.target import Target
from local.package import Package
from local.template import Template, write_template

FIRST_REGION = "us-east-1"
"""The region that must not be named where a bucket is made."""
CLOSED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
OURS = "BucketAlreadyOwnedByYou"

OnBytes = Callable[[int], None]
"""Hears of every few bytes that were sent."""


def bucket_of(target: Target) -> str:
    """Returns the name of the bucket, which is the target's account's and region's."""
    return f"sluice-artifacts-{target.account}-{target.region}"


def keep_package(target: Target, package: Package, on_bytes: OnBytes = lambda _bytes: None) -> str:
    """Sends what is not there yet and returns the address of the template. Raises DeployFailed where the bucket cannot
    be had.
    """
    s3, bucket = target.client("s3"), bucket_of(target)
    _make_bucket(target, bucket)
    if not _is_there(target, bucket, package.bundle_key):
        if target.endpoint:
            s3.put_object(Bucket=bucket, Key=package.bundle_key, Body=with_bootstrap(package.bundle))
        else:
            s3.upload_file(str(package.bundle), bucket, package.bundle_key, Callback=on_bytes)
    template = package.folder / "deployed.json"
    write_template(template_for(target, package), template)
    s3.upload_file(str(template), bucket, package.template_key)
    return template_url(target, package)


def template_for(target: Target, package: Package) -> Template:
    """Returns the template of a package as it is deployed to the target."""
    template: Template = json.loads(Path(package.template).read_text())
    if target.endpoint:
        template = for_emulator(template)
    point_at_bundle(template, bucket_of(target), package.bundle_key)
    return template


def template_url(target: Target, package: Package) -> str:
    """Returns where CloudFormation finds the template."""
    root = target.endpoint or f"https://s3.{target.region}.{_suffix(target.region)}"
    return f"{root}/{bucket_of(target)}/{package.template_key}"


def _suffix(region: str) -> str:
    return "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"


def _make_bucket(target: Target, bucket: str) -> None:
    """Makes the bucket unless it is there. Its name is guessable, so that somebody else may have it: then nothing is
    sent.
    """
    s3 = target.client("s3")
    place = (
        {} if target.region == FIRST_REGION else {"CreateBucketConfiguration": {"LocationConstraint": target.region}}
    )
    try:
        s3.create_bucket(Bucket=bucket, **place)
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=CLOSED)
        s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=target.account)
    except ClientError as error:
        if error.response["Error"]["Code"] != OURS:
            raise DeployFailed(f"The bucket {bucket} for packages cannot be had: {error}") from None


def _is_there(target: Target, bucket: str, key: str) -> bool:
    try:
        target.client("s3").head_object(Bucket=bucket, Key=key, ExpectedBucketOwner=target.account)
    except ClientError:
        return False
    return True
