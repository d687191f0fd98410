"""Where things lie in the project's folder."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The project."""
EMULATOR_PYTHON = ROOT / ".emulator" / "bin" / "python"
"""The interpreter that runs the emulator and, through AWS's own runtime client, the functions."""
STATE = ROOT / ".sluice"
"""What survives a restart of the embedded default."""
BUILD = ROOT / "build"
"""Packages, a folder per stage."""
SAMPLE = ROOT / "samples" / "customers.csv"
"""What `make run` imports unless a file is named; made by local/sample."""
