"""The types of all records. Made by generate; do not edit.

Unknown members are ignored. None means null, or an optional member that is absent.
"""

# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict, Union

#: A value of a contract as JSON, in the style that was asked for. raw: {"xdr": base64}. sep51: as SEP-51 has it. native: plain values;
#: integers of more than 32 bits are decimal strings.
Value = Union[None, bool, int, str, list["Value"], dict[str, "Value"]]

_NONE: frozenset[str] = frozenset()


#: The type of the record and its version.
ContractInvocationMark = Literal['soroban-pipes.contract_invocation.v1', 'soroban-pipes.contract_invocation_spec.v1']


#: A time in RFC 3339, UTC, to the second.
Time = str


#: 32 bytes as 64 lower-case hexadecimal digits.
Hash = str


#: Whether an operation restored an entry from the archive.
DataSource = Literal['live', 'archive']


class MuxedContractMembers(TypedDict):
    id: str
    contract_id: ContractID


class MuxedContractArm(TypedDict):
    muxed_contract: MuxedContractMembers


#: An address: account G..., account with an id M..., contract C..., claimable balance B..., or liquidity pool L...
SCAddress = Union[str, MuxedContractArm]


#: The address of a contract, C...
ContractID = str


#: What happens to an entry at the end of its lifetime: it is deleted (temporary) or archived (persistent).
ContractDataDurability = Literal['temporary', 'persistent']


#: Whether an invocation or an operation of its own restored an entry.
RestorationReason = Literal['automatic', 'explicit']


#: The kind of a contract's ledger entry.
EntryKind = Literal['data', 'instance', 'code']


#: How an operation ended.
InvocationResultCode = Literal['success', 'malformed', 'trapped', 'resource_limit_exceeded', 'entry_archived', 'insufficient_refundable_fee', 'op_bad_auth', 'op_no_account', 'op_not_supported', 'op_too_many_subentries', 'op_exceeded_work_limit', 'op_too_many_sponsoring']


#: How a transaction ended.
TransactionResultCode = Literal['tx_fee_bump_inner_success', 'tx_success', 'tx_failed', 'tx_too_early', 'tx_too_late', 'tx_missing_operation', 'tx_bad_seq', 'tx_bad_auth', 'tx_insufficient_balance', 'tx_no_account', 'tx_insufficient_fee', 'tx_bad_auth_extra', 'tx_internal_error', 'tx_not_supported', 'tx_fee_bump_inner_failed', 'tx_bad_sponsorship', 'tx_bad_min_seq_age_or_gap', 'tx_malformed', 'tx_soroban_invalid', 'tx_frozen_key_accessed']


#: The address of an account, G...
AccountID = str


#: The address of an account, G..., or of an account with an id, M...
MuxedAccount = str


#: The metrics of stellar-core: names and numbers.
InvocationMetrics = dict[str, str]


#: A short name, escaped as SEP-51 escapes strings.
SCSymbol = str


#: Who published an event.
ContractEventType = Literal['system', 'contract', 'diagnostic']


#: What happened to an entry.
StateOperation = Literal['create', 'update', 'delete', 'restore']


#: How an invocation was signed for.
SorobanCredentialsType = Literal['source_account', 'address', 'address_v2', 'address_with_delegates']


#: What a contract runs.
ContractExecutableType = Literal['wasm', 'stellar_asset', 'external_ref']


#: A string, escaped as SEP-51 escapes strings.
SCString = str


#: A classic asset: native, or CODE:G...
AssetName = str


#: 32 bytes as 64 lower-case hexadecimal digits.
uint256 = str


#: XDR of the network in base64.
Base64 = str


#: The type of the record and its version.
ContractEventMark = Literal['soroban-pipes.contract_event.v1', 'soroban-pipes.contract_event_spec.v1']


#: When an event was published.
EventStage = Literal['operation', 'before_all_txs', 'after_tx', 'after_all_txs']


#: The type of the record and its version.
LedgerTransactionMark = Literal['soroban-pipes.ledger_transaction.v1']


@dataclass(slots=True)
class ContractInvocation:
    """One operation on smart contracts, and everything that its ledger records about it."""

    #: The type of the record and its version.
    schema: ContractInvocationMark
    #: Where, when and how the operation was applied.
    meta: InvocationMeta
    #: The XDR that the record was made from.
    raw_xdr: InvocationRawXDR | None = None
    #: A call of a contract.
    contract_call: ContractCall | None = None
    #: The creation of a contract.
    create_contract: CreateContract | None = None
    #: The upload of code.
    upload_wasm: UploadWasm | None = None
    #: The extension of lifetimes by an operation of its own.
    extend_ttl: ExtendTTL | None = None
    #: The restoration of entries by an operation of its own.
    restore_footprint: RestoreFootprint | None = None

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> ContractInvocation:
        return cls(
            members["_schema"],
            InvocationMeta.from_json(members["meta"]),
            None if (found := members.get("raw_xdr")) is None else InvocationRawXDR.from_json(found),
            None if (found := members.get("contract_call")) is None else ContractCall.from_json(found),
            None if (found := members.get("create_contract")) is None else CreateContract.from_json(found),
            None if (found := members.get("upload_wasm")) is None else UploadWasm.from_json(found),
            None if (found := members.get("extend_ttl")) is None else ExtendTTL.from_json(found),
            None if (found := members.get("restore_footprint")) is None else RestoreFootprint.from_json(found),
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "_schema": self.schema,
            "meta": self.meta.to_json(),
        }
        if self.raw_xdr is not None:
            members["raw_xdr"] = self.raw_xdr.to_json()
        if self.contract_call is not None:
            members["contract_call"] = self.contract_call.to_json()
        if self.create_contract is not None:
            members["create_contract"] = self.create_contract.to_json()
        if self.upload_wasm is not None:
            members["upload_wasm"] = self.upload_wasm.to_json()
        if self.extend_ttl is not None:
            members["extend_ttl"] = self.extend_ttl.to_json()
        if self.restore_footprint is not None:
            members["restore_footprint"] = self.restore_footprint.to_json()
        return members


