"""A zip archive that holds one table: which of its files that is.

Files that systems put beside others are looked through; of several tables none is taken, because nothing says which.
"""

from pathlib import PurePosixPath
from zipfile import ZipInfo

from chalicelib.errors import Refused
from chalicelib.formats.zip_package import ZipPackage

_SYSTEM_FOLDERS = frozenset({"__macosx", ".git", ".svn", "@eadir"})
_SYSTEM_FILES = frozenset({".ds_store", "thumbs.db", "desktop.ini", ".gitkeep", ".gitignore"})
_NAMED = 20


def only_member(package: ZipPackage) -> ZipInfo:
    """Raises Refused `unreadable_format` where there is none, or more than one."""
    members = [
        entry
        for entry in package.entries
        if not entry.filename.endswith(("/", "\\")) and not _is_system(entry.filename)
    ]
    if not members:
        raise Refused(
            "unreadable_format", "The ZIP archive holds no file. Put the file to import into it.", found="a ZIP archive"
        )
    if len(members) > 1:
        raise _too_many(members)
    return members[0]


def _is_system(name: str) -> bool:
    *folders, file = PurePosixPath(name.replace("\\", "/").lower()).parts or ("",)
    return bool(_SYSTEM_FOLDERS.intersection(folders)) or file in _SYSTEM_FILES or file.startswith(("._", "~$"))


def _too_many(members: list[ZipInfo]) -> Refused:
    listed = ", ".join(repr(one.filename[:80]) for one in members[:_NAMED])
    more = f" and {len(members) - _NAMED} more" if len(members) > _NAMED else ""
    message = f"The ZIP archive holds {len(members)} files: {listed}{more}. Send one of them, or each by itself."
    return Refused("unreadable_format", message, found="a ZIP archive", files=len(members))
