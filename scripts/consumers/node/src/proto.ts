// Made by generate.mjs. Do not edit.
// In protobuf-JSON, members that are false, zero or empty are omitted, 64-bit integers are strings, and bytes are base64.

/** The kind of a value. */
export type ScValueType =
  | 'SC_VALUE_TYPE_VOID'
  | 'SC_VALUE_TYPE_BOOL'
  | 'SC_VALUE_TYPE_U32'
  | 'SC_VALUE_TYPE_I32'
  | 'SC_VALUE_TYPE_U64'
  | 'SC_VALUE_TYPE_I64'
  | 'SC_VALUE_TYPE_STRING'
  | 'SC_VALUE_TYPE_BYTES'
  | 'SC_VALUE_TYPE_VEC'
  | 'SC_VALUE_TYPE_MAP'
  | 'SC_VALUE_TYPE_ADDRESS'
  | 'SC_VALUE_TYPE_INSTANCE'
  | 'SC_VALUE_TYPE_SYMBOL'

/** What happened to an entry. A restored one is CREATE. */
export type StateChangeOperation =
  | 'STATE_CHANGE_OPERATION_CREATE'
  | 'STATE_CHANGE_OPERATION_UPDATE'
  | 'STATE_CHANGE_OPERATION_DELETE'

/** What happens to an entry at the end of its lifetime: it is deleted, or archived. */
export type ContractDataDurability =
  | 'CONTRACT_DATA_DURABILITY_TEMPORARY'
  | 'CONTRACT_DATA_DURABILITY_PERSISTENT'

/** Whether an invocation or a separate operation restored an entry. */
export type RestorationReason =
  | 'RESTORATION_REASON_AUTOMATIC'
  | 'RESTORATION_REASON_EXPLICIT'

/** One operation on smart contracts. */
export interface ContractInvocationEvent {
  /** Where, when and how it was applied. */
  meta?: EventMeta
  /** A contract was called. */
  contractCall?: ContractCall
  /** A contract was created. */
  createContract?: CreateContract
  /** Code was uploaded. */
  uploadWasm?: UploadWasm
}

/** Where, when and how an operation was applied. */
export interface EventMeta {
  /** The sequence number of the ledger. */
  ledgerSequence?: number
  /** When the ledger closed. */
  closedAt?: string
  /** The hash of the transaction, 64 hexadecimal digits; of a fee bump, of the outer one. */
  txHash?: string
  /** The transaction's position in the apply order, from 1. */
  txIndex?: number
  /** The operation's position in the transaction, from 0. */
  opIndex?: number
  /** Whether the operation took effect. */
  successful?: boolean
  /** archive if the operation restored an entry from the archive, else live. */
  dataSource?: string
  /** The entries that were restored from the archive; code is omitted. */
  archiveRestorations?: ArchiveRestoration[]
}

/** A call of a contract. */
export interface ContractCall {
  /** The address of the contract that was called. */
  contractId?: string
  /** The source account of the operation. */
  invokingAccount?: string
  /** The function that was called. */
  functionName?: string
  /** The arguments of the call. */
  arguments?: ScValue[]
  /** The diagnostic events; the contract events if no diagnostics were recorded. */
  diagnosticEvents?: DiagnosticEvent[]
  /** The calls that contracts made. */
  contractCalls?: ContractToContractCall[]
  /** The changes of contract data; those of code are omitted. */
  stateChanges?: StateChange[]
  /** The lifetimes that were extended; those of code are omitted. */
  ttlExtensions?: TtlExtension[]
}

/** The creation of a contract. */
export interface CreateContract {
  /** The address of the new contract. */
  contractId?: string
  /** The source account of the operation. */
  creatorAccount?: string
  /** For the contract of an asset: the account that created it, as in creator_account. */
  sourceAccount?: string
  /** The hash of the code that the contract runs. */
  wasmHash?: string
  /** The arguments of the constructor. */
  constructorArgs?: ScValue[]
}

/** The upload of code. */
export interface UploadWasm {
  /** The source account of the operation. */
  uploaderAccount?: string
  /** The SHA-256 hash of the code. */
  wasmHash?: string
  /** The length of the code in bytes. */
  wasmSize?: number
}