@dataclass(slots=True)
class InvocationMeta:
    """Where, when and how an operation was applied."""

    #: The sequence number of the ledger.
    ledger_sequence: int
    #: When the ledger closed.
    closed_at: Time
    #: The hash of the transaction; of a fee bump, of the outer one.
    tx_hash: Hash
    #: The transaction's place in the order of application, counted from 1.
    tx_index: int
    #: The operation's place in the transaction, counted from 0.
    op_index: int
    #: Whether the operation took effect.
    successful: bool
    #: Whether the operation restored an entry from the archive.
    data_source: DataSource
    #: The entries that were restored from the archive.
    archive_restorations: list[ArchiveRestoration]
    #: The id of the operation as in SEP-35; it grows along the chain.
    toid: str
    #: The protocol version of the ledger; null if it is not known.
    protocol_version: int | None
    #: Whether the transaction succeeded.
    tx_successful: bool
    #: How the operation ended; null if there is no result of the operation.
    result_code: InvocationResultCode | None
    #: How the transaction ended.
    tx_result_code: TransactionResultCode
    #: The hash of the inner transaction; null if this is not a fee bump.
    inner_tx_hash: Hash | None
    #: The account that paid the fee.
    fee_account: AccountID
    #: The source account of the transaction.
    source_account: MuxedAccount
    #: The fee that was charged after refunds, in stroops.
    fee_charged: str
    #: The resources that were declared and paid for; null if the transaction declares none.
    resources: InvocationResources | None = None
    #: What stellar-core measured; null if it recorded nothing.
    metrics: InvocationMetrics | None = None
    #: The names of optional members that were null.
    null_members: frozenset[str] = field(default=_NONE, repr=False)

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> InvocationMeta:
        return cls(
            members["ledger_sequence"],
            members["closed_at"],
            members["tx_hash"],
            members["tx_index"],
            members["op_index"],
            members["successful"],
            members["data_source"],
            [ArchiveRestoration.from_json(one) for one in members["archive_restorations"]],
            members["toid"],
            members["protocol_version"],
            members["tx_successful"],
            members["result_code"],
            members["tx_result_code"],
            members["inner_tx_hash"],
            members["fee_account"],
            members["source_account"],
            members["fee_charged"],
            None if (found := members.get("resources")) is None else InvocationResources.from_json(found),
            members.get("metrics"),
            frozenset((name for name in ('resources', 'metrics') if name in members and members[name] is None)),
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "ledger_sequence": self.ledger_sequence,
            "closed_at": self.closed_at,
            "tx_hash": self.tx_hash,
            "tx_index": self.tx_index,
            "op_index": self.op_index,
            "successful": self.successful,
            "data_source": self.data_source,
            "archive_restorations": [one.to_json() for one in self.archive_restorations],
            "toid": self.toid,
            "protocol_version": self.protocol_version,
            "tx_successful": self.tx_successful,
            "result_code": self.result_code,
            "tx_result_code": self.tx_result_code,
            "inner_tx_hash": self.inner_tx_hash,
            "fee_account": self.fee_account,
            "source_account": self.source_account,
            "fee_charged": self.fee_charged,
        }
        if self.resources is not None:
            members["resources"] = self.resources.to_json()
        elif "resources" in self.null_members:
            members["resources"] = None
        if self.metrics is not None:
            members["metrics"] = self.metrics
        elif "metrics" in self.null_members:
            members["metrics"] = None
        return members


@dataclass(slots=True)
class ArchiveRestoration:
    """One ledger entry that was restored from the archive."""

    #: The contract that owns the entry; null for code.
    contract_id: SCAddress | None
    #: The key of the entry; null for code.
    key: Value | None
    #: The ledger in which the entry was restored.
    restored_at_ledger: int
    #: The durability of the entry.
    durability: ContractDataDurability
    #: Whether an invocation or an operation of its own restored the entry.
    reason: RestorationReason
    #: The kind of the entry.
    entry: EntryKind
    #: The hash of the code; null for data.
    code_hash: Hash | None

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> ArchiveRestoration:
        return cls(
            members["contract_id"],
            members["key"],
            members["restored_at_ledger"],
            members["durability"],
            members["reason"],
            members["entry"],
            members["code_hash"],
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "contract_id": self.contract_id,
            "key": self.key,
            "restored_at_ledger": self.restored_at_ledger,
            "durability": self.durability,
            "reason": self.reason,
            "entry": self.entry,
            "code_hash": self.code_hash,
        }
        return members


@dataclass(slots=True)
class MuxedContract:
    """MuxedContract"""

    id: str
    contract_id: ContractID

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> MuxedContract:
        return cls(
            members["id"],
            members["contract_id"],
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "id": self.id,
            "contract_id": self.contract_id,
        }
        return members


