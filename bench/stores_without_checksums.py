"""Stores in memory whose bucket makes no checksums, because S3 makes those of its objects on its own machines."""

import time
from dataclasses import replace

from chalicelib.stores import memory
from chalicelib.stores.interfaces import Stores


class FilesWithoutChecksums(memory.MemoryFiles):
    """A bucket in memory in which the size of a file stands for its checksum."""

    @staticmethod
    def checksum_of(content: bytes) -> str:
        """Returns the size of the content."""
        return str(len(content))


def stores() -> Stores:
    """Makes new, empty stores."""
    return replace(memory.stores(), files=FilesWithoutChecksums(clock=time.time))
