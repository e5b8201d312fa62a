"""The modules of the bridge between pipelines and flowctl."""


class Failure(Exception):
    """A pipeline that failed: the status of a stage, and the last message."""

    def __init__(self, status, said):
        super().__init__(f"the pipeline ended with status {status}" + (f": {said}" if said else ""))
        self.status = status
