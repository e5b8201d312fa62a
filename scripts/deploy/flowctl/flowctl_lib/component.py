"""A component of flowctl around a pipeline: it registers, reports its health, and serves one of the three services."""

import asyncio
import json
import signal
import sys

import grpc
from google.protobuf import empty_pb2
from serve_lib.rpc import LIMIT

from . import Failure, metrics
from .events import Maker, line_of, variables
from .pipeline import Pipeline

messages = grpc.protos("flowctl/v1/common.proto")
plane, plane_services = grpc.protos_and_services("flowctl/v1/control_plane.proto")
source, source_services = grpc.protos_and_services("flowctl/v1/source.proto")
_, processor_services = grpc.protos_and_services("flowctl/v1/processor.proto")
consumer, consumer_services = grpc.protos_and_services("flowctl/v1/consumer.proto")

# Registration must end within 30 seconds, or flowctl gives up the run.
PATIENCE = 25
STATUS = messages.HealthStatus


def say(text):
    print(f"soroban-flowctl: {text}", file=sys.stderr, flush=True)


class Common:
    """Common parts of the three services: the running pipelines, their counts, and the responses about the component."""

    def __init__(self, component):
        self.component = component
        self.options = component.options

    async def GetInfo(self, request, context):
        return self.component.info()

    async def HealthCheck(self, request, context):
        component = self.component
        return messages.HealthCheckResponse(
            status=component.status, message=component.message, metrics=component.metrics() if request.include_details else {}
        )

    def pipeline(self, given=None):
        found = Pipeline(self.options.pipeline, {"METRICS": self.options.metrics, "NAME": self.options.id, **(given or {})})
        self.component.running.add(found)
        return found

    def maker(self):
        return Maker(messages, self.options.id, self.options.type, self.options.payload)

    async def conclude(self, pipeline, context):
        """Waits for a pipeline whose stream has ended. If the pipeline failed or was stopped, the stream ends with an error."""
        try:
            await pipeline.check()
        except Failure as failure:
            self.component.fail(str(failure))
            await context.abort(grpc.StatusCode.DATA_LOSS, str(failure))
        if self.component.is_stopping:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "the component was stopped")

    async def clear(self, pipeline):
        """The stream has ended, or its other end has disconnected."""
        await asyncio.shield(pipeline.stop())
        self.component.running.discard(pipeline)


class Source(Common, source_services.SourceServiceServicer):
    def __init__(self, component):
        super().__init__(component)
        self.state = {}
        self.last = ""

    async def StreamEvents(self, request, context):
        try:
            given = variables(dict(request.params), (request.resume_token or self.last) if request.resume else "")
        except ValueError as error:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        pipeline, maker = self.pipeline(given), self.maker()
        try:
            await pipeline.start(feeds=False, reads=True)
            # The next record is read when this one was accepted, subject to flow control.
            async for line in pipeline.lines():
                event = maker.event(line)
                yield event
                self.last = event.id
                self.component.sent += 1
            await self.conclude(pipeline, context)
        except (ValueError, KeyError, StopIteration) as error:
            await self.refuse(context, error)
        finally:
            await self.clear(pipeline)

    async def refuse(self, context, error):
        text = f"the pipeline writes data that is not a record of an invocation or event: {type(error).__name__}: {error}"
        self.component.fail(text)
        await context.abort(grpc.StatusCode.DATA_LOSS, text)

    async def GetState(self, request, context):
        return source.StateResponse(state=self.state, resume_token=self.last)

    async def SaveState(self, request, context):
        self.state.update(request.state)
        return empty_pb2.Empty()


class Feeder:
    """Writes the events of a stream into a pipeline, no faster than it reads."""

    def __init__(self, component, events, pipeline):
        self.component = component
        self.events = events
        self.pipeline = pipeline
        self.count = 0
        self.problem = None

    async def run(self):
        try:
            async for event in self.events:
                try:
                    line = line_of(event)
                except Exception as error:  # noqa: BLE001 - whatever the other end sent
                    self.problem = f"event {event.id[:100]} cannot be read: {error}"
                    break
                if not await self.pipeline.feed(line):
                    break
                self.count += 1
                self.component.received += 1
        finally:
            self.pipeline.end_input()


