"""What a shell needs to ask the stack that serves: its address, a tenant, a key of each kind, the bucket.

In go a running stack and keys; out comes a file for `.` or `source`, readable by its owner only. Requests that are
printed and those of README use its variables, so that they can be pasted as they stand.
"""

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from chalicelib.model.api_keys import KeyKind
from local.durable_files import write_whole
from local.emulator import KEY, REGION
from local.keys import DemoKeys
from local.stack import Stack
from sluice.logins import Login, login_text

FILE = "keys.env"
READ_FIELD = "import json, sys; v = json.loads(sys.argv[2]); [v := v[k] for k in sys.argv[1].split('.')]; print(v)"
FUNCTIONS = f"""
# field PATH JSON prints what lies there, as in: field data.id "$IMPORT"
field() {{ {shlex.quote(sys.executable)} -c {shlex.quote(READ_FIELD)} "$1" "$2"; }}
# drop FILE RESOURCE ACTION puts a file where it becomes an import
drop() {{
  curl -s -T "$1" --user {KEY}:{KEY} --aws-sigv4 aws:amz:{REGION}:s3 -H "X-Amz-Content-Sha256: UNSIGNED-PAYLOAD" \\
    "$S3/$BUCKET/drop/$TENANT/$2/$3/$(basename "$1")"
}}
"""


def write_variables(path: Path, stack: Stack, keys: DemoKeys) -> None:
    """Writes the file."""
    lines = [f"export {name}={shlex.quote(value)}" for name, value in _each_variable(stack, keys)]
    write_whole(path, f"# Read it into a shell:  . {path}\n" + "\n".join(lines) + f"\n{FUNCTIONS}", mode=0o600)


def write_login(path: Path, url: str, key: str) -> None:
    """Writes the login that `sluice` finds from the project's folder on, readable by its owner only."""
    write_whole(path, login_text(Login(url, key)), mode=0o600)


def _each_variable(stack: Stack, keys: DemoKeys) -> Iterator[tuple[str, str]]:
    yield "SLUICE", stack.base_url
    yield "TENANT", keys.tenant_id
    for kind, secret in keys.secrets.items():
        if kind is KeyKind.TD_CLIENT:
            yield from (("CLIENT_ID", keys.of(kind).key_id), ("CLIENT_SECRET", secret))
        else:
            yield f"{kind.upper()}_KEY", secret
    yield "S3", stack.aws.url
    yield "BUCKET", stack.outputs["BucketName"]