@dataclass(slots=True)
class InvocationResources:
    """The resources that a transaction declared and paid for."""

    #: The instructions that were declared.
    instructions: int
    #: The bytes to read from disk that were declared.
    disk_read_bytes: int
    #: The bytes to write that were declared.
    write_bytes: int
    #: The largest fee for resources that was declared, in stroops.
    resource_fee: str
    #: The fee for resources that were used, in stroops; null if it was not recorded.
    non_refundable_fee: str | None
    #: The fee for events, return value and rent, in stroops; null if it was not recorded.
    refundable_fee: str | None
    #: The part of the refundable fee that is rent, in stroops; null if it was not recorded.
    rent_fee: str | None

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> InvocationResources:
        return cls(
            members["instructions"],
            members["disk_read_bytes"],
            members["write_bytes"],
            members["resource_fee"],
            members["non_refundable_fee"],
            members["refundable_fee"],
            members["rent_fee"],
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "instructions": self.instructions,
            "disk_read_bytes": self.disk_read_bytes,
            "write_bytes": self.write_bytes,
            "resource_fee": self.resource_fee,
            "non_refundable_fee": self.non_refundable_fee,
            "refundable_fee": self.refundable_fee,
            "rent_fee": self.rent_fee,
        }
        return members


@dataclass(slots=True)
class ContractCall:
    """A call of a contract."""

    #: The address of the contract that was called.
    contract_id: SCAddress
    #: The source account of the operation.
    invoking_account: AccountID
    #: The function that was called.
    function_name: SCSymbol
    #: The arguments of the call.
    arguments: list[Value]
    #: The value that was returned; null unless the operation succeeded.
    return_value: Value | None
    #: The declared name of each argument.
    argument_names: list[str] | None = None
    #: The events that contracts published.
    events: list[InvocationEvent] | None = None
    #: The diagnostic events; null if none were recorded.
    diagnostic_events: list[InvocationDiagnosticEvent] | None = None
    #: The calls that contracts made; null without diagnostics.
    contract_calls: list[SubCall] | None = None
    #: The changes of contract data and code.
    state_changes: list[StateChange] | None = None
    #: The lifetimes that were extended.
    ttl_extensions: list[TTLExtension] | None = None
    #: The authorizations that were signed.
    auth: list[AuthEntry] | None = None
    #: The names of optional members that were null.
    null_members: frozenset[str] = field(default=_NONE, repr=False)

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> ContractCall:
        return cls(
            members["contract_id"],
            members["invoking_account"],
            members["function_name"],
            members["arguments"],
            members["return_value"],
            members.get("argument_names"),
            None if (found := members.get("events")) is None else [InvocationEvent.from_json(one) for one in found],
            None if (found := members.get("diagnostic_events")) is None else [InvocationDiagnosticEvent.from_json(one) for one in found],
            None if (found := members.get("contract_calls")) is None else [SubCall.from_json(one) for one in found],
            None if (found := members.get("state_changes")) is None else [StateChange.from_json(one) for one in found],
            None if (found := members.get("ttl_extensions")) is None else [TTLExtension.from_json(one) for one in found],
            None if (found := members.get("auth")) is None else [AuthEntry.from_json(one) for one in found],
            frozenset((name for name in ('diagnostic_events', 'contract_calls') if name in members and members[name] is None)),
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "contract_id": self.contract_id,
            "invoking_account": self.invoking_account,
            "function_name": self.function_name,
            "arguments": self.arguments,
            "return_value": self.return_value,
        }
        if self.argument_names is not None:
            members["argument_names"] = self.argument_names
        if self.events is not None:
            members["events"] = [one.to_json() for one in self.events]
        if self.diagnostic_events is not None:
            members["diagnostic_events"] = [one.to_json() for one in self.diagnostic_events]
        elif "diagnostic_events" in self.null_members:
            members["diagnostic_events"] = None
        if self.contract_calls is not None:
            members["contract_calls"] = [one.to_json() for one in self.contract_calls]
        elif "contract_calls" in self.null_members:
            members["contract_calls"] = None
        if self.state_changes is not None:
            members["state_changes"] = [one.to_json() for one in self.state_changes]
        if self.ttl_extensions is not None:
            members["ttl_extensions"] = [one.to_json() for one in self.ttl_extensions]
        if self.auth is not None:
            members["auth"] = [one.to_json() for one in self.auth]
        return members


@dataclass(slots=True)
class InvocationEvent:
    """One event of a contract or of the system."""

    #: The contract that published the event; null if it has none.
    contract_id: ContractID | None
    #: Who published the event.
    type: ContractEventType
    #: The topics of the event.
    topics: list[Value]
    #: The data of the event.
    data: Value
    #: The place in the list of events, counted from 0.
    event_index: int
    #: The call that published the event, 0 for the operation itself; null if it is not known.
    call_index: int | None
    #: The declared name of each topic; null where a topic has none.
    topic_names: list[str | None] | None = None
    #: The declared name of the event.
    event_name: str | None = None
    #: The declared name of the single value in data.
    data_name: str | None = None
    #: The declared name of each element of data.
    data_names: list[str] | None = None

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> InvocationEvent:
        return cls(
            members["contract_id"],
            members["type"],
            members["topics"],
            members["data"],
            members["event_index"],
            members["call_index"],
            members.get("topic_names"),
            members.get("event_name"),
            members.get("data_name"),
            members.get("data_names"),
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "contract_id": self.contract_id,
            "type": self.type,
            "topics": self.topics,
            "data": self.data,
            "event_index": self.event_index,
            "call_index": self.call_index,
        }
        if self.topic_names is not None:
            members["topic_names"] = self.topic_names
        if self.event_name is not None:
            members["event_name"] = self.event_name
        if self.data_name is not None:
            members["data_name"] = self.data_name
        if self.data_names is not None:
            members["data_names"] = self.data_names
        return members


