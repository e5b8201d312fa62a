"""What one Soroban operation did, recorded in the order in which it happened.

A scenario tells the story (calls, events, changed entries). The recorder makes two things from it: the meta that core would
write, and the expected output of a correct reader. The second does not depend on the first: it comes from the story itself.
"""

from contextlib import contextmanager
from dataclasses import dataclass, field

from stellar_sdk import xdr

from . import values as v
from .strkey import contract_text, escaped

CONTRACT = xdr.ContractEventType.CONTRACT
SYSTEM = xdr.ContractEventType.SYSTEM
DIAGNOSTIC = xdr.ContractEventType.DIAGNOSTIC

# The names and the order of the resources that core reports for an invocation.
METRICS = """read_entry write_entry ledger_read_byte ledger_write_byte read_key_byte write_key_byte read_data_byte
write_data_byte read_code_byte write_code_byte emit_event emit_event_byte cpu_insn mem_byte invoke_time_nsecs
max_rw_key_byte max_rw_data_byte max_rw_code_byte max_emit_event_byte""".split()


def contract_event(contract, kind, topics, data):
    body = xdr.ContractEventBody(0, v0=xdr.ContractEventV0(list(topics), data))
    return xdr.ContractEvent(xdr.ExtensionPoint(0), contract.id if contract else None, kind, body)


@dataclass
class Recorded:
    """One entry of the diagnostics, with its call (0 is the operation itself)."""

    event: object
    successful: bool
    call_index: int


@dataclass
class Frame:
    """A running call; it returns a value, fails, or (with truncated diagnostics) has an unknown end."""

    contract: v.Contract
    function: object
    index: int
    depth: int
    result: object = None
    failed: bool = False

    def returns(self, value):
        self.result = value


