"""Writes the snapshots again."""

from tests.snapshots.files import FOLDER, SNAPSHOTS, made, path_of


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in SNAPSHOTS:
        path_of(name).write_text(made(name), encoding="utf-8")


if __name__ == "__main__":
    main()
