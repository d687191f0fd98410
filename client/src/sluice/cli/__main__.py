"""`python -m sluice.cli`, where the command has not been installed."""

from sluice.cli.main import main

main()
