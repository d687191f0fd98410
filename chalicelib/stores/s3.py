"""Objects of one bucket in S3, as `stores.interfaces.Files` promises.

Comes in: keys and bytes. Goes out: object versions, streams, signed URLs. A read that breaks off is `Retryable`, so
that half a file is never taken for a whole one.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, BinaryIO, Literal, cast

from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.errors import NotFound, Retryable
from chalicelib.stores.clients import CONFIG, Session, code_of, is_aws, lazy_client, retryable_errors
from chalicelib.stores.interfaces import FileRange, StoredFile, StoredPart, StoredVersion, VersionMarker, VersionPage
from chalicelib.stores.read_ahead import each_ahead
from chalicelib.stores.s3_answers import (
    NO_VERSION,
    READ_BYTES,
    Body,
    content_disposition,
    to_stored,
    version_of,
)
from chalicelib.stores.s3_joined import JoinedPieces, size_of
from chalicelib.stores.s3_multipart import ABSENT, MultipartUpload, complete_upload, find_parts, start_upload

LARGEST_COPY = 5 << 30
"""What S3 copies in one request."""
RANGES_AHEAD = 8
"""Parts of objects that are read ahead, each by a thread of its own."""
ANY_TYPE = "application/octet-stream"


class S3Files:
    """Keeps the promises of `stores.interfaces.Files`."""

    def __init__(self, session: Session, bucket: str) -> None:
        virtual = lazy_client(lambda: session.client("s3", config=_config("virtual")))
        path = lazy_client(lambda: session.client("s3", config=_config("path")))
        self._client = lazy_client(lambda: virtual() if is_aws(virtual().meta.endpoint_url) else path())
        self._bucket = bucket

    @property
    def bucket(self) -> str:
        """Does what `Files.bucket` promises."""
        return self._bucket

    def find_file(self, key: str, version_id: str | None = None) -> StoredFile | None:
        """Does what `Files.find_file` promises."""
        try:
            with retryable_errors(f"looking for {key}"):
                head = self._client().head_object(**self._object(key, version_id))
        except ClientError as error:
            if code_of(error) in ABSENT:
                return None
            raise
        return StoredFile(
            key=key,
            size_bytes=head["ContentLength"],
            version_id=version_of(head),
            checksum=head["ETag"].strip('"'),
            content_type=head.get("ContentType", ""),
        )

    @contextmanager
    def _opened(self, key: str, version_id: str | None, start: int, end: int | None) -> Iterator[BinaryIO]:
        body = self._get(key, version_id, start, end)
        try:
            yield cast(BinaryIO, io.BufferedReader(body, READ_BYTES)) if body else io.BytesIO()
        finally:
            if body:
                body.release()

    def open_file(
        self, key: str, version_id: str | None = None, *, start: int = 0, end: int | None = None
    ) -> AbstractContextManager[BinaryIO]:
        """Does what `Files.open_file` promises."""
        return self._opened(key, version_id, start, end)

    def read_file(self, key: str) -> bytes:
        """Does what `Files.read_file` promises."""
        with self.open_file(key) as stream:
            return stream.read()

    def read_ranges(self, ranges: Sequence[FileRange]) -> Iterator[bytes | None]:
        """Does what `Files.read_ranges` promises."""
        return each_ahead(self._find_range, ranges, threads=RANGES_AHEAD)

    def read_end(self, key: str, size_bytes: int) -> bytes:
        """A server that ignores the range sends the whole, see `Body`."""
        answer = self._answer_to_get(key, None, f"bytes=-{size_bytes}")
        return b"" if answer is None else Body(answer["Body"], key).readall()[-size_bytes:]

    def write_file(self, key: str, content: bytes, *, content_type: str = "application/octet-stream") -> StoredFile:
        """Does what `Files.write_file` promises."""
        with retryable_errors(f"writing {key}"):
            put = self._client().put_object(**self._object(key), Body=content, ContentType=content_type)
        return self._stored(key, len(content), content_type, put)

    def write_stream(self, key: str, chunks: Iterable[bytes], *, content_type: str) -> StoredFile:
        """Does what `Files.write_stream` promises."""
        return self.write_streams({key: content_type}, ((key, chunk) for chunk in chunks))[0]

    def write_streams(self, content_types: Mapping[str, str], chunks: Iterable[tuple[str, bytes]]) -> list[StoredFile]:
        """Does what `Files.write_streams` promises."""
        uploads = {key: MultipartUpload(self._client(), self._object(key), of) for key, of in content_types.items()}
        finished: list[StoredFile] = []
        try:
            for key, chunk in chunks:
                uploads[key].add(chunk)
            for key, one in uploads.items():
                finished.append(self._stored(key, one.size_bytes, content_types[key], one.complete()))
        except BaseException:
            for one in [*uploads.values()][len(finished) :]:
                one.abort()
            raise
        return finished

    def concatenate(self, pieces: Sequence[FileRange | bytes], key: str, *, content_type: str) -> StoredFile:
        """Does what `Files.concatenate` promises."""
        found = [one if isinstance(one, bytes) or one.end is not None else self._whole(one) for one in pieces]
        joined = JoinedPieces(self._client(), self._bucket, self._read_range)
        answer = joined.write(found, self._object(key), content_type)
        return self._stored(key, sum(map(size_of, found)), content_type, answer)

    def copy_file(self, source: StoredFile, key: str) -> None:
        """Does what `Files.copy_file` promises."""
        if source.size_bytes > LARGEST_COPY:
            whole = FileRange(source.key, 0, source.size_bytes, source.version_id)
            self.concatenate([whole], key, content_type=source.content_type)
            return
        origin: Any = self._object(source.key, source.version_id)
        with retryable_errors(f"copying {source.key}"):
            self._client().copy_object(**self._object(key), CopySource=origin)

    def list_keys(self, prefix: str) -> list[str]:
        """Does what `Files.list_keys` promises."""
        pages = self._client().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        with retryable_errors(f"listing {prefix}"):
            return [one["Key"] for page in pages for one in page.get("Contents", [])]

    def list_versions(self, key: str) -> list[StoredFile]:
        """Does what `Files.list_versions` promises."""
        with retryable_errors(f"listing {key}"):
            listed = self._client().list_object_versions(Bucket=self._bucket, Prefix=key)
        return [to_stored(one) for one in listed.get("Versions", []) if one["Key"] == key]

    def list_version_page(self, prefix: str, *, after: VersionMarker | None = None) -> VersionPage:
        """Does what `Files.list_version_page` promises."""
        marker = {"KeyMarker": after.key, "VersionIdMarker": after.version_id or NO_VERSION} if after else {}
        with retryable_errors(f"listing {prefix}"):
            listed = self._client().list_object_versions(Bucket=self._bucket, Prefix=prefix, **marker)
        versions = tuple(
            StoredVersion(to_stored(one), int(one["LastModified"].timestamp())) for one in listed.get("Versions", [])
        )
        if not listed.get("IsTruncated"):
            return VersionPage(versions, None)
        next_id = version_of({"VersionId": listed.get("NextVersionIdMarker")})
        return VersionPage(versions, VersionMarker(listed["NextKeyMarker"], next_id))

    def delete_files(self, prefix: str) -> int:
        """Keeps `Files.delete_files`: every version goes, so that nothing of a customer's file is left."""
        keys: set[str] = set()
        pages = self._client().get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=prefix)
        with retryable_errors(f"deleting {prefix}"):
            for page in pages:
                keys.update(one["Key"] for one in page.get("Versions", []))
                self._delete_all([*page.get("Versions", []), *page.get("DeleteMarkers", [])])
        return len(keys)

    def delete_versions(self, versions: Iterable[StoredFile]) -> None:
        """Does what `Files.delete_versions` promises."""
        objects: list[Any] = [{"Key": one.key, "VersionId": one.version_id or "null"} for one in versions]
        with retryable_errors(f"deleting {len(objects)} versions"):
            self._delete_all(objects)

    def upload_url(
        self, key: str, *, expires_s: int, content_type: str | None = None, size_bytes: int | None = None
    ) -> str:
        """Does what `Files.upload_url` promises."""
        signed: dict[str, Any] = {"ContentType": content_type, "ContentLength": size_bytes}
        given = {name: value for name, value in signed.items() if value is not None}
        return self._signed("put_object", {**self._object(key), **given}, expires_s)

    def start_parts(self, key: str, *, content_type: str) -> str:
        """Does what `Files.start_parts` promises."""
        return start_upload(self._client(), self._object(key), content_type or ANY_TYPE)

    def part_url(self, key: str, upload_id: str, number: int, *, size_bytes: int, expires_s: int) -> str:
        """Does what `Files.part_url` promises."""
        part = {"PartNumber": number, "ContentLength": size_bytes}
        return self._signed("upload_part", self._upload(key, upload_id) | part, expires_s)

    def list_parts(self, key: str, upload_id: str, numbers: range | None = None) -> list[StoredPart] | None:
        """Does what `Files.list_parts` promises."""
        return find_parts(self._client(), self._upload(key, upload_id), numbers)

    def complete_parts(self, key: str, upload_id: str, parts: Sequence[StoredPart]) -> None:
        """Does what `Files.complete_parts` promises."""
        complete_upload(self._client(), self._upload(key, upload_id), parts)

    def download_url(self, key: str, *, expires_s: int, filename: str) -> str:
        """Does what `Files.download_url` promises."""
        request = {**self._object(key), "ResponseContentDisposition": content_disposition(filename)}
        return self._signed("get_object", request, expires_s)

    def _signed(self, operation: str, request: dict[str, Any], expires_s: int) -> str:
        return str(self._client().generate_presigned_url(operation, Params=request, ExpiresIn=expires_s))

    def _object(self, key: str, version_id: str | None = None) -> dict[str, Any]:
        return {"Bucket": self._bucket, "Key": key, **({"VersionId": version_id} if version_id else {})}

    def _upload(self, key: str, upload_id: str) -> dict[str, Any]:
        return self._object(key) | {"UploadId": upload_id}

    def _get(self, key: str, version_id: str | None, start: int, end: int | None) -> "Body | None":
        """Returns the bytes asked for; None if the object ends before `start`, or nothing is asked for."""
        if end is not None and end <= start:
            return None
        last = "" if end is None else end - 1
        range_ = f"bytes={start}-{last}" if start or end is not None else None
        answer = self._answer_to_get(key, version_id, range_)
        if answer is None:
            return None
        is_whole = bool(range_) and "ContentRange" not in answer
        return Body(answer["Body"], key, skipped=start, end=end) if is_whole else Body(answer["Body"], key)

    def _answer_to_get(self, key: str, version_id: str | None, range_: str | None) -> Any:
        """Returns None if the object has no byte in the range."""
        at: dict[str, Any] = {"Range": range_} if range_ else {}
        try:
            with retryable_errors(f"opening {key}"):
                return self._client().get_object(**self._object(key, version_id), **at)
        except ClientError as error:
            if code_of(error) in ABSENT:
                raise NotFound("not_found", f"There is no file {key!r}.") from error
            if code_of(error) == "InvalidRange":
                return None
            raise

    def _find_range(self, wanted: FileRange) -> bytes | None:
        try:
            return self._read_range(wanted)
        except NotFound:
            return None

    def _read_range(self, wanted: FileRange) -> bytes:
        with self.open_file(wanted.key, wanted.version_id, start=wanted.start, end=wanted.end) as stream:
            return stream.read()

    def _whole(self, piece: FileRange) -> FileRange:
        """With its end, and in the version that is the newest now."""
        file = self.find_file(piece.key, piece.version_id)
        if file is None:
            raise NotFound("not_found", f"There is no file {piece.key!r}.")
        return FileRange(piece.key, piece.start, file.size_bytes, file.version_id)

    def _stored(self, key: str, size_bytes: int, content_type: str, answer: Any) -> StoredFile:
        return StoredFile(
            key=key,
            size_bytes=size_bytes,
            version_id=version_of(answer),
            checksum=answer["ETag"].strip('"'),
            content_type=content_type,
        )

    def _delete_all(self, versions: list[Any]) -> None:
        objects: list[Any] = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in versions]
        if not objects:
            return
        answer = self._client().delete_objects(Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True})
        if errors := answer.get("Errors"):
            raise Retryable(f"S3 did not delete {len(errors)} of {len(objects)} versions: {errors[0].get('Code')}")


def _config(addressing_style: Literal["path", "virtual"]) -> Config:
    """Returns the settings: checksums only where S3 demands them, since a signed URL must not ask its
    caller for one.
    """
    signing = Config(
        signature_version="s3v4",
        s3={"addressing_style": addressing_style},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return CONFIG.merge(signing)
