"""What scripts/replay is made of. Python's standard library is all it needs."""


class Problem(Exception):
    """Something to tell the user, with the exit status for it: 2 wrong usage, 3 bad data, 4 a file or a program."""

    def __init__(self, text, status):
        super().__init__(text)
        self.status = status