@dataclass(slots=True)
class InvocationDiagnosticEvent:
    """One diagnostic event."""

    #: The contract in which the event was recorded; null if there is none.
    contract_id: ContractID | None
    #: Who recorded the event.
    type: ContractEventType
    #: The topics of the event.
    topics: list[Value]
    #: The data of the event.
    data: Value
    #: Whether what the event belongs to took effect.
    in_successful_contract_call: bool
    #: The place in the list of diagnostic events, counted from 0.
    event_index: int
    #: The declared name of each topic; null where a topic has none.
    topic_names: list[str | None] | None = None
    #: The declared name of the event.
    event_name: str | None = None
    #: The declared name of the single value in data.
    data_name: str | None = None
    #: The declared name of each element of data.
    data_names: list[str] | None = None

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> InvocationDiagnosticEvent:
        return cls(
            members["contract_id"],
            members["type"],
            members["topics"],
            members["data"],
            members["in_successful_contract_call"],
            members["event_index"],
            members.get("topic_names"),
            members.get("event_name"),
            members.get("data_name"),
            members.get("data_names"),
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "contract_id": self.contract_id,
            "type": self.type,
            "topics": self.topics,
            "data": self.data,
            "in_successful_contract_call": self.in_successful_contract_call,
            "event_index": self.event_index,
        }
        if self.topic_names is not None:
            members["topic_names"] = self.topic_names
        if self.event_name is not None:
            members["event_name"] = self.event_name
        if self.data_name is not None:
            members["data_name"] = self.data_name
        if self.data_names is not None:
            members["data_names"] = self.data_names
        return members


@dataclass(slots=True)
class SubCall:
    """One call that a contract made, or the host on its behalf."""

    #: The place in the order of calls, counted from 1.
    index: int
    #: The index of the call that made this one; 0 is the operation.
    parent: int
    #: How deep the call is nested, counted from 1.
    depth: int
    #: The contract that called; null if the host called.
    from_contract: ContractID | None
    #: The contract that was called.
    to_contract: ContractID
    #: The function that was called.
    function: SCSymbol
    #: The arguments of the call.
    arguments: list[Value]
    #: Whether the diagnostics allow another reading of the arguments.
    arguments_ambiguous: bool
    #: The value that was returned; null if the call did not return.
    return_value: Value | None
    #: Whether the call returned; null if the diagnostics are incomplete.
    successful: bool | None
    #: The declared name of each argument.
    argument_names: list[str] | None = None

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> SubCall:
        return cls(
            members["index"],
            members["parent"],
            members["depth"],
            members["from_contract"],
            members["to_contract"],
            members["function"],
            members["arguments"],
            members["arguments_ambiguous"],
            members["return_value"],
            members["successful"],
            members.get("argument_names"),
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "index": self.index,
            "parent": self.parent,
            "depth": self.depth,
            "from_contract": self.from_contract,
            "to_contract": self.to_contract,
            "function": self.function,
            "arguments": self.arguments,
            "arguments_ambiguous": self.arguments_ambiguous,
            "return_value": self.return_value,
            "successful": self.successful,
        }
        if self.argument_names is not None:
            members["argument_names"] = self.argument_names
        return members


@dataclass(slots=True)
class StateChange:
    """One change of contract data or code."""

    #: The contract that owns the entry; null for code.
    contract_id: SCAddress | None
    #: The kind of the entry.
    entry: EntryKind
    #: The key of the entry; null for code.
    key: Value | None
    #: The hash of the code; null for data.
    code_hash: Hash | None
    #: The value before; null if there was none.
    old_value: Value | None
    #: The value after; null if there is none.
    new_value: Value | None
    #: What happened to the entry.
    operation: StateOperation
    #: The durability of the entry.
    durability: ContractDataDurability

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> StateChange:
        return cls(
            members["contract_id"],
            members["entry"],
            members["key"],
            members["code_hash"],
            members["old_value"],
            members["new_value"],
            members["operation"],
            members["durability"],
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "contract_id": self.contract_id,
            "entry": self.entry,
            "key": self.key,
            "code_hash": self.code_hash,
            "old_value": self.old_value,
            "new_value": self.new_value,
            "operation": self.operation,
            "durability": self.durability,
        }
        return members


@dataclass(slots=True)
class TTLExtension:
    """One lifetime that was extended."""

    #: The contract that owns the entry; null for code.
    contract_id: SCAddress | None
    #: The kind of the entry; null if it is not known.
    entry: EntryKind | None
    #: The key of the entry; null for code.
    key: Value | None
    #: The hash of the code; null for data.
    code_hash: Hash | None
    #: The last ledger of the entry's life before.
    old_ttl: int
    #: The last ledger of the entry's life after.
    new_ttl: int
    #: The durability of the entry; null if it is not known.
    durability: ContractDataDurability | None
    #: The SHA-256 hash of the ledger key.
    key_hash: Hash

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> TTLExtension:
        return cls(
            members["contract_id"],
            members["entry"],
            members["key"],
            members["code_hash"],
            members["old_ttl"],
            members["new_ttl"],
            members["durability"],
            members["key_hash"],
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "contract_id": self.contract_id,
            "entry": self.entry,
            "key": self.key,
            "code_hash": self.code_hash,
            "old_ttl": self.old_ttl,
            "new_ttl": self.new_ttl,
            "durability": self.durability,
            "key_hash": self.key_hash,
        }
        return members