@dataclass
class Recorder:
    ledger: int
    root_call: tuple | None = None
    recorded: list[Recorded] = field(default_factory=list)
    prepended: list = field(default_factory=list)
    calls: list[dict] = field(default_factory=list)
    stack: list[Frame] = field(default_factory=list)
    call_indices_known: bool = True
    events_before_cut: list | None = None

    # --- calls --------------------------------------------------------------------------------

    @contextmanager
    def root(self, contract, function, args, data=None):
        """The call that the operation names."""
        self.root_call = (contract, function, args)
        frame = Frame(contract, function, 0, 0)
        yield from self._run(frame, args, caller=None)

    @contextmanager
    def call(self, contract, function, args, *, resolved=False, caller=None):
        """A call from the running contract (or from the host itself, if none runs)."""
        parent = self.stack[-1] if self.stack else None
        caller = caller or (parent.contract if parent else None)
        frame = Frame(contract, function, len(self.calls) + 1, parent.depth + 1 if parent else 1)
        shown, ambiguous = _as_read(args, resolved or function == "__check_auth")
        told = {
            "index": frame.index,
            "parent": parent.index if parent else 0,
            "depth": frame.depth,
            "from_contract": contract_text(caller.id_bytes) if caller else None,
            "to_contract": contract_text(contract.id_bytes),
            "function": _name_text(function),
            "arguments": [v.raw(a) for a in shown],
            "arguments_ambiguous": ambiguous,
            "return_value": None,
            "successful": False,
        }
        self.calls.append(told)
        yield from self._run(frame, args, caller)
        if not frame.failed:
            told["return_value"], told["successful"] = v.raw(frame.result), True

    def _run(self, frame, args, caller):
        topics = [v.symbol("fn_call"), v.bytes_(frame.contract.id_bytes), v.symbol(frame.function)]
        self._record(contract_event(caller, DIAGNOSTIC, topics, _packed(args)))
        first_inside = len(self.recorded)
        self.stack.append(frame)
        yield frame
        self.stack.pop()
        if frame.failed:
            # The call itself was recorded before its frame began, so it has the caller's flag.
            for item in self.recorded[first_inside:]:
                item.successful = False
        else:
            topics = [v.symbol("fn_return"), v.symbol(frame.function)]
            self._record(contract_event(frame.contract, DIAGNOSTIC, topics, frame.result), frame.index)

    def fail(self, error, *message):
        """The running call ends without a return."""
        self.stack[-1].failed = True
        self.error(error, *message)

    def error(self, error, *message):
        """A host error in the running contract; it does not by itself end the call."""
        self._record(contract_event(self._current(), DIAGNOSTIC, [v.symbol("error"), error], _message(message)))

    def log(self, *message):
        self._record(contract_event(self._current(), DIAGNOSTIC, [v.symbol("log")], _message(message)))

    # --- events -------------------------------------------------------------------------------

    def event(self, topics, data, kind=CONTRACT):
        self._record(contract_event(self._current(), kind, topics, data))

    def event_before_all(self, contract, topics, data):
        """An event that core prepended to those of the host: in no diagnostics, in no hash."""
        self.prepended.append(contract_event(contract, CONTRACT, topics, data))

    def executable_update(self, old, new):
        """The system event of an upgrade, with executables as the values that contracts see."""
        self.event([v.symbol("executable_update"), old, new], v.vec(), SYSTEM)

    def _current(self):
        return self.stack[-1].contract if self.stack else None

    def _record(self, event, call_index=None):
        if call_index is None:
            call_index = self.stack[-1].index if self.stack else 0
        self.recorded.append(Recorded(event, True, call_index))

    # --- how it ended -------------------------------------------------------------------------

    def host_failed(self, error):
        """The host failed: everything was rolled back, and its error comes last."""
        for item in self.recorded:
            item.successful = False
        self._record(contract_event(None, DIAGNOSTIC, [v.symbol("host_fn_failed"), error], v.void()))
        self.recorded[-1].successful = False

    def core_refused(self, error, *message):
        """The host had finished; core rejected its outcome. The host's flags stay unchanged."""
        self._record(contract_event(None, DIAGNOSTIC, [v.symbol("error"), error], _message(message)))
        self.recorded[-1].successful = False

    def cut_diagnostics(self, keep):
        """Only the first `keep` entries reached the meta: the ends of open calls are unknown."""
        self.events_before_cut = self.host_events()
        self.recorded = self.recorded[:keep]

    # --- what core writes ---------------------------------------------------------------------

    def host_events(self):
        """The events that took effect, in order: the content of the success hash."""
        if self.events_before_cut is not None:
            return self.events_before_cut
        return [item.event for item in self.recorded if item.successful and item.event.type != DIAGNOSTIC]

    def operation_events(self):
        return self.prepended + self.host_events()

    def diagnostics(self, succeeded, metrics):
        told = [xdr.DiagnosticEvent(item.successful, item.event) for item in self.recorded]
        if metrics:
            told += [_metric(name, 1000 + 37 * n, succeeded) for n, name in enumerate(METRICS)]
        return told

    # --- what a reader must see ---------------------------------------------------------------

    def expected_events(self, with_calls):
        known = with_calls and self.call_indices_known
        indices = [None] * len(self.prepended)
        indices += [item.call_index for item in self.recorded if item.successful and item.event.type != DIAGNOSTIC]
        return [
            {**_event_text(event), "event_index": n, "call_index": indices[n] if known else None}
            for n, event in enumerate(self.operation_events())
        ]

    def expected_diagnostics(self):
        return [
            {**_event_text(item.event), "in_successful_contract_call": item.successful, "event_index": n}
            for n, item in enumerate(self.recorded)
        ]


def _packed(args):
    """How the host puts arguments into the data of fn_call: the source of all ambiguity."""
    return v.void() if not args else args[0] if len(args) == 1 else v.vec(*args)


def _as_read(args, resolved):
    """The arguments that a reader shows, and whether it must mark them as ambiguous."""
    if resolved:
        return args, False
    data = _packed(args)
    if data.type == v.Type.SCV_VOID:
        return [], True
    if data.type == v.Type.SCV_VEC and data.vec is not None and len(data.vec.sc_vec) >= 2:
        return data.vec.sc_vec, True
    return args, False


def _message(parts):
    text, *rest = parts
    return v.vec(v.string(text), *rest) if rest else v.string(text)


def _metric(name, count, succeeded):
    event = contract_event(None, DIAGNOSTIC, [v.symbol("core_metrics"), v.symbol(name)], v.u64(count))
    return xdr.DiagnosticEvent(succeeded, event)


def _name_text(name):
    return escaped(name if isinstance(name, bytes) else name.encode())


def _event_text(event):
    return {
        "contract_id": contract_text(event.contract_id.contract_id.hash) if event.contract_id else None,
        "type": event.type.name.lower(),
        "topics": [v.raw(t) for t in event.body.v0.topics],
        "data": v.raw(event.body.v0.data),
    }