/** A value of a contract. */
export interface ScValue {
  /** The kind of a value. */
  type?: ScValueType
  /** A boolean. */
  boolValue?: boolean
  /** An unsigned 32-bit integer. */
  u32Value?: number
  /** A signed 32-bit integer. */
  i32Value?: number
  /** An unsigned 64-bit integer. */
  u64Value?: string
  /** A signed 64-bit integer. */
  i64Value?: string
  /** A string; also the text of a value without its own member, such as 128-bit and 256-bit integers. */
  stringValue?: string
  /** Bytes. */
  bytesValue?: string
  /** A list of values. */
  vecValue?: ScValueVector
  /** Keys and values. */
  mapValue?: ScValueMap
  /** The address of an account or a contract. */
  addressValue?: string
  /** The instance of a contract. */
  instanceValue?: ScValueInstance
  /** A short name. */
  symbolValue?: string
}

/** A list of values. */
export interface ScValueVector {
  /** The values, in order. */
  values?: ScValue[]
}

/** Keys and values. */
export interface ScValueMap {
  /** The entries, in the order of their keys. */
  entries?: ScValueMapEntry[]
}

/** One entry of a map. */
export interface ScValueMapEntry {
  /** The key. */
  key?: ScValue
  /** The value. */
  value?: ScValue
}

/** The instance of a contract. */
export interface ScValueInstance {
  /** The executable: wasm: and the hash of the code, stellar_asset, or external_ref. */
  instanceType?: string
  /** The storage of the instance: one map, or nothing. */
  fields?: ScValue[]
}

/** One diagnostic event. */
export interface DiagnosticEvent {
  /** The contract in which the event was recorded. */
  contractId?: string
  /** The topics of the event. */
  topics?: ScValue[]
  /** The data of the event. */
  data?: ScValue
  /** Whether the call of the event took effect. */
  inSuccessfulContractCall?: boolean
  /** The position in the list of events, from 0. */
  eventIndex?: number
}

/** One call that a contract made. */
export interface ContractToContractCall {
  /** The contract that called. */
  fromContract?: string
  /** The contract that was called. */
  toContract?: string
  /** The function that was called. */
  function?: string
  /** Whether the call returned. */
  successful?: boolean
  /** The arguments of the call. */
  arguments?: ScValue[]
}

/** One change of contract data. */
export interface StateChange {
  /** The contract that owns the entry. */
  contractId?: string
  /** The key of the entry. */
  key?: ScValue
  /** The value before, if there was one. */
  oldValue?: ScValue
  /** The value after, if there is one. */
  newValue?: ScValue
  /** What happened to the entry. */
  operation?: StateChangeOperation
  /** The durability of the entry. */
  durability?: ContractDataDurability
}

/** One lifetime that was extended. */
export interface TtlExtension {
  /** The contract that owns the entry. */
  contractId?: string
  /** The last ledger of the entry's lifetime before the extension. */
  oldTtl?: number
  /** The last ledger of the entry's lifetime after the extension. */
  newTtl?: number
  /** The key of the entry. */
  key?: ScValue
  /** The durability of the entry. */
  durability?: ContractDataDurability
}

/** One entry that was restored from the archive. */
export interface ArchiveRestoration {
  /** The contract that owns the entry. */
  contractId?: string
  /** The key of the entry. */
  key?: ScValue
  /** The ledger in which the entry was restored. */
  restoredAtLedger?: number
  /** The durability of the entry. */
  durability?: ContractDataDurability
  /** Whether an invocation or a separate operation restored the entry. */
  reason?: RestorationReason
}

/** The kind of invocation to select. */
export type InvocationTypeFilter =
  | 'INVOCATION_TYPE_FILTER_ALL'
  | 'INVOCATION_TYPE_FILTER_CONTRACT_CALL'
  | 'INVOCATION_TYPE_FILTER_CREATE_CONTRACT'
  | 'INVOCATION_TYPE_FILTER_UPLOAD_WASM'