@dataclass(slots=True)
class AuthEntry:
    """One authorization that was signed."""

    #: How the invocation was signed for.
    credentials: SorobanCredentialsType
    #: The address that signed; null for the source account.
    address: SCAddress | None
    #: The number that prevents a second use of the signature; null for the source account.
    nonce: str | None
    #: The last ledger in which the signature is valid; null for the source account.
    signature_expiration_ledger: int | None
    #: Who signed in place of the address; null if the credentials name no delegates.
    delegates: list[AuthDelegate] | None
    #: The invocation that was signed for.
    invocation: AuthInvocation

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> AuthEntry:
        return cls(
            members["credentials"],
            members["address"],
            members["nonce"],
            members["signature_expiration_ledger"],
            None if (found := members["delegates"]) is None else [AuthDelegate.from_json(one) for one in found],
            AuthInvocation.from_json(members["invocation"]),
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "credentials": self.credentials,
            "address": self.address,
            "nonce": self.nonce,
            "signature_expiration_ledger": self.signature_expiration_ledger,
            "delegates": None if self.delegates is None else [one.to_json() for one in self.delegates],
            "invocation": self.invocation.to_json(),
        }
        return members


@dataclass(slots=True)
class AuthDelegate:
    """An address that signed in place of another."""

    #: The address that signed.
    address: SCAddress
    #: Who signed in place of this address.
    delegates: list[AuthDelegate]

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> AuthDelegate:
        return cls(
            members["address"],
            [AuthDelegate.from_json(one) for one in members["delegates"]],
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "address": self.address,
            "delegates": [one.to_json() for one in self.delegates],
        }
        return members


@dataclass(slots=True)
class AuthInvocation:
    """An invocation that was signed for."""

    #: The invocations below it that were signed for.
    sub_invocations: list[AuthInvocation]
    #: The address of the contract.
    contract_id: SCAddress | None = None
    #: The function.
    function: SCSymbol | None = None
    #: The arguments.
    arguments: list[Value] | None = None
    #: The declared name of each argument.
    argument_names: list[str] | None = None
    #: The creation of a contract.
    create_contract: AuthContractCreation | None = None

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> AuthInvocation:
        return cls(
            [AuthInvocation.from_json(one) for one in members["sub_invocations"]],
            members.get("contract_id"),
            members.get("function"),
            members.get("arguments"),
            members.get("argument_names"),
            None if (found := members.get("create_contract")) is None else AuthContractCreation.from_json(found),
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "sub_invocations": [one.to_json() for one in self.sub_invocations],
        }
        if self.contract_id is not None:
            members["contract_id"] = self.contract_id
        if self.function is not None:
            members["function"] = self.function
        if self.arguments is not None:
            members["arguments"] = self.arguments
        if self.argument_names is not None:
            members["argument_names"] = self.argument_names
        if self.create_contract is not None:
            members["create_contract"] = self.create_contract.to_json()
        return members


@dataclass(slots=True)
class AuthContractCreation:
    """The creation of a contract that was signed for."""

    #: The address of the new contract.
    contract_id: ContractID
    #: The address that the contract's id is derived from; null for the contract of an asset.
    deployer: SCAddress | None
    #: What the contract runs.
    executable: ContractExecutableType
    #: The hash of the code; null if the contract runs no code of its own.
    wasm_hash: Hash | None
    #: Where the hash of the code is stored; null if the contract does not refer to another.
    external_ref: ExternalReference | None
    #: The asset of the contract; null if it is not the contract of an asset.
    asset: AssetName | None
    #: The salt of the contract's id; null for the contract of an asset.
    salt: uint256 | None
    #: The arguments of the constructor.
    constructor_args: list[Value]
    #: The declared name of each argument of the constructor.
    constructor_arg_names: list[str] | None = None

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> AuthContractCreation:
        return cls(
            members["contract_id"],
            members["deployer"],
            members["executable"],
            members["wasm_hash"],
            None if (found := members["external_ref"]) is None else ExternalReference.from_json(found),
            members["asset"],
            members["salt"],
            members["constructor_args"],
            members.get("constructor_arg_names"),
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "contract_id": self.contract_id,
            "deployer": self.deployer,
            "executable": self.executable,
            "wasm_hash": self.wasm_hash,
            "external_ref": None if self.external_ref is None else self.external_ref.to_json(),
            "asset": self.asset,
            "salt": self.salt,
            "constructor_args": self.constructor_args,
        }
        if self.constructor_arg_names is not None:
            members["constructor_arg_names"] = self.constructor_arg_names
        return members


@dataclass(slots=True)
class ExternalReference:
    """The place where another contract stores the hash of the code."""

    #: The address that stores the hash.
    owner: SCAddress
    #: The name under which it is stored.
    tag: SCString

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> ExternalReference:
        return cls(
            members["owner"],
            members["tag"],
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "owner": self.owner,
            "tag": self.tag,
        }
        return members


