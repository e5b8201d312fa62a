"""Invocations as a pandas DataFrame: how often each function was called, how often it failed, and what it cost.

python3 examples/dataframe.py testdata/lake local
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pandas
from soroban_pipes import InvocationClient, SorobanPipesError


def rows(client: InvocationClient) -> Iterator[dict[str, object]]:
    """One row per call. A DataFrame keeps all rows in memory: select with a filter, and use only the columns that you need."""
    for invocation in client.invocations(filter={"type": "call"}):
        meta, call = invocation.meta, invocation.contract_call
        if call is not None:
            yield {
                "ledger": meta.ledger_sequence,
                "closed_at": meta.closed_at,
                "contract": str(call.contract_id),
                "function": call.function_name,
                "successful": meta.successful,
                "fee": int(meta.fee_charged),
                "instructions": meta.resources.instructions if meta.resources else None,
                "events": len(call.events or []),
            }


def main(ledgers: str = "testdata/lake", network: str = "local") -> None:
    frame = pandas.DataFrame(rows(InvocationClient.from_ledgers(ledgers, network=network)))
    frame["closed_at"] = pandas.to_datetime(frame["closed_at"])
    by_function = frame.groupby("function").agg(
        calls=("ledger", "size"),
        failed=("successful", lambda column: int((~column).sum())),
        fees=("fee", "sum"),
        events=("events", "sum"),
    )
    table = by_function.sort_values(["calls", "fees"], ascending=False).head(12).reset_index()
    print(table.to_string(index=False))
    first, last = frame["closed_at"].min(), frame["closed_at"].max()
    print(f"{len(frame)} calls of {frame['contract'].nunique()} contracts, {first:%Y-%m-%d %H:%M:%S} to {last:%H:%M:%S}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except SorobanPipesError as error:
        sys.exit(f"{error.tool or 'dataframe'}: {error}")