/** Where to search for a pattern. */
export type DataLocation =
  | 'DATA_LOCATION_ARGUMENTS'
  | 'DATA_LOCATION_EVENT_DATA'
  | 'DATA_LOCATION_STATE_VALUES'

/** The kind of value to select. */
export type ScValueTypeFilter =
  | 'SC_VALUE_TYPE_FILTER_ANY'
  | 'SC_VALUE_TYPE_FILTER_STRING'
  | 'SC_VALUE_TYPE_FILTER_NUMERIC'
  | 'SC_VALUE_TYPE_FILTER_ADDRESS'
  | 'SC_VALUE_TYPE_FILTER_BYTES'

/** Lists are alternatives; different filters must all match. An omitted filter matches everything. */
export interface GetInvocationsRequest {
  /** The first ledger; 0 means the first one available. */
  startLedger?: number
  /** The last ledger; 0 follows the chain endlessly. */
  endLedger?: number
  /** Contracts that are called or created. */
  contractIds?: string[]
  /** Functions that are called. */
  functionNames?: string[]
  /** Source accounts of the operation. */
  invokingAccounts?: string[]
  /** Only invocations that took effect. */
  successfulOnly?: boolean
  /** The kind of invocation. */
  typeFilter?: InvocationTypeFilter
  /** The content of events and values. */
  contentFilter?: EventContentFilter
  /** When the ledger closed. */
  timeFilter?: TimeFilter
  /** The changes of storage. */
  stateFilter?: StateChangeFilter
  /** The content of the response. */
  options?: ResponseOptions
}

/** The content of events and values. */
export interface EventContentFilter {
  /** Patterns of topics. */
  topicFilters?: TopicFilter[]
  /** Patterns of values. */
  dataPatterns?: DataPatternFilter[]
  /** Only invocations with diagnostic events. */
  hasDiagnosticEvents?: boolean
  /** Only invocations that changed storage. */
  hasStateChanges?: boolean
}

/** A pattern of one topic of an event. */
export interface TopicFilter {
  /** The position of the topic, from 0. */
  topicIndex?: number
  /** The complete text of the topic. */
  exactMatch?: string
  /** The bytes of the topic. */
  bytesMatch?: string
  /** A regular expression for the text of the topic. */
  pattern?: string
}

/** A pattern of a value. */
export interface DataPatternFilter {
  /** Where to look. */
  location?: DataLocation
  /** A regular expression for a text. */
  stringPattern?: string
  /** Bytes that the value contains. */
  bytesPattern?: string
  /** The kind of value. */
  typeFilter?: ScValueTypeFilter
}

/** When the ledger closed. */
export interface TimeFilter {
  /** The earliest time. */
  startTime?: string
  /** The latest time. */
  endTime?: string
  /** Only ledgers that closed in the last hour. */
  recentOnly?: boolean
}

/** The changes of storage. */
export interface StateChangeFilter {
  /** What happened to an entry. */
  operations?: StateChangeOperation[]
  /** The durability of the entry. */
  durabilities?: ContractDataDurability[]
  /** The contracts that own the entry. */
  affectedContracts?: string[]
  /** Only invocations that extended lifetimes. */
  hasTtlExtensions?: boolean
}

/** The content of the response, and how it is sent. */
export interface ResponseOptions {
  /** Rejected if set: the message has no field for it. */
  includeRawXdr?: boolean
  /** Has no effect: values are always decoded. */
  includeDecodedOnly?: boolean
  /** Compress with gzip. */
  compressResponse?: boolean
  /** End the stream after this many invocations; 0 sets no limit. */
  maxEventsPerResponse?: number
  /** The parts of an invocation to send; by default all of them. */
  inclusion?: ContentInclusion
}

/** The parts of an invocation to send. */
export interface ContentInclusion {
  /** Send diagnostic_events. */
  includeDiagnosticEvents?: boolean
  /** Send state_changes. */
  includeStateChanges?: boolean
  /** Send contract_calls. */
  includeContractCalls?: boolean
  /** Send ttl_extensions. */
  includeTtlExtensions?: boolean
  /** Send archive_restorations. */
  includeArchiveInfo?: boolean
}
