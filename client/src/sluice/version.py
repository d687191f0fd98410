"""Which version of the client this is; pyproject.toml has it from here."""

__version__ = "0.1.0"
