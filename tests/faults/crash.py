"""The end of a process, as an exception that no code of the service may catch."""


class Crash(BaseException):
    """The process is gone."""
