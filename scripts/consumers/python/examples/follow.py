"""Invocations of soroban-serve as they come, with a position that is kept in a file: a run that is ended goes on where it was.

python3 examples/follow.py http://localhost:8080 position [LAST_LEDGER]
"""

from __future__ import annotations

import os
import sys

from soroban_pipes import ContractInvocation, InvocationClient, SorobanPipesError


def main(address: str, file: str, end: str | None = None) -> None:
    after = open(file, encoding="utf-8").read() if os.path.exists(file) else None
    client = InvocationClient.from_service(address, transport="sse")
    stream = client.invocations(follow=True, after=after, end=int(end) if end else None)

    def handle(invocation: ContractInvocation) -> None:
        # Whatever is done with it. When this returns, the record is done with, and not before.
        what = invocation.contract_call.function_name if invocation.contract_call else "no call"
        print(invocation.meta.toid, what, flush=True)
        # Replaced as a whole: a reader never sees a part. Seldom is enough, too: then more records come again after a crash.
        with open(f"{file}.new", "w", encoding="utf-8") as new:
            new.write(invocation.meta.toid)
        os.replace(f"{file}.new", file)

    stream.each(handle)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        pass
    except SorobanPipesError as error:
        sys.exit(f"{error.tool or 'follow'}: {error}")
