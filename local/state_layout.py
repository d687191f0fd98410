"""What lies where in the folder that survives a restart."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StateLayout:
    """The paths below one state folder."""

    root: Path

    @property
    def snapshots(self) -> Path:
        """Returns the folder of what is saved, see local/snapshots.py."""
        return self.root / "snapshots"

    @property
    def objects(self) -> Path:
        """Returns the folder of the objects of S3 as they are now."""
        return self.root / "s3"

    @property
    def changed(self) -> Path:
        """Returns the file whose time is that of the last change, saved or not."""
        return self.root / "changed"

    @property
    def emulator_lock(self) -> Path:
        """Returns the file that an emulator holds locked; it names the emulator's process."""
        return self.root / "emulator.lock"

    @property
    def log(self) -> Path:
        """Returns the emulator's log."""
        return self.root / "emulator.log"

    @property
    def temporary(self) -> Path:
        """Returns the folder of the emulator's temporary files."""
        return self.root / "tmp"
