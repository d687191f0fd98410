"""The end of a process, as an exception that no code of the service may catch."""


class Crash(BaseException):
    """The process is gone, or what invoked it takes it for gone."""

    def __init__(self, error: str = "Runtime.ExitError") -> None:
        super().__init__(error)
        self.error = error
        """What Lambda calls it."""