class Processor(Common, processor_services.ProcessorServiceServicer):
    refuse = Source.refuse

    async def Process(self, events, context):
        pipeline, maker = self.pipeline(), self.maker()
        await pipeline.start(feeds=True, reads=True)
        feeder = Feeder(self.component, events, pipeline)
        feeding = asyncio.create_task(feeder.run())
        try:
            async for line in pipeline.lines():
                yield maker.event(line)
                self.component.sent += 1
            await self.conclude(pipeline, context)
            await self.check(feeder, context)
        except (ValueError, KeyError, StopIteration) as error:
            await self.refuse(context, error)
        finally:
            feeding.cancel()
            await self.clear(pipeline)

    async def check(self, feeder, context):
        if feeder.problem:
            self.component.fail(feeder.problem)
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, feeder.problem)


class Sink(Common, consumer_services.ConsumerServiceServicer):
    check = Processor.check

    async def Consume(self, events, context):
        pipeline = self.pipeline()
        await pipeline.start(feeds=True, reads=False)
        feeder = Feeder(self.component, events, pipeline)
        feeding = asyncio.create_task(feeder.run())
        try:
            # It may end by itself before the stream does.
            await self.conclude(pipeline, context)
            await self.check(feeder, context)
            if not feeding.done():
                say("the pipeline reads no more, and ended well; what comes is not consumed")
            return consumer.ConsumeResponse(events_consumed=feeder.count)
        finally:
            feeding.cancel()
            await self.clear(pipeline)


# For each kind of flowctl: its service, and whether it receives and sends events.
KINDS = {
    "source": (messages.COMPONENT_TYPE_SOURCE, Source, source_services.add_SourceServiceServicer_to_server, False, True),
    "processor": (messages.COMPONENT_TYPE_PROCESSOR, Processor, processor_services.add_ProcessorServiceServicer_to_server, True, True),
    "sink": (messages.COMPONENT_TYPE_CONSUMER, Sink, consumer_services.add_ConsumerServiceServicer_to_server, True, False),
}


