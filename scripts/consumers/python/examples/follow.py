"""Invocations of soroban-serve as they arrive, with the position stored in a file: the next run resumes there.

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
        # Your processing goes here. The record is done when this function returns.
        what = invocation.contract_call.function_name if invocation.contract_call else "no call"
        print(invocation.meta.toid, what, flush=True)
        # Replaced by a rename, so that no reader sees an incomplete file. Writing it less often is fine: then more records are
        # repeated after a crash.
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
