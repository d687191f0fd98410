"""Runs `chalice package`, and does what it leaves undone.

In goes the project and a stage; out comes `build/<stage>/` with template.json and deployment.zip, ready for
CloudFormation. Nothing is done when nothing changed. Packages for AWS must be made by the interpreter that AWS runs.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.bundle import build_bundle, unpacked
from local.bundle_check import check_import
from local.fingerprint import each_source, fingerprint, wheels_fingerprint
from local.functions import write_chalice_files
from local.locks import locked
from local.paths import BUILD, ROOT
from local.template import LOCAL_STAGE, Template, finish_template, write_template

AWS_PYTHON = (3, 13)
DEPLOY = """
    sam deploy --template-file {template} --stack-name sluice-{stage} --resolve-s3 \\
        --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND
"""


@dataclass(frozen=True, slots=True)
class Package:
    """What is deployed: a folder, and the digest of all it was made of."""

    folder: Path
    fingerprint: str

    @property
    def template(self) -> Path:
        """Returns where the template lies."""
        return self.folder / "template.json"

    @property
    def bundle(self) -> Path:
        """Returns where the bundle lies."""
        return self.folder / "deployment.zip"

    @property
    def stamp(self) -> Path:
        """Returns where the digest of the last packaging lies."""
        return self.folder / "fingerprint"

    def is_current(self) -> bool:
        """Returns whether the folder holds what packaging again would make."""
        return self.stamp.is_file() and self.stamp.read_text() == self.fingerprint


def make_package(stage: str) -> Package:
    """Packages a stage, unless nothing has changed since, and returns the package. Raises SystemExit where Chalice
    fails.
    """
    with locked(BUILD / f"{stage}.lock", waits=True):
        package = Package(BUILD / stage, fingerprint(ROOT, stage))
        if not package.is_current():
            _refuse_other_pythons(stage)
            _package(stage, package)
            package.stamp.write_text(package.fingerprint)
        return package


def template_of(stage: str) -> Template:
    """Returns the finished template of a stage without making its bundle, in a second or two; wheels leave no trace in
    it.
    """
    with _project(with_requirements=False) as project:
        out = project / "build"
        _run_chalice(project, stage, out)
        return finish_template((out / "sam.yaml").read_text(), stage)


def main() -> None:
    """Packages a stage and says which command deploys it; nothing is deployed here."""
    stage = sys.argv[1]
    package = make_package(stage)
    print(f"{package.folder} is ready")
    if stage != LOCAL_STAGE:
        print(DEPLOY.format(template=package.template, stage=stage))


def _refuse_other_pythons(stage: str) -> None:
    if stage != LOCAL_STAGE and sys.version_info[:2] != AWS_PYTHON:
        raise SystemExit(f"stage {stage} must be packaged by Python {'.'.join(map(str, AWS_PYTHON))}")


def _package(stage: str, package: Package) -> None:
    wheels = BUILD / "wheels" / f"{wheels_fingerprint(ROOT, stage)}.zip"
    shutil.rmtree(package.folder, ignore_errors=True)
    with _project(with_requirements=not wheels.is_file()) as project:
        out = project / "build"
        _run_chalice(project, stage, out)
        requirements = (ROOT / "requirements.txt").read_text()
        package.folder.mkdir(parents=True)
        build_bundle(out / "deployment.zip", package.bundle, wheels=wheels, requirements=requirements)
        merged = (out / "sam.yaml").read_text()
    if stage == LOCAL_STAGE:
        _check_import(package.bundle)
    write_template(finish_template(merged, stage), package.template)


@contextmanager
def _project(*, with_requirements: bool) -> Iterator[Path]:
    """Gives a copy of the project with all that Chalice reads. Chalice keeps a zip beside it, with missing wheels or
    not, and does not complain about them a second time, so every packaging gets a new copy.

    Without requirements it packages the code alone, in a second: what the wheels hold is known.
    """
    with tempfile.TemporaryDirectory(prefix="sluice-project-") as name:
        for path in each_source(ROOT):
            copy = Path(name) / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        if not with_requirements:
            (Path(name) / "requirements.txt").write_text("")
        write_chalice_files(Path(name))
        yield Path(name)


def _run_chalice(project: Path, stage: str, out: Path) -> None:
    """Runs it. It downloads wheels for another processor by name and version alone; as constraints, the pins bring
    their hashes to those, too.
    """
    chalice = Path(sys.executable).parent / "chalice"
    command = [str(chalice), "package", "--stage", stage, "--merge-template", "template.yaml", str(out)]
    environment = os.environ | {"AWS_DEFAULT_REGION": "us-east-1", "PIP_CONSTRAINT": str(ROOT / "requirements.txt")}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    if done.returncode or "Could not install" in done.stdout + done.stderr:
        raise SystemExit(f"chalice package failed:\n{done.stdout}{done.stderr}")


def _check_import(bundle: Path) -> None:
    with unpacked(bundle) as folder:
        check_import(folder)


if __name__ == "__main__":
    main()
