"""The modules of scripts/replay. They need only Python's standard library."""


class Problem(Exception):
    """A message for the user, with the exit status: 2 wrong usage, 3 bad data, 4 a file or a program."""

    def __init__(self, text, status):
        super().__init__(text)
        self.status = status
