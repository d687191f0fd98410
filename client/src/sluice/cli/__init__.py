"""The command line: `sluice`. Data go to standard output, talk to standard error."""
