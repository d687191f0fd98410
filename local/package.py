"""`chalice package` and what it leaves to others.

In goes the project and a stage; out comes `build/<stage>/` with template.json and deployment.zip, ready for
CloudFormation. Nothing is done when nothing changed. Packages for AWS must be made by the interpreter that AWS runs.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from local.bundle import rebuild_bundle
from local.fingerprint import fingerprint, requirements_fingerprint
from local.paths import BUILD, ROOT
from local.template import finish_template, write_template

LOCAL_STAGE = "local"
AWS_PYTHON = (3, 13)


@dataclass(frozen=True, slots=True)
class Package:
    """What is deployed: a folder, and the hash of all it was made of."""

    folder: Path
    fingerprint: str

    @property
    def template(self) -> Path:
        return self.folder / "template.json"

    @property
    def bundle(self) -> Path:
        return self.folder / "deployment.zip"

    @property
    def stamp(self) -> Path:
        return self.folder / "fingerprint"

    def is_current(self) -> bool:
        return self.stamp.is_file() and self.stamp.read_text() == self.fingerprint


def make_package(stage: str) -> Package:
    package = Package(BUILD / stage, fingerprint(ROOT, stage))
    if not package.is_current():
        _refuse_other_pythons(stage)
        _package(stage, package)
        package.stamp.write_text(package.fingerprint)
    return package


def main() -> None:
    package = make_package(sys.argv[1])
    print(f"{package.template} and {package.bundle.name} are ready")


def _refuse_other_pythons(stage: str) -> None:
    if stage != LOCAL_STAGE and sys.version_info[:2] != AWS_PYTHON:
        raise SystemExit(f"stage {stage} must be packaged by Python {'.'.join(map(str, AWS_PYTHON))}")


def _package(stage: str, package: Package) -> None:
    raw = package.folder / "chalice"
    shutil.rmtree(package.folder, ignore_errors=True)
    with VerifiedWheels(stage):
        _run_chalice(stage, raw)
        requirements = (ROOT / "requirements.txt").read_text()
        rebuild_bundle(raw / "deployment.zip", package.bundle, requirements, runs_here=stage == LOCAL_STAGE)
    definition = (ROOT / "statemachine" / "import.asl.json").read_text()
    write_template(finish_template((raw / "sam.yaml").read_text(), definition, stage), package.template)
    shutil.rmtree(raw)


class VerifiedWheels:
    """Chalice's own cache of wheels, kept only after a bundle made from it was found complete.

    Chalice caches a zip with a missing wheel and never says so again; without any cache, each change of a line of
    code would download everything.
    """

    def __init__(self, stage: str) -> None:
        self.folder = ROOT / ".chalice" / "deployments"
        self.stamp = self.folder / "verified"
        self.wanted = requirements_fingerprint(ROOT, stage)

    def __enter__(self) -> None:
        if not self.stamp.is_file() or self.stamp.read_text() != self.wanted:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.stamp.unlink(missing_ok=True)

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error is None:
            self.stamp.write_text(self.wanted)


def _run_chalice(stage: str, out: Path) -> None:
    chalice = Path(sys.executable).parent / "chalice"
    command = [str(chalice), "package", "--stage", stage, "--merge-template", "template.yaml", str(out)]
    environment = os.environ | {"AWS_DEFAULT_REGION": "us-east-1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode or "Could not install" in done.stdout + done.stderr:
        raise SystemExit(f"chalice package failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
