"""Typed streams of Soroban contract invocations and events, from the filters, from soroban-serve, or from the core as WebAssembly."""

from .backoff import Backoff
from .client import InvocationClient
from .errors import GoneError, ProtocolError, RequestError, SorobanPipesError, StageError, UnavailableError
from .filters import Filter
from .metrics import Metrics
from .pipeline import pipeline_of
from .records import ContractEventRecord, ContractInvocation, LedgerTransaction, Value
from .stream import RecordStream, Surroundings

__all__ = [
    "Backoff",
    "ContractEventRecord",
    "ContractInvocation",
    "Filter",
    "GoneError",
    "InvocationClient",
    "LedgerTransaction",
    "Metrics",
    "ProtocolError",
    "RecordStream",
    "RequestError",
    "SorobanPipesError",
    "StageError",
    "Surroundings",
    "UnavailableError",
    "Value",
    "pipeline_of",
]
