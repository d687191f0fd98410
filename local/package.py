"""Runs `chalice package`, and does what it leaves undone.

In goes the project and a stage; out comes `build/<stage>/` with template.json and deployment.zip, ready for
CloudFormation. Nothing is done when nothing changed. Any Python makes packages for AWS; see `local/wheels.py`.
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

from chalicelib.api.console.files import write_joined
from local.bundle import build_bundle, unpacked
from local.bundle_check import check_import
from local.fingerprint import each_source, fingerprint, wheels_fingerprint
from local.functions import write_chalice_files
from local.installer import NotInstalled
from local.locks import locked
from local.paths import BUILD, EMULATOR_PYTHON, ROOT
from local.template import AWS_PYTHON, LOCAL_STAGE, Template, finish_template, write_template
from local.waiting import waiting
from local.wheels import Runtime, keep_wheels, runtime_of

AS_SOURCE = f"""There is no Python {AWS_PYTHON} here to compile for AWS, so the package holds no bytecode, and cold
starts take longer. Name one with AWS_PYTHON=…"""
DEPLOY = "make deploy STAGE={stage} deploys it; docs/deploying.md tells more."


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
    def bundle_key(self) -> str:
        """Returns the name of the bundle where packages are kept."""
        return f"{self.fingerprint}.zip"

    @property
    def template_key(self) -> str:
        """Returns the name of the template beside it."""
        return f"{self.fingerprint}.json"

    @property
    def stamp(self) -> Path:
        """Returns where the digest of the last packaging lies."""
        return self.folder / "fingerprint"

    def is_current(self) -> bool:
        """Returns whether the folder holds what packaging again would make."""
        return self.stamp.is_file() and self.stamp.read_text() == self.fingerprint


def make_package(stage: str, *, for_emulator: bool = False) -> Package:
    """Packages a stage, unless nothing has changed since, and returns the package. With `for_emulator` it has the
    wheels of the emulator's Python in place of AWS's, and a folder of its own. Raises SystemExit where Chalice fails,
    or wheels are not to be had.
    """
    folder = BUILD / (f"{stage}-emulated" if for_emulator else stage)
    with locked(folder.with_suffix(".lock"), waits=True):
        runtime = runtime_of(LOCAL_STAGE if for_emulator else stage)
        package = Package(folder, fingerprint(ROOT, stage, runtime.name))
        if not package.is_current():
            _package(stage, package, runtime)
            package.stamp.write_text(package.fingerprint)
        return package


def template_of(stage: str) -> Template:
    """Returns the finished template of a stage without making its bundle, in a second or two; wheels leave no trace in
    it.
    """
    with _project() as project:
        out = project / "build"
        _run_chalice(project, stage, out)
        return finish_template((out / "sam.yaml").read_text(), stage)


def main() -> None:
    """Packages a stage, proves that it holds all it imports, and says how it is deployed; nothing is deployed here."""
    stage = sys.argv[1]
    with waiting(f"packaging {stage}"):
        package = make_package(stage)
        if stage == LOCAL_STAGE:
            _check_import(package.bundle)
    print(f"{package.folder} is ready")
    if stage != LOCAL_STAGE:
        print(DEPLOY.format(stage=stage))
        if runtime_of(stage).compiler is None:
            print(AS_SOURCE)


def _package(stage: str, package: Package, runtime: Runtime) -> None:
    wheels = _wheels(runtime)
    shutil.rmtree(package.folder, ignore_errors=True)
    with _project() as project:
        out = project / "build"
        _run_chalice(project, stage, out)
        package.folder.mkdir(parents=True)
        build_bundle(out / "deployment.zip", package.bundle, wheels=wheels, compiler=runtime.compiler)
        merged = (out / "sam.yaml").read_text()
    write_template(finish_template(merged, stage), package.template)


def _wheels(runtime: Runtime) -> Path:
    """Returns the zip of the wheels, which is made if it is not there."""
    kept = BUILD / "wheels" / f"{wheels_fingerprint(ROOT, runtime.name)}.zip"
    if not kept.is_file():
        try:
            keep_wheels(kept, runtime)
        except NotInstalled as error:
            raise SystemExit(f"The wheels of the bundle cannot be had. {error}") from None
    return kept


@contextmanager
def _project() -> Iterator[Path]:
    """Gives a copy of the project with all that Chalice reads, but without requirements: it packages the code alone, in
    a second. The wheels are ours to fetch, for Chalice does so by name and version, and for its own Python alone.
    """
    with tempfile.TemporaryDirectory(prefix="sluice-project-") as name:
        for path in each_source(ROOT):
            copy = Path(name) / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        (Path(name) / "requirements.txt").write_text("")
        write_joined(Path(name) / "chalicelib/console")
        write_chalice_files(Path(name))
        yield Path(name)


def _run_chalice(project: Path, stage: str, out: Path) -> None:
    """Runs it without leaving bytecode, which it would put into the zip, for whichever Python this is."""
    chalice = Path(sys.executable).parent / "chalice"
    command = [str(chalice), "package", "--stage", stage, "--merge-template", "template.yaml", str(out)]
    environment = os.environ | {"AWS_DEFAULT_REGION": "us-east-1", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"chalice package failed:\n{done.stdout}{done.stderr}")


def _check_import(bundle: Path) -> None:
    with unpacked(bundle) as folder:
        check_import(folder, EMULATOR_PYTHON)


if __name__ == "__main__":
    main()
