"""The bridge to flowctl, with a control plane of this test, which also transfers the events as flowctl does."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

from common import DEPLOY, PATIENCE, ROOT, needs, plain, wait_until

sys.path[:0] = [f"{DEPLOY}/flowctl", f"{ROOT}/scripts/serve"]
try:
    import grpc
    import grpc_tools  # noqa: F401
    from google.protobuf import empty_pb2, json_format
except ImportError as missing:
    raise unittest.SkipTest(f"{missing.name} is not installed (scripts/setup grpc)")

common_messages = grpc.protos("flowctl/v1/common.proto")
plane, plane_services = grpc.protos_and_services("flowctl/v1/control_plane.proto")
source, source_services = grpc.protos_and_services("flowctl/v1/source.proto")
processor, processor_services = grpc.protos_and_services("flowctl/v1/processor.proto")
consumer, consumer_services = grpc.protos_and_services("flowctl/v1/consumer.proto")
Event = common_messages.Event
STATUS = common_messages.HealthStatus
BRIDGE = f"{DEPLOY}/flowctl/soroban-flowctl"
NATIVE = "ledger-split $LEDGERS --network local --soroban testdata/lake | invocation-extract $AFTER | scval-json --style native"
WHOLE = NATIVE.replace("$LEDGERS ", "").replace("$AFTER ", "")


class ControlPlane(plane_services.ControlPlaneServiceServicer):
    """Records the calls of components."""

    def __init__(self):
        self.components, self.heartbeats, self.left = {}, [], []
        self.forgets = False

    def RegisterComponent(self, request, context):
        self.components[request.component_id] = request.component
        return plane.RegisterResponse(service_id=request.component_id)

    def Heartbeat(self, request, context):
        if self.forgets:
            self.forgets = False
            self.components.clear()
            context.abort(grpc.StatusCode.NOT_FOUND, "no such service")
        self.heartbeats.append((request.service_id, STATUS.Name(request.status).removeprefix("HEALTH_STATUS_"), dict(request.metrics)))
        return empty_pb2.Empty()

    def UnregisterComponent(self, request, context):
        self.left.append(request.service_id)
        return empty_pb2.Empty()


class Wire(unittest.TestCase):
    """The numbers and types of the protocol itself, not those of our files."""

    FIELDS = {
        "Event": "id 1 string, type 2 string, payload 3 bytes, metadata 4 map, timestamp 5 Timestamp, source_component_id 6 string,"
                 " content_type 7 string, stellar_cursor 8 StellarCursor",
        "StellarCursor": "ledger_sequence 1 uint64, index_in_ledger 2 uint32",
        "ComponentInfo": "id 1 string, name 2 string, description 3 string, version 4 string, type 5 ComponentType, input_event_types 6 string*,"
                         " output_event_types 7 string*, endpoint 8 string, metadata 9 map",
        "HealthCheckRequest": "include_details 1 bool",
        "HealthCheckResponse": "status 1 HealthStatus, metrics 2 map, components 3 ComponentHealth*, message 4 string",
        "ComponentHealth": "component_name 1 string, status 2 HealthStatus, message 3 string",
        "RegisterRequest": "component 1 ComponentInfo, component_id 2 string",
        "RegisterResponse": "service_id 1 string, assigned_topics 2 string*, connection_info 3 map",
        "UnregisterRequest": "service_id 1 string",
        "HeartbeatRequest": "service_id 1 string, status 2 HealthStatus, metrics 3 map",
        "StreamRequest": "params 1 map, resume 2 bool, resume_token 3 string",
        "StateRequest": "key 1 string",
        "StateResponse": "state 1 map, resume_token 2 string, last_updated_unix 3 int64",
        "SaveStateRequest": "state 1 map, key 2 string",
        "ConsumeResponse": "events_consumed 1 int64, events_failed 2 int64, errors 3 string*",
    }  # fmt: skip
    KINDS = {1: "double", 3: "int64", 4: "uint64", 5: "int32", 8: "bool", 9: "string", 12: "bytes", 13: "uint32"}

    def kind(self, field):
        message = field.message_type
        if message is not None and message.GetOptions().map_entry:
            return "map"
        name = message.name if message is not None else field.enum_type.name if field.enum_type is not None else self.KINDS[field.type]
        many = getattr(field, "is_repeated", None)
        return name + ("*" if (many if many is not None else field.label == 3) else "")

    def test_messages(self):
        found = {}
        for module in (common_messages, plane, source, consumer):
            for name, message in module.DESCRIPTOR.message_types_by_name.items():
                self.assertEqual(message.file.package, "flowctl.v1")
                found[name] = ", ".join(f"{field.name} {field.number} {self.kind(field)}" for field in message.fields)
        for name, fields in self.FIELDS.items():
            self.assertEqual(found[name], fields)
        self.assertEqual(STATUS.items()[2:], [("HEALTH_STATUS_HEALTHY", 2), ("HEALTH_STATUS_DEGRADED", 3), ("HEALTH_STATUS_UNHEALTHY", 4),
                                              ("HEALTH_STATUS_STOPPING", 5)])  # fmt: skip
        self.assertEqual([common_messages.ComponentType.Value(f"COMPONENT_TYPE_{name}") for name in ("SOURCE", "PROCESSOR", "CONSUMER")], [1, 2, 3])

    def test_methods(self):
        for module, service, method in ((plane, "ControlPlaneService", "RegisterComponent"), (source, "SourceService", "StreamEvents"),
                                        (processor, "ProcessorService", "Process"), (consumer, "ConsumerService", "Consume")):  # fmt: skip
            found = module.DESCRIPTOR.services_by_name[service]
            self.assertEqual(found.full_name, f"flowctl.v1.{service}")
            self.assertIn(method, [one.name for one in found.methods])


@needs("bash", "jq", "ledger-split")
class Bridge(unittest.TestCase):
    def setUp(self):
        from concurrent import futures

        self.plane = ControlPlane()
        server = grpc.server(futures.ThreadPoolExecutor(8))
        plane_services.add_ControlPlaneServiceServicer_to_server(self.plane, server)
        self.endpoint = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        server.start()
        self.addCleanup(lambda: server.stop(0).wait())
        folder = tempfile.TemporaryDirectory(prefix="soroban-flowctl-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def bridge(self, kind, pipeline, *options, **variables):
        """A bridge that has registered, started as flowctl starts one, and a channel to it."""
        log = tempfile.TemporaryFile()
        self.addCleanup(log.close)
        environment = {**os.environ, "ENABLE_FLOWCTL": "true", "FLOWCTL_ENDPOINT": self.endpoint, "FLOWCTL_COMPONENT_ID": f"my-{kind}",
                       "FLOWCTL_SERVICE_ID": "another", "FLOWCTL_HEARTBEAT_INTERVAL": "200ms", "PORT": "0", **variables}  # fmt: skip
        process = subprocess.Popen([sys.executable, BRIDGE, kind, pipeline, *options], env=environment, stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=log, cwd=ROOT)  # fmt: skip
        process.said = lambda: os.pread(log.fileno(), 1 << 20, 0).decode()
        self.addCleanup(self.end, process)
        wait_until(lambda: f"my-{kind}" in self.plane.components or process.poll() is not None, f"registration: {process.said()}")
        self.assertIsNone(process.poll(), process.said())
        info = self.plane.components[f"my-{kind}"]
        self.assertEqual(info.id, f"my-{kind}")
        channel = grpc.insecure_channel(info.endpoint, [("grpc.max_receive_message_length", 1 << 28)])
        self.addCleanup(channel.close)
        return process, channel

    def end(self, process):
        if process.poll() is None:
            process.terminate()
        return process.wait(PATIENCE)

    def events(self, channel, resume=False, token="", **parameters):
        request = source.StreamRequest(params=parameters, resume=resume, resume_token=token)
        return source_services.SourceServiceStub(channel).StreamEvents(request, timeout=PATIENCE)

    def status(self, wanted, kind):
        return wait_until(lambda: [beat for beat in self.plane.heartbeats if beat[:2] == (f"my-{kind}", wanted)], f"{wanted}: {self.plane.heartbeats[-2:]}")

    def test_source(self):
        _, channel = self.bridge("source", NATIVE.replace("testdata/lake", "--metrics $METRICS/split.prom testdata/lake"))
        info = self.plane.components["my-source"]
        self.assertEqual((info.type, list(info.input_event_types), list(info.output_event_types)), (1, [], ["stellar.contract.invocation.v1"]))
        events = list(self.events(channel))
        wanted = plain(WHOLE).encode()
        self.assertEqual(b"".join(event.payload for event in events), wanted)
        # The id and the position are those of the record.
        places = {}
        for event, line in zip(events, wanted.splitlines()):
            meta = json.loads(line)["meta"]
            ledger = meta["ledger_sequence"]
            self.assertEqual((event.id, event.type), (meta["toid"], "stellar.contract.invocation.v1"))
            self.assertEqual((event.stellar_cursor.ledger_sequence, event.stellar_cursor.index_in_ledger), (ledger, places.get(ledger, 0)))
            self.assertEqual((event.source_component_id, event.content_type), ("my-source", "application/x-ndjson"))
            places[ledger] = places.get(ledger, 0) + 1
        # A range, and the records after a given one.
        part = plain(NATIVE.replace("$LEDGERS", "--ledgers 1030-1040").replace("$AFTER ", "")).encode()
        self.assertEqual(b"".join(event.payload for event in self.events(channel, START_LEDGER="1030", END_LEDGER="1040")), part)
        self.assertEqual([event.id for event in self.events(channel, resume=True, token=events[41].id)], [event.id for event in events[42:]])
        for bad in ({"START_LEDGER": "x"}, {"START_LEDGER": "9", "END_LEDGER": "8"}, {"start-ledger": "4294967296"}):
            with self.assertRaises(grpc.RpcError) as refused:
                list(self.events(channel, **bad))
            self.assertEqual(refused.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
        # The heartbeats carry the metrics of the stages.
        wait_until(lambda: self.plane.heartbeats[-1][2].get("events_sent") == str(2 * len(events) - 42 + part.count(b"\n")), "all counted")
        beat = self.status("HEALTHY", "source")[-1]
        self.assertIn("ledger-split.ledgers_total", beat[2])
        self.assertEqual({status for _, status, _ in self.plane.heartbeats}, {"HEALTHY"})

    def test_messages_of_the_seed(self):
        """--payload proto: the event of the gRPC service, as scval-json --style proto writes it."""
        command = NATIVE.replace("native", "proto")
        _, channel = self.bridge("source", command, "--payload", "proto")
        Invocation = grpc.protos("contract_invocation/contract_invocation_event.proto").ContractInvocationEvent
        events = list(self.events(channel))
        wanted = plain(WHOLE.replace("native", "proto")).splitlines()
        self.assertEqual(len(events), len(wanted))
        messages = [json_format.Parse(line, Invocation(), max_recursion_depth=10000) for line in wanted]
        for event, message in zip(events, messages):
            self.assertEqual((event.content_type, event.payload), ("application/x-protobuf", message.SerializeToString()))
        # A processor also reads such events, if they nest no deeper than Python's protobuf decodes.
        _, channel = self.bridge("processor", """jq -c 'select(.contractCall.functionName == "transfer")'""", "--payload", "proto")
        process = processor_services.ProcessorServiceStub(channel).Process
        few = list(shallow(events))
        self.assertIn(len(events) - len(few), range(1, 5))
        passed = [event.payload for event in process(iter(few), timeout=PATIENCE)]
        chosen = plain(WHOLE.replace("| scval", "| event-filter --function transfer | scval").replace("native", "proto")).splitlines()
        self.assertEqual(passed, [json_format.Parse(line, Invocation()).SerializeToString() for line in chosen])
        with self.assertRaises(grpc.RpcError) as refused:
            list(process(iter(events), timeout=PATIENCE))
        self.assertEqual(refused.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)

    def test_the_whole_chain(self):
        raw = "ledger-split --network local --soroban testdata/lake | invocation-extract"
        _, one = self.bridge("source", raw)
        _, two = self.bridge("processor", "event-filter --function transfer | scval-json --style native")
        path = f"{self.folder}/records.ndjson"
        sink, three = self.bridge("sink", f"cat >{path}")
        for kind, (number, came, went) in {"processor": (2, 1, 1), "sink": (3, 1, 0)}.items():
            info = self.plane.components[f"my-{kind}"]
            self.assertEqual((info.type, len(info.input_event_types), len(info.output_event_types)), (number, came, went))
        # As flowctl does: from the source to the processor, and then to the sink.
        middle = processor_services.ProcessorServiceStub(two).Process(self.events(one), timeout=PATIENCE)
        answer = consumer_services.ConsumerServiceStub(three).Consume(middle, timeout=PATIENCE)
        wanted = plain(f"{raw} | event-filter --function transfer | scval-json --style native")
        self.assertEqual((answer.events_consumed, answer.events_failed), (wanted.count("\n"), 0))
        with open(path) as file:
            self.assertEqual(file.read(), wanted)

    def test_a_failed_source(self):
        cut = f"{self.folder}/cut.xdr"
        with open(f"{ROOT}/testdata/ledgers.xdr", "rb") as file, open(cut, "wb") as half:
            half.write(file.read()[:90000])
        command = f"ledger-split --network local {cut} | invocation-extract"
        process, channel = self.bridge("source", command, HEALTH_PORT=str(free_port()))
        events = []
        with self.assertRaises(grpc.RpcError) as failed:
            for event in self.events(channel):
                events.append(event.payload)
        self.assertEqual(failed.exception.code(), grpc.StatusCode.DATA_LOSS)
        self.assertIn("the pipeline ended with status 3: ledger-split: ", failed.exception.details())
        done = subprocess.run(["bash", "-c", command], capture_output=True, cwd=ROOT, check=False)
        self.assertEqual(b"".join(events), done.stdout)
        beat = self.status("UNHEALTHY", "source")[0]
        self.assertEqual(beat[2]["pipelines_failed"], "1")
        answer = source_services.SourceServiceStub(channel).HealthCheck(source_health(True))
        self.assertEqual((STATUS.Name(answer.status), answer.metrics["pipelines_failed"]), ("HEALTH_STATUS_UNHEALTHY", "1"))
        self.assertIn("status 3", answer.message)
        self.assertIn("status 3", process.said())

    def test_a_failed_processor_and_sink(self):
        line = plain("head -n 1 testdata/invocations.ndjson").encode()
        for kind, stub in (("processor", lambda c: list(processor_services.ProcessorServiceStub(c).Process(iter(given), timeout=PATIENCE))),
                           ("sink", lambda c: consumer_services.ConsumerServiceStub(c).Consume(iter(given), timeout=PATIENCE))):  # fmt: skip
            given = [Event(id="1", payload=line), Event(id="2", payload=b'{"half')]
            _, channel = self.bridge(kind, "scval-json --style native")
            with self.assertRaises(grpc.RpcError) as failed:
                stub(channel)
            self.assertEqual(failed.exception.code(), grpc.StatusCode.DATA_LOSS)
            self.assertIn("status 3: scval-json: ", failed.exception.details())
            self.status("UNHEALTHY", kind)
            # Two lines in a payload would be two records.
            given = [Event(id="7", payload=line + line)]
            with self.assertRaises(grpc.RpcError) as refused:
                stub(channel)
            self.assertEqual((refused.exception.code(), refused.exception.details()),
                             (grpc.StatusCode.INVALID_ARGUMENT, "event 7 cannot be read: its payload is more than one line"))  # fmt: skip

    def test_output_that_is_no_record(self):
        _, channel = self.bridge("source", "echo hello")
        with self.assertRaises(grpc.RpcError) as failed:
            list(self.events(channel))
        self.assertEqual(failed.exception.code(), grpc.StatusCode.DATA_LOSS)
        self.assertIn("not a record", failed.exception.details())

    def test_backpressure(self):
        """A source whose reader stops also stops reading; memory and disk do not grow."""
        count = f"{self.folder}/count"
        line = max(plain("cat testdata/invocations.ndjson").splitlines(), key=len)
        with open(f"{self.folder}/line", "w") as file:
            file.write(line + "\n")
        command = f"i=0; while [ $i -lt 100000 ]; do cat {self.folder}/line || exit; i=$((i + 1)); echo $i >{count}; done"
        process, channel = self.bridge("source", command)
        stream = self.events(channel)
        next(stream)

        def written():
            try:
                with open(count) as file:
                    return int(file.read() or 0)
            except FileNotFoundError:
                return 0

        def at_rest():
            # The bridge stays alive meanwhile: if it did read, it would read more.
            before, beats = written(), len(self.plane.heartbeats)
            wait_until(lambda: len(self.plane.heartbeats) >= beats + 5, "heartbeats")
            return before if written() == before else 0

        stopped = wait_until(at_rest, "the source at rest")
        self.assertLess(stopped * len(line), 64 << 20)
        with open(f"/proc/{process.pid}/status") as status:
            self.assertLess(int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]), 300_000)
        next(stream)
        # A reader that disconnects ends the pipeline.
        stream.cancel()
        wait_until(lambda: self.plane.heartbeats[-1][2]["pipelines_running"] == "0", "the end of the pipeline")
        self.assertEqual(self.plane.heartbeats[-1][1:2], ("HEALTHY",))

    def test_sigterm(self):
        lake = f"{self.folder}/lake"
        replay = subprocess.Popen([f"{ROOT}/scripts/replay", "lake", "--network", "local", "--loop", "--rate", "50", lake])
        self.addCleanup(lambda: (replay.terminate(), replay.wait()))
        wait_until(lambda: os.path.exists(f"{lake}/.config.json"), "a lake")
        process, channel = self.bridge("source", f"ledger-split $LEDGERS --follow --soroban {lake} | invocation-extract")
        lines = []
        with self.assertRaises(grpc.RpcError) as ended:
            for event in self.events(channel):
                lines.append(event.payload)
                if len(lines) == 200:
                    process.send_signal(signal.SIGTERM)
        # The stream does not end normally, so that no client takes the received part for all records.
        self.assertEqual((ended.exception.code(), ended.exception.details()), (grpc.StatusCode.UNAVAILABLE, "the component was stopped"))
        self.assertEqual(process.wait(PATIENCE), 143)
        self.assertGreaterEqual(len(lines), 200)
        last = json.loads(lines[-1])["meta"]["ledger_sequence"]
        self.assertTrue(plain(f"ledger-split --soroban --ledgers -{last} {lake} | invocation-extract").encode().startswith(b"".join(lines)))
        self.assertEqual((self.plane.heartbeats[-1][1], self.plane.left), ("STOPPING", ["my-source"]))
        self.assertNotIn("UNHEALTHY", {status for _, status, _ in self.plane.heartbeats})

    def test_a_control_plane_that_forgot(self):
        self.bridge("source", NATIVE)
        self.plane.forgets = True
        wait_until(lambda: not self.plane.forgets and "my-source" in self.plane.components, "a second registration")

    def test_health_over_http(self):
        number = free_port()
        _, channel = self.bridge("source", "ledger-split --network local --metrics $METRICS/a.prom testdata/ledgers.xdr | invocation-extract", HEALTH_PORT=str(number))
        list(self.events(channel))
        with urllib.request.urlopen(f"http://127.0.0.1:{number}/health", timeout=60) as answer:
            self.assertEqual(json.load(answer)["status"], "HEALTH_STATUS_HEALTHY")
        with urllib.request.urlopen(f"http://127.0.0.1:{number}/metrics", timeout=60) as answer:
            self.assertIn('soroban_pipes_ledgers_total{tool="ledger-split",name="a"} 28', answer.read().decode())
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{number}/", timeout=60)
        self.assertEqual(refused.exception.code, 404)
        refused.exception.close()

    def test_the_pipeline_files(self):
        """Each component of each file registers, and the events of the sources arrive in the sinks; lakes and files are local."""
        try:
            import yaml
        except ImportError:
            self.skipTest("PyYAML is not installed")

        for name in ("development", "staging", "production"):
            with open(f"{DEPLOY}/flowctl/pipelines/{name}.yaml") as file:
                text = file.read()
            # --follow ends at a range.
            text = text.replace("/tmp/soroban-dev", f"{self.folder}/dev").replace("/var/lib/soroban-pipes", self.folder)
            text = re.sub(r"--network \w+", "--network local", re.sub(r"/srv/lake/\w+", "testdata/lake", text))
            given = yaml.safe_load(text)
            self.assertEqual((given["apiVersion"], given["kind"], given["metadata"]["name"]), ("flowctl/v1", "Pipeline", f"soroban-{name}"))
            stream, before = None, None
            for kind, plural in (("source", "sources"), ("processor", "processors"), ("sink", "sinks")):
                for part in given["spec"].get(plural, ()):
                    self.assertEqual((part["command"], part["args"][0]), ("soroban-flowctl", kind))
                    self.assertEqual(part.get("inputs"), before)
                    self.plane.components.clear()
                    _, channel = self.bridge(kind, part["args"][-1], *part["args"][1:-1], **part.get("env", {}))
                    info = self.plane.components[f"my-{kind}"]
                    self.assertEqual(list(info.input_event_types), part.get("input_event_types", []))
                    self.assertEqual(list(info.output_event_types), part.get("output_event_types", []))
                    before = [part["id"]]
                    if kind == "source":
                        stream = self.events(channel, START_LEDGER="1024", END_LEDGER="1040")
                    elif kind == "processor":
                        stream = processor_services.ProcessorServiceStub(channel).Process(stream, timeout=PATIENCE)
                    else:
                        answer = consumer_services.ConsumerServiceStub(channel).Consume(shallow(stream), timeout=PATIENCE)
            (path,) = [f"{self.folder}/{found}" for found in os.listdir(self.folder) if found.endswith(".ndjson")]
            with open(path) as file:
                self.assertEqual(len(file.readlines()), answer.events_consumed)
            self.assertGreater(answer.events_consumed, 3)
            os.unlink(path)

    def test_the_manual_knows_every_option(self):
        help_text = subprocess.run([sys.executable, BRIDGE, "--help"], capture_output=True, text=True, check=True).stdout
        with open(f"{ROOT}/man/soroban-deploy.7") as file:
            page = file.read()
        flowctl = page[page.index(".Sh FLOWCTL") : page.index(".Sh RELEASES")]
        options = set(re.findall(r"--([a-z-]+)", help_text)) - {"help", "follow", "soroban", "style", "function"}
        self.assertGreaterEqual(len(options), 8)
        self.assertEqual(options, set(re.findall(r"Fl -([a-z-]+) (?:Ar|Cm)", flowctl)))

    def test_usage(self):
        for arguments, status, said in (
            (["source", "if then"], 2, "the shell does not take the pipeline"), (["drain", "cat"], 2, "invalid choice"),
            (["source", "cat", "--heartbeat", "soon"], 2, "not a time: soon"), (["source", "cat", "--port", "99999"], 2, "not a port: 99999"),
        ):  # fmt: skip
            done = subprocess.run([sys.executable, BRIDGE, *arguments], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, status)
            self.assertIn(said, done.stderr)


def shallow(events):
    """Without messages that nest deeper than Python's protobuf decodes."""
    kind = grpc.protos("contract_invocation/contract_invocation_event.proto").ContractInvocationEvent
    for event in events:
        if event.content_type != "application/x-protobuf" or decodes(kind, event.payload):
            yield event


def decodes(kind, data):
    try:
        return kind.FromString(data)
    except Exception:  # noqa: BLE001 - the implementations of protobuf differ
        return None


def source_health(details):
    return common_messages.HealthCheckRequest(include_details=details)


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    unittest.main()
