"""The end of a process, as an exception that nothing in the service may catch."""


class Crash(BaseException):
    """The process is gone."""
