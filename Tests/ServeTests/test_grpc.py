"""The gRPC server with a client that is generated here."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request

from common import LAKE, PATIENCE, SERVE, FolderCase, GrowingLake, Server, descendants, pipeline, plain, toid, wait_until

try:
    import grpc
    import grpc_tools  # noqa: F401
    from google.protobuf import json_format
    from grpc_health.v1 import health_pb2, health_pb2_grpc
    from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
except ImportError as missing:
    raise unittest.SkipTest(f"{missing.name} is not installed (scripts/setup grpc)")

# Generated as a user of the service does it.
CODE = tempfile.mkdtemp()
unittest.addModuleCleanup(shutil.rmtree, CODE)
PROTOS = ("contract_invocation/contract_invocation_event.proto", "contract_invocation_service/contract_invocation_service.proto")
subprocess.run(
    [sys.executable, "-m", "grpc_tools.protoc", f"-I{SERVE}", f"--python_out={CODE}", f"--grpc_python_out={CODE}", *PROTOS], check=True
)
sys.path.insert(0, CODE)
from contract_invocation_service import contract_invocation_service_pb2 as messages  # noqa: E402
from contract_invocation_service import contract_invocation_service_pb2_grpc as services  # noqa: E402

Request = messages.GetInvocationsRequest
SERVICE = "contract_invocation_service.ContractInvocationService"
HEALTH = health_pb2.HealthCheckResponse


def expected(ledgers, *conditions, lake=LAKE):
    """The output of the filters as messages."""
    from contract_invocation import contract_invocation_event_pb2 as events

    return [json_format.Parse(line, events.ContractInvocationEvent(), max_recursion_depth=10000) for line in plain(ledgers, "proto", *conditions, lake=lake).splitlines()]


class Calls(FolderCase):
    def setUp(self):
        super().setUp()
        self.lake = GrowingLake(self.folder, 14)
        self.server = Server(self.lake.path, "--streams", "3", "--health-port", "0", "--heartbeat", "0.2", script="grpc")
        self.addCleanup(self.server.stop)
        self.channel = grpc.insecure_channel(f"127.0.0.1:{self.server.port}")
        self.addCleanup(self.channel.close)
        self.call = services.ContractInvocationServiceStub(self.channel).GetContractInvocations

    def fails(self, code, request, **options):
        with self.assertRaises(grpc.RpcError) as failure:
            list(self.call(request, timeout=PATIENCE, **options))
        self.assertEqual(failure.exception.code(), code, failure.exception.details())
        return failure.exception.details()

    def is_idle(self):
        wait_until(lambda: not descendants(self.server.process.pid), "the end of everything but the server")

    def test_records_are_messages(self):
        plain_call = self.channel.unary_stream(f"/{SERVICE}/GetContractInvocations", Request.SerializeToString, bytes)
        for request, conditions in (
            (Request(end_ledger=1051), []),
            (Request(end_ledger=1051, function_names=["swap", "deposit"], successful_only=True),
             ["--function=swap", "--function=deposit", "--succeeded"]),
            (Request(end_ledger=1051, type_filter=messages.INVOCATION_TYPE_FILTER_CREATE_CONTRACT), ["--type=create"]),
            (Request(end_ledger=1051, content_filter={"topic_filters": [{"exact_match": "transfer"}]}), ["--topic=transfer/**"]),
            (Request(end_ledger=1051, state_filter={"operations": [messages.STATE_CHANGE_OPERATION_DELETE]}), ["--change=delete"]),
            (Request(end_ledger=1051, options={"max_events_per_response": 5}), ["--max-count=5"]),
            (Request(end_ledger=1051, options={"compress_response": True, "include_decoded_only": True}), []),
        ):  # fmt: skip
            with self.subTest(str(request)):
                wanted = expected("-1051", *conditions)
                # As bytes: values nest deeper than some implementations of protobuf, such as this one, decode.
                self.assertEqual(list(plain_call(request, timeout=PATIENCE)), [event.SerializeToString() for event in wanted])
                if conditions:
                    self.assertEqual(list(self.call(request, timeout=PATIENCE)), wanted)
        self.is_idle()

    def test_parts_are_left_out(self):
        wanted = {"include_state_changes": True}
        found = list(self.call(Request(start_ledger=1036, end_ledger=1051, options={"inclusion": wanted}), timeout=PATIENCE))
        whole = expected("1036-1051")
        for event in whole:
            event.meta.ClearField("archive_restorations")
            if event.HasField("contract_call"):
                for part in ("diagnostic_events", "contract_calls", "ttl_extensions"):
                    event.contract_call.ClearField(part)
        self.assertEqual(found, whole)
        self.assertTrue(any(event.contract_call.state_changes for event in found))

    def test_a_lake_is_followed(self):
        os.mkdir(f"{self.folder}/other")
        lake = GrowingLake(f"{self.folder}/other", 12)
        with Server(lake.path, "--health-port", "0", script="grpc") as server, grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            stream = services.ContractInvocationServiceStub(channel).GetContractInvocations(Request(start_ledger=1048), timeout=PATIENCE)
            for last in (1049, 1051):
                lake.add()
                wanted = expected(f"{last - 1}-{last}", lake=lake.path)
                self.assertEqual([next(stream) for _ in wanted], wanted)
            stream.cancel()
            wait_until(lambda: not descendants(server.process.pid), "the end of everything but the server")

    def test_mistakes_have_their_codes(self):
        said = self.fails(grpc.StatusCode.INVALID_ARGUMENT, Request(contract_ids=["CABC"]))
        self.assertIn("event-filter: --request: contractIds[0]: 'CABC' is not a contract", said)
        self.fails(grpc.StatusCode.INVALID_ARGUMENT, Request(start_ledger=1051, end_ledger=1040))
        self.fails(grpc.StatusCode.INVALID_ARGUMENT, Request(content_filter={"topic_filters": [{"pattern": "("}]}))
        self.assertIn("raw", self.fails(grpc.StatusCode.INVALID_ARGUMENT, Request(options={"include_raw_xdr": True})))
        self.assertIn("the first one is 1024", self.fails(grpc.StatusCode.OUT_OF_RANGE, Request(start_ledger=7)))
        self.is_idle()

    def test_a_cancelled_call_and_one_out_of_time_end_their_filters(self):
        stream = self.call(Request(start_ledger=1040))
        next(stream)
        self.assertEqual(len(self.server.tools()), 4)
        stream.cancel()
        self.is_idle()
        with self.assertRaises(grpc.RpcError) as failure:
            list(self.call(Request(start_ledger=1040), timeout=3))
        self.assertEqual(failure.exception.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
        self.is_idle()
        # A client that disappears without closing the connection.
        code = f"""if True:
            import sys, grpc
            sys.path.insert(0, {CODE!r})
            from contract_invocation_service import contract_invocation_service_pb2 as m, contract_invocation_service_pb2_grpc as s
            channel = grpc.insecure_channel("127.0.0.1:{self.server.port}")
            for event in s.ContractInvocationServiceStub(channel).GetContractInvocations(m.GetInvocationsRequest(start_ledger=1040)):
                print(flush=True)"""
        client = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        with client:
            client.stdout.readline()
            client.kill()
        self.is_idle()

    def test_no_more_streams_than_allowed(self):
        streams = [self.call(Request(start_ledger=1040)) for _ in range(3)]
        for stream in streams:
            next(stream)
        self.assertIn("3 streams are open", self.fails(grpc.StatusCode.RESOURCE_EXHAUSTED, Request(end_ledger=1051)))
        for stream in streams:
            stream.cancel()
        self.is_idle()
        self.assertEqual(len(list(self.call(Request(start_ledger=1040, end_ledger=1051), timeout=PATIENCE))), len(expected("1040-1051")))

    def test_damage_is_told(self):
        with open(f"{LAKE}/{'FFFFFBE7--1048-1055/FFFFFBE5--1050-1051.xdr.zst'}", "rb") as file:
            whole = file.read()
        victim = f"{self.lake.path}/FFFFFBE7--1048-1055/FFFFFBE5--1050-1051.xdr.zst"
        with open(victim, "wb") as file:
            file.write(whole[: len(whole) // 2])
        said = self.fails(grpc.StatusCode.DATA_LOSS, Request(start_ledger=1040, end_ledger=1051))
        self.assertIn("ledger-split: ", said)
        self.assertNotIn(self.folder, said)
        stream = self.call(Request(start_ledger=1040))
        next(stream)
        for process in self.server.tools("ledger-split"):
            os.kill(process, signal.SIGKILL)
        with self.assertRaises(grpc.RpcError) as failure:
            list(stream)
        self.assertEqual(failure.exception.code(), grpc.StatusCode.DATA_LOSS)
        self.assertIn("ledger-split", failure.exception.details())
        self.is_idle()

    def test_a_request_that_dies_is_not_an_end(self):
        stream = self.call(Request(start_ledger=1040))
        next(stream)
        (request,) = [process for process in descendants(self.server.process.pid) if os.getsid(process) == process]
        os.kill(request, signal.SIGKILL)
        with self.assertRaises(grpc.RpcError) as failure:
            list(stream)
        self.assertEqual(failure.exception.code(), grpc.StatusCode.INTERNAL)
        self.is_idle()

    def test_health_and_reflection(self):
        health = health_pb2_grpc.HealthStub(self.channel)
        for name in ("", SERVICE):
            self.assertEqual(health.Check(health_pb2.HealthCheckRequest(service=name)).status, HEALTH.SERVING)
        with self.assertRaises(grpc.RpcError) as failure:
            health.Check(health_pb2.HealthCheckRequest(service="nothing"))
        self.assertEqual(failure.exception.code(), grpc.StatusCode.NOT_FOUND)
        unknown = health.Watch(health_pb2.HealthCheckRequest(service="nothing"))
        self.assertEqual(next(unknown).status, HEALTH.SERVICE_UNKNOWN)
        unknown.cancel()
        asked = reflection_pb2_grpc.ServerReflectionStub(self.channel).ServerReflectionInfo(
            iter([reflection_pb2.ServerReflectionRequest(list_services=""), reflection_pb2.ServerReflectionRequest(file_containing_symbol=SERVICE)])
        )
        self.assertIn(SERVICE, [service.name for service in next(asked).list_services_response.service])
        self.assertTrue(next(asked).file_descriptor_response.file_descriptor_proto)
        port = self.server.log().split("http://127.0.0.1:")[1].split("/")[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=PATIENCE) as answer:
            self.assertEqual(json.load(answer)["last_ledger"], 1051)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE) as answer:
            self.assertIn(b"soroban_serve_last_ledger 1051\n", answer.read())

    def test_a_server_that_ends_says_so(self):
        watch = health_pb2_grpc.HealthStub(self.channel).Watch(health_pb2.HealthCheckRequest(service=SERVICE))
        self.assertEqual(next(watch).status, HEALTH.SERVING)
        stream = self.call(Request(start_ledger=1040))
        next(stream)
        tools = self.server.tools()
        self.assertEqual(self.server.stop(), 128 + signal.SIGTERM, self.server.said)
        wait_until(lambda: not any(os.path.exists(f"/proc/{process}/exe") for process in tools), "the end of the filters")
        with self.assertRaises(grpc.RpcError):
            list(stream)


if __name__ == "__main__":
    unittest.main()