@dataclass(slots=True)
class CreateContract:
    """The creation of a contract."""

    #: The address of the new contract.
    contract_id: ContractID
    #: The source account of the operation.
    creator_account: AccountID
    #: The address that the contract's id is derived from; null for the contract of an asset.
    deployer: SCAddress | None
    #: What the contract runs.
    executable: ContractExecutableType
    #: The hash of the code; null if the contract runs no code of its own.
    wasm_hash: Hash | None
    #: Where the hash of the code is stored; null if the contract does not refer to another.
    external_ref: ExternalReference | None
    #: The asset of the contract; null if it is not the contract of an asset.
    asset: AssetName | None
    #: The salt of the contract's id; null for the contract of an asset.
    salt: uint256 | None
    #: The arguments of the constructor.
    constructor_args: list[Value]
    #: The value that was returned; null unless the operation succeeded.
    return_value: Value | None
    #: The declared name of each argument of the constructor.
    constructor_arg_names: list[str] | None = None
    #: The events that contracts published.
    events: list[InvocationEvent] | None = None
    #: The diagnostic events; null if none were recorded.
    diagnostic_events: list[InvocationDiagnosticEvent] | None = None
    #: The calls that contracts made; null without diagnostics.
    contract_calls: list[SubCall] | None = None
    #: The changes of contract data and code.
    state_changes: list[StateChange] | None = None
    #: The lifetimes that were extended.
    ttl_extensions: list[TTLExtension] | None = None
    #: The authorizations that were signed.
    auth: list[AuthEntry] | None = None
    #: The names of optional members that were null.
    null_members: frozenset[str] = field(default=_NONE, repr=False)

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> CreateContract:
        return cls(
            members["contract_id"],
            members["creator_account"],
            members["deployer"],
            members["executable"],
            members["wasm_hash"],
            None if (found := members["external_ref"]) is None else ExternalReference.from_json(found),
            members["asset"],
            members["salt"],
            members["constructor_args"],
            members["return_value"],
            members.get("constructor_arg_names"),
            None if (found := members.get("events")) is None else [InvocationEvent.from_json(one) for one in found],
            None if (found := members.get("diagnostic_events")) is None else [InvocationDiagnosticEvent.from_json(one) for one in found],
            None if (found := members.get("contract_calls")) is None else [SubCall.from_json(one) for one in found],
            None if (found := members.get("state_changes")) is None else [StateChange.from_json(one) for one in found],
            None if (found := members.get("ttl_extensions")) is None else [TTLExtension.from_json(one) for one in found],
            None if (found := members.get("auth")) is None else [AuthEntry.from_json(one) for one in found],
            frozenset((name for name in ('diagnostic_events', 'contract_calls') if name in members and members[name] is None)),
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "contract_id": self.contract_id,
            "creator_account": self.creator_account,
            "deployer": self.deployer,
            "executable": self.executable,
            "wasm_hash": self.wasm_hash,
            "external_ref": None if self.external_ref is None else self.external_ref.to_json(),
            "asset": self.asset,
            "salt": self.salt,
            "constructor_args": self.constructor_args,
            "return_value": self.return_value,
        }
        if self.constructor_arg_names is not None:
            members["constructor_arg_names"] = self.constructor_arg_names
        if self.events is not None:
            members["events"] = [one.to_json() for one in self.events]
        if self.diagnostic_events is not None:
            members["diagnostic_events"] = [one.to_json() for one in self.diagnostic_events]
        elif "diagnostic_events" in self.null_members:
            members["diagnostic_events"] = None
        if self.contract_calls is not None:
            members["contract_calls"] = [one.to_json() for one in self.contract_calls]
        elif "contract_calls" in self.null_members:
            members["contract_calls"] = None
        if self.state_changes is not None:
            members["state_changes"] = [one.to_json() for one in self.state_changes]
        if self.ttl_extensions is not None:
            members["ttl_extensions"] = [one.to_json() for one in self.ttl_extensions]
        if self.auth is not None:
            members["auth"] = [one.to_json() for one in self.auth]
        return members


@dataclass(slots=True)
class UploadWasm:
    """The upload of code."""

    #: The source account of the operation.
    uploader_account: AccountID
    #: The SHA-256 hash of the code.
    wasm_hash: Hash
    #: The length of the code in bytes.
    wasm_size: int
    #: The value that was returned; null unless the operation succeeded.
    return_value: Value | None
    #: The events that contracts published.
    events: list[InvocationEvent] | None = None
    #: The diagnostic events; null if none were recorded.
    diagnostic_events: list[InvocationDiagnosticEvent] | None = None
    #: The calls that contracts made; null without diagnostics.
    contract_calls: list[SubCall] | None = None
    #: The changes of contract data and code.
    state_changes: list[StateChange] | None = None
    #: The lifetimes that were extended.
    ttl_extensions: list[TTLExtension] | None = None
    #: The authorizations that were signed.
    auth: list[AuthEntry] | None = None
    #: The names of optional members that were null.
    null_members: frozenset[str] = field(default=_NONE, repr=False)

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> UploadWasm:
        return cls(
            members["uploader_account"],
            members["wasm_hash"],
            members["wasm_size"],
            members["return_value"],
            None if (found := members.get("events")) is None else [InvocationEvent.from_json(one) for one in found],
            None if (found := members.get("diagnostic_events")) is None else [InvocationDiagnosticEvent.from_json(one) for one in found],
            None if (found := members.get("contract_calls")) is None else [SubCall.from_json(one) for one in found],
            None if (found := members.get("state_changes")) is None else [StateChange.from_json(one) for one in found],
            None if (found := members.get("ttl_extensions")) is None else [TTLExtension.from_json(one) for one in found],
            None if (found := members.get("auth")) is None else [AuthEntry.from_json(one) for one in found],
            frozenset((name for name in ('diagnostic_events', 'contract_calls') if name in members and members[name] is None)),
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "uploader_account": self.uploader_account,
            "wasm_hash": self.wasm_hash,
            "wasm_size": self.wasm_size,
            "return_value": self.return_value,
        }
        if self.events is not None:
            members["events"] = [one.to_json() for one in self.events]
        if self.diagnostic_events is not None:
            members["diagnostic_events"] = [one.to_json() for one in self.diagnostic_events]
        elif "diagnostic_events" in self.null_members:
            members["diagnostic_events"] = None
        if self.contract_calls is not None:
            members["contract_calls"] = [one.to_json() for one in self.contract_calls]
        elif "contract_calls" in self.null_members:
            members["contract_calls"] = None
        if self.state_changes is not None:
            members["state_changes"] = [one.to_json() for one in self.state_changes]
        if self.ttl_extensions is not None:
            members["ttl_extensions"] = [one.to_json() for one in self.ttl_extensions]
        if self.auth is not None:
            members["auth"] = [one.to_json() for one in self.auth]
        return members