class Component:
    def __init__(self, options):
        self.options = options
        self.kind, service, self.add, self.takes, self.gives = KINDS[options.kind]
        self.service = service(self)
        self.status = STATUS.Value("HEALTH_STATUS_STARTING")
        self.message = ""
        self.running = set()
        self.sent = self.received = self.failures = 0
        self.is_stopping = False
        self.endpoint = ""
        self.service_id = options.id
        self.beat = asyncio.Event()

    def info(self):
        types = [self.options.type]
        return messages.ComponentInfo(
            id=self.options.id, name="soroban-pipes", description=f"{self.options.kind}: {self.options.pipeline[:200]}",
            version=self.options.version, type=self.kind, input_event_types=types if self.takes else [],
            output_event_types=types if self.gives else [], endpoint=self.endpoint, metadata={"payload": self.options.payload},
        )  # fmt: skip

    def metrics(self):
        own = {"events_sent": self.sent, "events_received": self.received, "pipelines_running": len(self.running),
               "pipelines_failed": self.failures}  # fmt: skip
        return {name: str(value) for name, value in own.items()} | metrics.summary(self.options.metrics)

    def fail(self, message):
        """A pipeline failed. The component stays unhealthy, because the missing part of the stream does not arrive by itself."""
        say(message)
        self.failures += 1
        self.message = message
        self.status = STATUS.Value("HEALTH_STATUS_UNHEALTHY")
        self.beat.set()

    async def run(self):
        ended = asyncio.get_running_loop().create_future()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, lambda number=number: ended.done() or ended.set_result(number))
        server = grpc.aio.server(options=[
            ("grpc.max_receive_message_length", LIMIT), ("grpc.max_send_message_length", LIMIT), ("grpc.so_reuseport", 0),
            ("grpc.http2.max_ping_strikes", 0),
        ])  # fmt: skip
        self.add(self.service, server)
        try:
            port = server.add_insecure_port(f"127.0.0.1:{self.options.port}")
        except RuntimeError:
            say(f"cannot listen at port {self.options.port}")
            return 4
        self.endpoint = f"localhost:{port}"
        await server.start()
        watcher = await self.watch() if self.options.health_port is not None else None
        say(f"{self.options.kind} {self.options.id}: listening at {self.endpoint}")
        self.status = STATUS.Value("HEALTH_STATUS_HEALTHY")
        beating = None
        if self.options.registers:
            channel = grpc.aio.insecure_channel(self.options.endpoint.removeprefix("http://"))
            control = plane_services.ControlPlaneServiceStub(channel)
            registering = asyncio.create_task(self.register(control))
            await asyncio.wait({registering, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not registering.done():
                registering.cancel()
            elif not registering.result():
                await server.stop(0)
                return 4
            beating = asyncio.create_task(self.beat_on(control))
        number = await ended
        self.is_stopping = True
        self.status = STATUS.Value("HEALTH_STATUS_STOPPING")
        await asyncio.gather(*(pipeline.stop() for pipeline in list(self.running)))
        if watcher:
            watcher.close()
        # Streams end with the records that their pipelines completed.
        await server.stop(2)
        if beating:
            beating.cancel()
            await self.leave(control)
            await channel.close()
        return 128 + number

    # The control plane.

    async def register(self, control):
        request = plane.RegisterRequest(component=self.info(), component_id=self.options.id)
        try:
            answer = await control.RegisterComponent(request, timeout=PATIENCE, wait_for_ready=True)
        except grpc.RpcError as error:
            say(f"{self.options.endpoint} does not register this component: {error.code().name}: {error.details()}")
            return False
        self.service_id = answer.service_id or self.options.id
        return True

    async def beat_on(self, control):
        """Sends heartbeats, at once if the status has changed. One that fails is repeated with the next."""
        is_lost = False
        while True:
            self.beat.clear()
            try:
                await control.Heartbeat(self.heartbeat(), timeout=5)
                is_lost = False
            except grpc.RpcError as error:
                # A control plane that was restarted has forgotten its components.
                if error.code() == grpc.StatusCode.NOT_FOUND:
                    await self.register(control)
                    continue
                if not is_lost:
                    say(f"the control plane takes no heartbeat: {error.code().name}")
                is_lost = True
            try:
                await asyncio.wait_for(self.beat.wait(), self.options.heartbeat)
            except asyncio.TimeoutError:
                pass

    def heartbeat(self):
        return plane.HeartbeatRequest(service_id=self.service_id, status=self.status, metrics=self.metrics())

    async def leave(self, control):
        try:
            await control.Heartbeat(self.heartbeat(), timeout=1)
            await control.UnregisterComponent(plane.UnregisterRequest(service_id=self.service_id), timeout=1)
        except grpc.RpcError:
            pass

    # Health over HTTP.

    async def watch(self):
        return await asyncio.start_server(self.answer, "127.0.0.1", self.options.health_port, limit=1 << 13)

    async def answer(self, reader, writer):
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
            words = head.decode(errors="replace").split("\r\n")[0].split(" ")
            path = words[1] if len(words) == 3 and words[0] == "GET" else ""
            is_well = self.status == STATUS.Value("HEALTH_STATUS_HEALTHY")
            code, kind, body = "404 Not Found", "text/plain", "there are /health and /metrics\n"
            if path == "/health":
                code, kind = "200 OK" if is_well else "503 Service Unavailable", "application/json"
                body = json.dumps({"status": STATUS.Name(self.status), "message": self.message, "metrics": self.metrics()}) + "\n"
            elif path == "/metrics":
                code, body = "200 OK", "".join(metrics.files(self.options.metrics))
            data = body.encode()
            head = f"HTTP/1.1 {code}\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode() + data)
            await asyncio.wait_for(writer.drain(), 5)
        except (asyncio.TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            pass
        finally:
            writer.close()
