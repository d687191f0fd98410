"""What lies in a bucket that keeps versions, deleted for good."""

from typing import Any


def empty_bucket(s3: Any, bucket: str, prefix: str = "") -> int:
    """Deletes every version of every object under the prefix, every marker of a deletion, and the parts of uploads that
    were not ended. Returns how many versions and markers there were; a bucket that does not exist has none.
    """
    deleted = 0
    try:
        for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket, Prefix=prefix):
            for upload in page.get("Uploads", []):
                s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
            found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            objects = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found]
            if objects:
                s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
            deleted += len(objects)
    except s3.exceptions.NoSuchBucket:
        return 0
    return deleted