@dataclass(slots=True)
class ExtendTTL:
    """The extension of lifetimes by an operation of its own."""

    #: The source account of the operation.
    account: AccountID
    #: Minimum remaining lifetime, in ledgers.
    extend_to: int
    #: The lifetimes that were extended.
    ttl_extensions: list[TTLExtension] | None = None

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> ExtendTTL:
        return cls(
            members["account"],
            members["extend_to"],
            None if (found := members.get("ttl_extensions")) is None else [TTLExtension.from_json(one) for one in found],
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "account": self.account,
            "extend_to": self.extend_to,
        }
        if self.ttl_extensions is not None:
            members["ttl_extensions"] = [one.to_json() for one in self.ttl_extensions]
        return members


@dataclass(slots=True)
class RestoreFootprint:
    """The restoration of entries by an operation of its own."""

    #: The source account of the operation.
    account: AccountID
    #: The lifetimes that were extended.
    ttl_extensions: list[TTLExtension] | None = None

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> RestoreFootprint:
        return cls(
            members["account"],
            None if (found := members.get("ttl_extensions")) is None else [TTLExtension.from_json(one) for one in found],
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "account": self.account,
        }
        if self.ttl_extensions is not None:
            members["ttl_extensions"] = [one.to_json() for one in self.ttl_extensions]
        return members


@dataclass(slots=True)
class InvocationRawXDR:
    """The XDR that a record was made from."""

    #: The TransactionEnvelope.
    envelope: Base64
    #: The TransactionResult.
    result: Base64
    #: The TransactionMeta.
    meta: Base64

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> InvocationRawXDR:
        return cls(
            members["envelope"],
            members["result"],
            members["meta"],
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "envelope": self.envelope,
            "result": self.result,
            "meta": self.meta,
        }
        return members


@dataclass(slots=True)
class ContractEventRecord:
    """One event of a ledger."""

    #: The type of the record and its version.
    schema: ContractEventMark
    #: The transaction and the operation of the event.
    meta: EventMeta
    #: The event.
    event: EventBody

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> ContractEventRecord:
        return cls(
            members["_schema"],
            EventMeta.from_json(members["meta"]),
            EventBody.from_json(members["event"]),
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "_schema": self.schema,
            "meta": self.meta.to_json(),
            "event": self.event.to_json(),
        }
        return members


@dataclass(slots=True)
class EventMeta:
    """The transaction and the operation of an event."""

    #: The sequence number of the ledger.
    ledger_sequence: int
    #: When the ledger closed; null if it is not known.
    closed_at: Time | None
    #: The hash of the transaction; of a fee bump, of the outer one; null if it is not known.
    tx_hash: Hash | None
    #: The transaction's place in the order of application, counted from 1; null if it is not known.
    tx_index: int | None
    #: The operation's place in the transaction, counted from 0; null for an event of the transaction itself.
    op_index: int | None
    #: Whether the operation took effect; null if it is not known.
    successful: bool | None
    #: The id of the operation as in SEP-35; null for an event of the transaction itself.
    toid: str | None
    #: The protocol version of the ledger; null if it is not known.
    protocol_version: int | None
    #: Whether the transaction succeeded; null if it is not known.
    tx_successful: bool | None
    #: How the operation ended; null if it is none on smart contracts.
    result_code: InvocationResultCode | None
    #: How the transaction ended; null if it is not known.
    tx_result_code: TransactionResultCode | None
    #: The hash of the inner transaction; null if this is not a fee bump.
    inner_tx_hash: Hash | None
    #: The account that paid the fee; null if it is not known.
    fee_account: AccountID | None
    #: The source account of the transaction; null if it is not known.
    source_account: MuxedAccount | None
    #: The fee that was charged after refunds, in stroops; null if it is not known.
    fee_charged: str | None

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> EventMeta:
        return cls(
            members["ledger_sequence"],
            members["closed_at"],
            members["tx_hash"],
            members["tx_index"],
            members["op_index"],
            members["successful"],
            members["toid"],
            members["protocol_version"],
            members["tx_successful"],
            members["result_code"],
            members["tx_result_code"],
            members["inner_tx_hash"],
            members["fee_account"],
            members["source_account"],
            members["fee_charged"],
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "ledger_sequence": self.ledger_sequence,
            "closed_at": self.closed_at,
            "tx_hash": self.tx_hash,
            "tx_index": self.tx_index,
            "op_index": self.op_index,
            "successful": self.successful,
            "toid": self.toid,
            "protocol_version": self.protocol_version,
            "tx_successful": self.tx_successful,
            "result_code": self.result_code,
            "tx_result_code": self.tx_result_code,
            "inner_tx_hash": self.inner_tx_hash,
            "fee_account": self.fee_account,
            "source_account": self.source_account,
            "fee_charged": self.fee_charged,
        }
        return members


