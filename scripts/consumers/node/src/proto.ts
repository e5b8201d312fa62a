// Made by generate.mjs. Do not edit.
// In protobuf-JSON members that are false, zero or empty are left out, integers of 64 bits are strings, bytes base64.

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

export type StateChangeOperation =
  | 'STATE_CHANGE_OPERATION_CREATE'
  | 'STATE_CHANGE_OPERATION_UPDATE'
  | 'STATE_CHANGE_OPERATION_DELETE'

export type ContractDataDurability =
  | 'CONTRACT_DATA_DURABILITY_TEMPORARY'
  | 'CONTRACT_DATA_DURABILITY_PERSISTENT'

export type RestorationReason =
  | 'RESTORATION_REASON_AUTOMATIC'
  | 'RESTORATION_REASON_EXPLICIT'

export interface ContractInvocationEvent {
  meta?: EventMeta
  contractCall?: ContractCall
  createContract?: CreateContract
  uploadWasm?: UploadWasm
}

export interface EventMeta {
  ledgerSequence?: number
  closedAt?: string
  txHash?: string
  txIndex?: number
  opIndex?: number
  successful?: boolean
  dataSource?: string
  archiveRestorations?: ArchiveRestoration[]
}

export interface ContractCall {
  contractId?: string
  invokingAccount?: string
  functionName?: string
  arguments?: ScValue[]
  diagnosticEvents?: DiagnosticEvent[]
  contractCalls?: ContractToContractCall[]
  stateChanges?: StateChange[]
  ttlExtensions?: TtlExtension[]
}

export interface CreateContract {
  contractId?: string
  creatorAccount?: string
  sourceAccount?: string
  wasmHash?: string
  constructorArgs?: ScValue[]
}

export interface UploadWasm {
  uploaderAccount?: string
  wasmHash?: string
  wasmSize?: number
}

export interface ScValue {
  type?: ScValueType
  boolValue?: boolean
  u32Value?: number
  i32Value?: number
  u64Value?: string
  i64Value?: string
  stringValue?: string
  bytesValue?: string
  vecValue?: ScValueVector
  mapValue?: ScValueMap
  addressValue?: string
  instanceValue?: ScValueInstance
  symbolValue?: string
}

export interface ScValueVector {
  values?: ScValue[]
}

export interface ScValueMap {
  entries?: ScValueMapEntry[]
}

export interface ScValueMapEntry {
  key?: ScValue
  value?: ScValue
}

export interface ScValueInstance {
  instanceType?: string
  fields?: ScValue[]
}

export interface DiagnosticEvent {
  contractId?: string
  topics?: ScValue[]
  data?: ScValue
  inSuccessfulContractCall?: boolean
  eventIndex?: number
}

export interface ContractToContractCall {
  fromContract?: string
  toContract?: string
  function?: string
  successful?: boolean
  arguments?: ScValue[]
}

export interface StateChange {
  contractId?: string
  key?: ScValue
  oldValue?: ScValue
  newValue?: ScValue
  operation?: StateChangeOperation
  durability?: ContractDataDurability
}

export interface TtlExtension {
  contractId?: string
  oldTtl?: number
  newTtl?: number
  key?: ScValue
  durability?: ContractDataDurability
}

export interface ArchiveRestoration {
  contractId?: string
  key?: ScValue
  restoredAtLedger?: number
  durability?: ContractDataDurability
  reason?: RestorationReason
}

export type InvocationTypeFilter =
  | 'INVOCATION_TYPE_FILTER_ALL'
  | 'INVOCATION_TYPE_FILTER_CONTRACT_CALL'
  | 'INVOCATION_TYPE_FILTER_CREATE_CONTRACT'
  | 'INVOCATION_TYPE_FILTER_UPLOAD_WASM'

export type DataLocation =
  | 'DATA_LOCATION_ARGUMENTS'
  | 'DATA_LOCATION_EVENT_DATA'
  | 'DATA_LOCATION_STATE_VALUES'

export type ScValueTypeFilter =
  | 'SC_VALUE_TYPE_FILTER_ANY'
  | 'SC_VALUE_TYPE_FILTER_STRING'
  | 'SC_VALUE_TYPE_FILTER_NUMERIC'
  | 'SC_VALUE_TYPE_FILTER_ADDRESS'
  | 'SC_VALUE_TYPE_FILTER_BYTES'

/** Lists are alternatives; different filters must all hold. What is left out asks for nothing. */
export interface GetInvocationsRequest {
  startLedger?: number
  endLedger?: number
  contractIds?: string[]
  functionNames?: string[]
  invokingAccounts?: string[]
  successfulOnly?: boolean
  typeFilter?: InvocationTypeFilter
  contentFilter?: EventContentFilter
  timeFilter?: TimeFilter
  stateFilter?: StateChangeFilter
  options?: ResponseOptions
}

export interface EventContentFilter {
  topicFilters?: TopicFilter[]
  dataPatterns?: DataPatternFilter[]
  hasDiagnosticEvents?: boolean
  hasStateChanges?: boolean
}

export interface TopicFilter {
  topicIndex?: number
  exactMatch?: string
  bytesMatch?: string
  pattern?: string
}

export interface DataPatternFilter {
  location?: DataLocation
  stringPattern?: string
  bytesPattern?: string
  typeFilter?: ScValueTypeFilter
}

export interface TimeFilter {
  startTime?: string
  endTime?: string
  recentOnly?: boolean
}

export interface StateChangeFilter {
  operations?: StateChangeOperation[]
  durabilities?: ContractDataDurability[]
  affectedContracts?: string[]
  hasTtlExtensions?: boolean
}

export interface ResponseOptions {
  includeRawXdr?: boolean
  includeDecodedOnly?: boolean
  compressResponse?: boolean
  maxEventsPerResponse?: number
  inclusion?: ContentInclusion
}

export interface ContentInclusion {
  includeDiagnosticEvents?: boolean
  includeStateChanges?: boolean
  includeContractCalls?: boolean
  includeTtlExtensions?: boolean
  includeArchiveInfo?: boolean
}
