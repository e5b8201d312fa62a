"""Values of the types that no ledger contains: contract meta, buckets, what stellar-core stores, the overlay, flags.

Their bytes come from the types' own text (xdr_text.py), member by member; the encoder must read them and write the same bytes.
"""

import itertools

from stellar_sdk import xdr

from . import values as v
from .xdr_text import types

NAMES = [
    "ContractCostType", "SCEnvMetaEntry", "SCMetaEntry", "StoredTransactionSet", "StoredDebugTransactionSet", "PersistedSCPState",
    "ThresholdIndexes", "AccountFlags", "TrustLineFlags", "OfferEntryFlags", "ClaimableBalanceFlags", "BucketListType",
    "BucketMetadata", "BucketEntry", "HotArchiveBucketEntry", "LedgerHeaderFlags", "ConfigUpgradeSet", "Error", "SendMore",
    "SendMoreExtended", "AuthCert", "Hello", "Auth", "PeerAddress", "MessageType", "DontHave",
    "SignedTimeSlicedSurveyStartCollectingMessage", "SignedTimeSlicedSurveyStopCollectingMessage",
    "SignedTimeSlicedSurveyRequestMessage", "SignedTimeSlicedSurveyResponseMessage", "SurveyResponseBody", "TopologyResponseBodyV2",
    "FloodAdvert", "FloodDemand", "StellarMessage", "AuthenticatedMessage", "SorobanAuthorizationEntries", "Curve25519Secret",
    "Curve25519Public", "HmacSha256Key", "HmacSha256Mac", "ShortHashSeed", "BinaryFuseFilterType", "SerializedBinaryFuseFilter",
]  # fmt: skip


def rows():
    for name in NAMES:
        for choice in range(_choices(types()[name])):
            data = Maker(f"{name} {choice}").make(("named", name), first=choice)
            value = getattr(xdr, name).from_xdr_bytes(data)
            assert value.to_xdr_bytes() == data, name
            yield name, value


def _choices(of):
    """The number of rows: one for every arm of a union, and for the first members of an enumeration."""
    return min(len(of[1]), 3) if of[0] == "enum" else len(_arms(of)) if of[0] == "union" else 1


def _arms(of):
    """Discriminants with their arms."""
    _, discriminant, arms = of
    if types().get(discriminant[1], discriminant)[0] == "int":
        return [(int(label), held) for label, held in arms.items() if label != "default"]
    members = types()[discriminant[1]][1]
    return [(value, arms.get(name, arms.get("default"))) for value, name in members.items() if name in arms or "default" in arms]


class Maker:
    # Lists below this level are empty, and unions take their smallest arm.
    DEEPEST = 3

    def __init__(self, seed):
        self.bytes = itertools.chain.from_iterable(v.seeded(f"{seed} {n}") for n in itertools.count())

    def some(self, size):
        return bytes(itertools.islice(self.bytes, size))

    def make(self, of, depth=0, first=None):
        kind = of[0]
        if kind == "named":
            return self.make(types()[of[1]], depth + 1, first)
        if kind == "int":
            return self.some(of[1])
        if kind == "bool":
            return (self.some(1)[0] % 2).to_bytes(4, "big")
        if kind in ("string", "opaque"):
            size = of[1] if kind == "opaque" and of[1] is not None else self.some(1)[0] % 9
            held = self.some(size) + bytes(-size % 4)
            return held if kind == "opaque" and of[1] is not None else size.to_bytes(4, "big") + held
        if kind == "optional":
            return bytes([0, 0, 0, 1]) + self.make(of[1], depth + 1) if depth < self.DEEPEST else bytes(4)
        if kind == "list":
            count = 2 if depth < self.DEEPEST else 0
            return count.to_bytes(4, "big") + b"".join(self.make(of[1], depth + 1) for _ in range(count))
        if kind == "array":
            return b"".join(self.make(of[1], depth + 1) for _ in range(of[2]))
        if kind == "struct":
            return b"".join(self.make(held, depth + 1) for _, held in of[1])
        if kind == "void":
            return b""
        if kind == "enum":
            members = list(of[1])
            return members[self.some(1)[0] % len(members) if first is None else first].to_bytes(4, "big", signed=True)
        arms = _arms(of)
        if first is None:
            voids = [n for n, arm in enumerate(arms) if arm[1] == ("void",)]
            first = voids[0] if voids and depth >= self.DEEPEST else self.some(1)[0] % len(arms)
        return arms[first][0].to_bytes(4, "big", signed=True) + self.make(arms[first][1], depth + 1)