@dataclass(slots=True)
class EventBody:
    """An event, its place and its content."""

    #: The id that getEvents gives the event; null if it is not known.
    id: str | None
    #: When the event was published; null if it is not known.
    stage: EventStage | None
    #: The operation, counted from 0; null for other stages.
    operation_index: int | None
    #: The index that the id ends in; null if it is not known.
    event_index: int | None
    #: The contract that published the event; null if it has none.
    contract_id: ContractID | None
    #: Who published the event.
    type: ContractEventType
    #: The topics of the event.
    topics: list[Value]
    #: The data of the event.
    data: Value
    #: The call that published the event, 0 for the operation itself; null if it is not known.
    call_index: int | None
    #: The declared name of each topic; null where a topic has none.
    topic_names: list[str | None] | None = None
    #: The declared name of the event.
    event_name: str | None = None
    #: The declared name of the single value in data.
    data_name: str | None = None
    #: The declared name of each element of data.
    data_names: list[str] | None = None

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> EventBody:
        return cls(
            members["id"],
            members["stage"],
            members["operation_index"],
            members["event_index"],
            members["contract_id"],
            members["type"],
            members["topics"],
            members["data"],
            members["call_index"],
            members.get("topic_names"),
            members.get("event_name"),
            members.get("data_name"),
            members.get("data_names"),
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "id": self.id,
            "stage": self.stage,
            "operation_index": self.operation_index,
            "event_index": self.event_index,
            "contract_id": self.contract_id,
            "type": self.type,
            "topics": self.topics,
            "data": self.data,
            "call_index": self.call_index,
        }
        if self.topic_names is not None:
            members["topic_names"] = self.topic_names
        if self.event_name is not None:
            members["event_name"] = self.event_name
        if self.data_name is not None:
            members["data_name"] = self.data_name
        if self.data_names is not None:
            members["data_names"] = self.data_names
        return members


@dataclass(slots=True)
class LedgerTransaction:
    """One transaction with the context of its ledger."""

    #: The type of the record and its version.
    schema: LedgerTransactionMark
    #: The SHA-256 hash of the network's passphrase.
    network_id: Hash
    #: The sequence number of the ledger.
    ledger_sequence: int
    #: When the ledger closed.
    closed_at: Time
    #: The protocol version of the ledger.
    protocol_version: int
    #: The transaction's place in the order of application, counted from 1.
    tx_index: int
    #: The hash of the transaction; of a fee bump, of the outer one.
    tx_hash: Hash
    #: The TransactionEnvelope.
    envelope_xdr: Base64
    #: The TransactionResult.
    result_xdr: Base64
    #: The LedgerEntryChanges by which the fee was charged.
    fee_changes_xdr: Base64
    #: The TransactionMeta.
    meta_xdr: Base64
    #: The LedgerEntryChanges by which the rest of the fee was refunded; null before Protocol 23.
    post_fee_changes_xdr: Base64 | None
    #: The events of earlier transactions, where transactions were left out.
    events_before: EventsBefore | None = None

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> LedgerTransaction:
        return cls(
            members["_schema"],
            members["network_id"],
            members["ledger_sequence"],
            members["closed_at"],
            members["protocol_version"],
            members["tx_index"],
            members["tx_hash"],
            members["envelope_xdr"],
            members["result_xdr"],
            members["fee_changes_xdr"],
            members["meta_xdr"],
            members["post_fee_changes_xdr"],
            None if (found := members.get("events_before")) is None else EventsBefore.from_json(found),
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "_schema": self.schema,
            "network_id": self.network_id,
            "ledger_sequence": self.ledger_sequence,
            "closed_at": self.closed_at,
            "protocol_version": self.protocol_version,
            "tx_index": self.tx_index,
            "tx_hash": self.tx_hash,
            "envelope_xdr": self.envelope_xdr,
            "result_xdr": self.result_xdr,
            "fee_changes_xdr": self.fee_changes_xdr,
            "meta_xdr": self.meta_xdr,
            "post_fee_changes_xdr": self.post_fee_changes_xdr,
        }
        if self.events_before is not None:
            members["events_before"] = self.events_before.to_json()
        return members


@dataclass(slots=True)
class EventsBefore:
    """How many events the earlier transactions of the ledger have that are counted over the whole ledger."""

    #: Events before all transactions.
    before_all_txs: int
    #: Events after all transactions.
    after_all_txs: int

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> EventsBefore:
        return cls(
            members["before_all_txs"],
            members["after_all_txs"],
        )

    def to_json(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "before_all_txs": self.before_all_txs,
            "after_all_txs": self.after_all_txs,
        }
        return members
