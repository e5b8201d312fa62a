"""Common parts of the gRPC server and the bridge to flowctl: the Python packages they need, and records as protobuf messages."""

import functools
import importlib
import os
import sys

HERE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
PROGRAMS = f"{HERE}/../../.build/programs/grpc"
EVENT_TYPE = "stellar.contract.invocation.v1"
# Values nest up to 500 levels, each with three levels of JSON.
DEPTH = 10000


def need(name, modules):
    """Restarts the program with the Python that `scripts/setup grpc` installed, if this one lacks a module."""
    try:
        for module in modules:
            importlib.import_module(module)
    except ImportError as missing:
        own = f"{PROGRAMS}/bin/python3"
        if os.access(own, os.X_OK) and os.path.realpath(sys.prefix) != os.path.realpath(PROGRAMS):
            os.execv(own, [own, *sys.argv])
        packages = "grpcio grpcio-tools grpcio-health-checking grpcio-reflection"
        sys.exit(f"{name}: {missing.name} is missing: pip install {packages}")
    sys.setrecursionlimit(8 * DEPTH)


@functools.cache
def event_class():
    import grpc

    return grpc.protos("contract_invocation/contract_invocation_event.proto").ContractInvocationEvent


def message_of(line):
    """The message of a record in the proto style."""
    from google.protobuf import json_format

    return json_format.Parse(line, event_class()(), max_recursion_depth=DEPTH)


def line_of(data):
    """The record in the proto style of a serialised message."""
    from google.protobuf import json_format

    return json_format.MessageToJson(event_class().FromString(data), indent=None).encode() + b"\n"
