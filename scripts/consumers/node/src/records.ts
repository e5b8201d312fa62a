// Made by generate.mjs. Do not edit.

/** A value in the style raw: its XDR in base64. */
export interface RawValue {
  xdr: string
}

/** A value in the style native: plain JSON. Integers of more than 32 bits are decimal strings. */
export type NativeValue = null | boolean | number | string | NativeValue[] | { [name: string]: NativeValue }

/**
 * One operation on smart contracts, and everything that its ledger records about it.
 *
 * contract_call: A call of a contract.
 * create_contract: The creation of a contract.
 * upload_wasm: The upload of code.
 * extend_ttl: The extension of lifetimes by an operation of its own.
 * restore_footprint: The restoration of entries by an operation of its own.
 */
export type ContractInvocation<V = NativeValue> = {
  /** The type of the record and its version. */
  _schema: ContractInvocationMark
  /** Where, when and how the operation was applied. */
  meta: InvocationMeta<V>
  /** The XDR that the record was made from. */
  raw_xdr?: InvocationRawXDR
} & (
  | { contract_call: ContractCall<V>; create_contract?: never; upload_wasm?: never; extend_ttl?: never; restore_footprint?: never }
  | { create_contract: CreateContract<V>; contract_call?: never; upload_wasm?: never; extend_ttl?: never; restore_footprint?: never }
  | { upload_wasm: UploadWasm<V>; contract_call?: never; create_contract?: never; extend_ttl?: never; restore_footprint?: never }
  | { extend_ttl: ExtendTTL<V>; contract_call?: never; create_contract?: never; upload_wasm?: never; restore_footprint?: never }
  | { restore_footprint: RestoreFootprint<V>; contract_call?: never; create_contract?: never; upload_wasm?: never; extend_ttl?: never }
)

/** The type of the record and its version. */
export type ContractInvocationMark = "soroban-pipes.contract_invocation.v1"

/** Where, when and how an operation was applied. */
export interface InvocationMeta<V = NativeValue> {
  /** The sequence number of the ledger. */
  ledger_sequence: number
  /** When the ledger closed. */
  closed_at: Time
  /** The hash of the transaction; of a fee bump, of the outer one. */
  tx_hash: Hash
  /** The transaction's place in the order of application, counted from 1. */
  tx_index: number
  /** The operation's place in the transaction, counted from 0. */
  op_index: number
  /** Whether the operation took effect. */
  successful: boolean
  /** Whether the operation restored an entry from the archive. */
  data_source: DataSource
  /** The entries that were restored from the archive. */
  archive_restorations: ArchiveRestoration<V>[]
  /** The id of the operation as in SEP-35; it grows along the chain. */
  toid: string
  /** The protocol version of the ledger; null if it is not known. */
  protocol_version: number | null
  /** Whether the transaction succeeded. */
  tx_successful: boolean
  /** How the operation ended; null if there is no result of the operation. */
  result_code: InvocationResultCode | null
  /** How the transaction ended. */
  tx_result_code: TransactionResultCode
  /** The hash of the inner transaction; null if this is not a fee bump. */
  inner_tx_hash: Hash | null
  /** The account that paid the fee. */
  fee_account: AccountID
  /** The source account of the transaction. */
  source_account: MuxedAccount
  /** The fee that was charged after refunds, in stroops. */
  fee_charged: string
  /** The resources that were declared and paid for; null if the transaction declares none. */
  resources?: InvocationResources | null
  /** What stellar-core measured; null if it recorded nothing. */
  metrics?: InvocationMetrics | null
}

/** A time in RFC 3339, UTC, to the second. */
export type Time = string

/** 32 bytes as 64 lower-case hexadecimal digits. */
export type Hash = string

/** Whether an operation restored an entry from the archive. */
export type DataSource = "live" | "archive"

/** One ledger entry that was restored from the archive. */
export interface ArchiveRestoration<V = NativeValue> {
  /** The contract that owns the entry; null for code. */
  contract_id: SCAddress | null
  /** The key of the entry; null for code. */
  key: V | null
  /** The ledger in which the entry was restored. */
  restored_at_ledger: number
  /** The durability of the entry. */
  durability: ContractDataDurability
  /** Whether an invocation or an operation of its own restored the entry. */
  reason: RestorationReason
  /** The kind of the entry. */
  entry: EntryKind
  /** The hash of the code; null for data. */
  code_hash: Hash | null
}

/** An address: account G..., account with an id M..., contract C..., claimable balance B..., or liquidity pool L... */
export type SCAddress = string | { muxed_contract: MuxedContract }

export interface MuxedContract {
  id: string
  contract_id: ContractID
}

/** The address of a contract, C... */
export type ContractID = string

/** What happens to an entry at the end of its lifetime: it is deleted (temporary) or archived (persistent). */
export type ContractDataDurability = "temporary" | "persistent"

/** Whether an invocation or an operation of its own restored an entry. */
export type RestorationReason = "automatic" | "explicit"

/** The kind of a contract's ledger entry. */
export type EntryKind = "data" | "instance" | "code"

/** How an operation ended. */
export type InvocationResultCode = "success" | "malformed" | "trapped" | "resource_limit_exceeded" | "entry_archived" | "insufficient_refundable_fee" | "op_bad_auth" | "op_no_account" | "op_not_supported" | "op_too_many_subentries" | "op_exceeded_work_limit" | "op_too_many_sponsoring"

/** How a transaction ended. */
export type TransactionResultCode = "tx_fee_bump_inner_success" | "tx_success" | "tx_failed" | "tx_too_early" | "tx_too_late" | "tx_missing_operation" | "tx_bad_seq" | "tx_bad_auth" | "tx_insufficient_balance" | "tx_no_account" | "tx_insufficient_fee" | "tx_bad_auth_extra" | "tx_internal_error" | "tx_not_supported" | "tx_fee_bump_inner_failed" | "tx_bad_sponsorship" | "tx_bad_min_seq_age_or_gap" | "tx_malformed" | "tx_soroban_invalid" | "tx_frozen_key_accessed"

/** The address of an account, G... */
export type AccountID = string

/** The address of an account, G..., or of an account with an id, M... */
export type MuxedAccount = string

/** The resources that a transaction declared and paid for. */
export interface InvocationResources {
  /** The instructions that were declared. */
  instructions: number
  /** The bytes to read from disk that were declared. */
  disk_read_bytes: number
  /** The bytes to write that were declared. */
  write_bytes: number
  /** The largest fee for resources that was declared, in stroops. */
  resource_fee: string
  /** The fee for resources that were used, in stroops; null if it was not recorded. */
  non_refundable_fee: string | null
  /** The fee for events, return value and rent, in stroops; null if it was not recorded. */
  refundable_fee: string | null
  /** The part of the refundable fee that is rent, in stroops; null if it was not recorded. */
  rent_fee: string | null
}

/** The metrics of stellar-core: names and numbers. */
export type InvocationMetrics = { [name: string]: string }

/** A call of a contract. */
export interface ContractCall<V = NativeValue> {
  /** The address of the contract that was called. */
  contract_id: SCAddress
  /** The source account of the operation. */
  invoking_account: AccountID
  /** The function that was called. */
  function_name: SCSymbol
  /** The arguments of the call. */
  arguments: V[]
  /** The value that was returned; null unless the operation succeeded. */
  return_value: V | null
  /** The events that contracts published. */
  events?: InvocationEvent<V>[]
  /** The diagnostic events; null if none were recorded. */
  diagnostic_events?: InvocationDiagnosticEvent<V>[] | null
  /** The calls that contracts made; null without diagnostics. */
  contract_calls?: SubCall<V>[] | null
  /** The changes of contract data and code. */
  state_changes?: StateChange<V>[]
  /** The lifetimes that were extended. */
  ttl_extensions?: TTLExtension<V>[]
  /** The authorizations that were signed. */
  auth?: AuthEntry<V>[]
}

/** A short name, escaped as SEP-51 escapes strings. */
export type SCSymbol = string

/** One event of a contract or of the system. */
export interface InvocationEvent<V = NativeValue> {
  /** The contract that published the event; null if it has none. */
  contract_id: ContractID | null
  /** Who published the event. */
  type: ContractEventType
  /** The topics of the event. */
  topics: V[]
  /** The data of the event. */
  data: V
  /** The place in the list of events, counted from 0. */
  event_index: number
  /** The call that published the event, 0 for the operation itself; null if it is not known. */
  call_index: number | null
}

/** Who published an event. */
export type ContractEventType = "system" | "contract" | "diagnostic"

/** One diagnostic event. */
export interface InvocationDiagnosticEvent<V = NativeValue> {
  /** The contract in which the event was recorded; null if there is none. */
  contract_id: ContractID | null
  /** Who recorded the event. */
  type: ContractEventType
  /** The topics of the event. */
  topics: V[]
  /** The data of the event. */
  data: V
  /** Whether what the event belongs to took effect. */
  in_successful_contract_call: boolean
  /** The place in the list of diagnostic events, counted from 0. */
  event_index: number
}

/** One call that a contract made, or the host on its behalf. */
export interface SubCall<V = NativeValue> {
  /** The place in the order of calls, counted from 1. */
  index: number
  /** The index of the call that made this one; 0 is the operation. */
  parent: number
  /** How deep the call is nested, counted from 1. */
  depth: number
  /** The contract that called; null if the host called. */
  from_contract: ContractID | null
  /** The contract that was called. */
  to_contract: ContractID
  /** The function that was called. */
  function: SCSymbol
  /** The arguments of the call. */
  arguments: V[]
  /** Whether the diagnostics allow another reading of the arguments. */
  arguments_ambiguous: boolean
  /** The value that was returned; null if the call did not return. */
  return_value: V | null
  /** Whether the call returned; null if the diagnostics are incomplete. */
  successful: boolean | null
}

/** One change of contract data or code. */
export interface StateChange<V = NativeValue> {
  /** The contract that owns the entry; null for code. */
  contract_id: SCAddress | null
  /** The kind of the entry. */
  entry: EntryKind
  /** The key of the entry; null for code. */
  key: V | null
  /** The hash of the code; null for data. */
  code_hash: Hash | null
  /** The value before; null if there was none. */
  old_value: V | null
  /** The value after; null if there is none. */
  new_value: V | null
  /** What happened to the entry. */
  operation: StateOperation
  /** The durability of the entry. */
  durability: ContractDataDurability
}

/** What happened to an entry. */
export type StateOperation = "create" | "update" | "delete" | "restore"

/** One lifetime that was extended. */
export interface TTLExtension<V = NativeValue> {
  /** The contract that owns the entry; null for code. */
  contract_id: SCAddress | null
  /** The kind of the entry; null if it is not known. */
  entry: EntryKind | null
  /** The key of the entry; null for code. */
  key: V | null
  /** The hash of the code; null for data. */
  code_hash: Hash | null
  /** The last ledger of the entry's life before. */
  old_ttl: number
  /** The last ledger of the entry's life after. */
  new_ttl: number
  /** The durability of the entry; null if it is not known. */
  durability: ContractDataDurability | null
  /** The SHA-256 hash of the ledger key. */
  key_hash: Hash
}

/** One authorization that was signed. */
export interface AuthEntry<V = NativeValue> {
  /** How the invocation was signed for. */
  credentials: SorobanCredentialsType
  /** The address that signed; null for the source account. */
  address: SCAddress | null
  /** The number that prevents a second use of the signature; null for the source account. */
  nonce: string | null
  /** The last ledger in which the signature is valid; null for the source account. */
  signature_expiration_ledger: number | null
  /** Who signed in place of the address; null if the credentials name no delegates. */
  delegates: AuthDelegate[] | null
  /** The invocation that was signed for. */
  invocation: AuthInvocation<V>
}

/** How an invocation was signed for. */
export type SorobanCredentialsType = "source_account" | "address" | "address_v2" | "address_with_delegates"

/** An address that signed in place of another. */
export interface AuthDelegate {
  /** The address that signed. */
  address: SCAddress
  /** Who signed in place of this address. */
  delegates: AuthDelegate[]
}

/**
 * An invocation that was signed for.
 *
 * contract_id: The address of the contract.
 * function: The function.
 * arguments: The arguments.
 * create_contract: The creation of a contract.
 */
export type AuthInvocation<V = NativeValue> = {
  /** The invocations below it that were signed for. */
  sub_invocations: AuthInvocation<V>[]
} & (
  | { contract_id: SCAddress; function: SCSymbol; arguments: V[]; create_contract?: never }
  | { create_contract: AuthContractCreation<V>; contract_id?: never; function?: never; arguments?: never }
)

/** The creation of a contract that was signed for. */
export interface AuthContractCreation<V = NativeValue> {
  /** The address of the new contract. */
  contract_id: ContractID
  /** The address that the contract's id is derived from; null for the contract of an asset. */
  deployer: SCAddress | null
  /** What the contract runs. */
  executable: ContractExecutableType
  /** The hash of the code; null if the contract runs no code of its own. */
  wasm_hash: Hash | null
  /** Where the hash of the code is stored; null if the contract does not refer to another. */
  external_ref: ExternalReference | null
  /** The asset of the contract; null if it is not the contract of an asset. */
  asset: AssetName | null
  /** The salt of the contract's id; null for the contract of an asset. */
  salt: uint256 | null
  /** The arguments of the constructor. */
  constructor_args: V[]
}

/** What a contract runs. */
export type ContractExecutableType = "wasm" | "stellar_asset" | "external_ref"

/** The place where another contract stores the hash of the code. */
export interface ExternalReference {
  /** The address that stores the hash. */
  owner: SCAddress
  /** The name under which it is stored. */
  tag: SCString
}

/** A string, escaped as SEP-51 escapes strings. */
export type SCString = string

/** A classic asset: native, or CODE:G... */
export type AssetName = string

/** 32 bytes as 64 lower-case hexadecimal digits. */
export type uint256 = string

/** The creation of a contract. */
export interface CreateContract<V = NativeValue> {
  /** The address of the new contract. */
  contract_id: ContractID
  /** The source account of the operation. */
  creator_account: AccountID
  /** The address that the contract's id is derived from; null for the contract of an asset. */
  deployer: SCAddress | null
  /** What the contract runs. */
  executable: ContractExecutableType
  /** The hash of the code; null if the contract runs no code of its own. */
  wasm_hash: Hash | null
  /** Where the hash of the code is stored; null if the contract does not refer to another. */
  external_ref: ExternalReference | null
  /** The asset of the contract; null if it is not the contract of an asset. */
  asset: AssetName | null
  /** The salt of the contract's id; null for the contract of an asset. */
  salt: uint256 | null
  /** The arguments of the constructor. */
  constructor_args: V[]
  /** The value that was returned; null unless the operation succeeded. */
  return_value: V | null
  /** The events that contracts published. */
  events?: InvocationEvent<V>[]
  /** The diagnostic events; null if none were recorded. */
  diagnostic_events?: InvocationDiagnosticEvent<V>[] | null
  /** The calls that contracts made; null without diagnostics. */
  contract_calls?: SubCall<V>[] | null
  /** The changes of contract data and code. */
  state_changes?: StateChange<V>[]
  /** The lifetimes that were extended. */
  ttl_extensions?: TTLExtension<V>[]
  /** The authorizations that were signed. */
  auth?: AuthEntry<V>[]
}

/** The upload of code. */
export interface UploadWasm<V = NativeValue> {
  /** The source account of the operation. */
  uploader_account: AccountID
  /** The SHA-256 hash of the code. */
  wasm_hash: Hash
  /** The length of the code in bytes. */
  wasm_size: number
  /** The value that was returned; null unless the operation succeeded. */
  return_value: V | null
  /** The events that contracts published. */
  events?: InvocationEvent<V>[]
  /** The diagnostic events; null if none were recorded. */
  diagnostic_events?: InvocationDiagnosticEvent<V>[] | null
  /** The calls that contracts made; null without diagnostics. */
  contract_calls?: SubCall<V>[] | null
  /** The changes of contract data and code. */
  state_changes?: StateChange<V>[]
  /** The lifetimes that were extended. */
  ttl_extensions?: TTLExtension<V>[]
  /** The authorizations that were signed. */
  auth?: AuthEntry<V>[]
}

/** The extension of lifetimes by an operation of its own. */
export interface ExtendTTL<V = NativeValue> {
  /** The source account of the operation. */
  account: AccountID
  /** Minimum remaining lifetime, in ledgers. */
  extend_to: number
  /** The lifetimes that were extended. */
  ttl_extensions?: TTLExtension<V>[]
}

/** The restoration of entries by an operation of its own. */
export interface RestoreFootprint<V = NativeValue> {
  /** The source account of the operation. */
  account: AccountID
  /** The lifetimes that were extended. */
  ttl_extensions?: TTLExtension<V>[]
}

/** The XDR that a record was made from. */
export interface InvocationRawXDR {
  /** The TransactionEnvelope. */
  envelope: Base64
  /** The TransactionResult. */
  result: Base64
  /** The TransactionMeta. */
  meta: Base64
}

/** XDR of the network in base64. */
export type Base64 = string

/** One event of a ledger. */
export interface ContractEventRecord<V = NativeValue> {
  /** The type of the record and its version. */
  _schema: ContractEventMark
  /** The transaction and the operation of the event. */
  meta: EventMeta
  /** The event. */
  event: EventBody<V>
}

/** The type of the record and its version. */
export type ContractEventMark = "soroban-pipes.contract_event.v1"

/** The transaction and the operation of an event. */
export interface EventMeta {
  /** The sequence number of the ledger. */
  ledger_sequence: number
  /** When the ledger closed; null if it is not known. */
  closed_at: Time | null
  /** The hash of the transaction; of a fee bump, of the outer one; null if it is not known. */
  tx_hash: Hash | null
  /** The transaction's place in the order of application, counted from 1; null if it is not known. */
  tx_index: number | null
  /** The operation's place in the transaction, counted from 0; null for an event of the transaction itself. */
  op_index: number | null
  /** Whether the operation took effect; null if it is not known. */
  successful: boolean | null
  /** The id of the operation as in SEP-35; null for an event of the transaction itself. */
  toid: string | null
  /** The protocol version of the ledger; null if it is not known. */
  protocol_version: number | null
  /** Whether the transaction succeeded; null if it is not known. */
  tx_successful: boolean | null
  /** How the operation ended; null if it is none on smart contracts. */
  result_code: InvocationResultCode | null
  /** How the transaction ended; null if it is not known. */
  tx_result_code: TransactionResultCode | null
  /** The hash of the inner transaction; null if this is not a fee bump. */
  inner_tx_hash: Hash | null
  /** The account that paid the fee; null if it is not known. */
  fee_account: AccountID | null
  /** The source account of the transaction; null if it is not known. */
  source_account: MuxedAccount | null
  /** The fee that was charged after refunds, in stroops; null if it is not known. */
  fee_charged: string | null
}

/** An event, its place and its content. */
export interface EventBody<V = NativeValue> {
  /** The id that getEvents gives the event; null if it is not known. */
  id: string | null
  /** When the event was published; null if it is not known. */
  stage: EventStage | null
  /** The operation, counted from 0; null for other stages. */
  operation_index: number | null
  /** The index that the id ends in; null if it is not known. */
  event_index: number | null
  /** The contract that published the event; null if it has none. */
  contract_id: ContractID | null
  /** Who published the event. */
  type: ContractEventType
  /** The topics of the event. */
  topics: V[]
  /** The data of the event. */
  data: V
  /** The call that published the event, 0 for the operation itself; null if it is not known. */
  call_index: number | null
}

/** When an event was published. */
export type EventStage = "operation" | "before_all_txs" | "after_tx" | "after_all_txs"

/** One transaction with the context of its ledger. */
export interface LedgerTransaction {
  /** The type of the record and its version. */
  _schema: LedgerTransactionMark
  /** The SHA-256 hash of the network's passphrase. */
  network_id: Hash
  /** The sequence number of the ledger. */
  ledger_sequence: number
  /** When the ledger closed. */
  closed_at: Time
  /** The protocol version of the ledger. */
  protocol_version: number
  /** The transaction's place in the order of application, counted from 1. */
  tx_index: number
  /** The hash of the transaction; of a fee bump, of the outer one. */
  tx_hash: Hash
  /** The TransactionEnvelope. */
  envelope_xdr: Base64
  /** The TransactionResult. */
  result_xdr: Base64
  /** The LedgerEntryChanges by which the fee was charged. */
  fee_changes_xdr: Base64
  /** The TransactionMeta. */
  meta_xdr: Base64
  /** The LedgerEntryChanges by which the rest of the fee was refunded; null before Protocol 23. */
  post_fee_changes_xdr: Base64 | null
  /** The events of earlier transactions, where transactions were left out. */
  events_before?: EventsBefore
}

/** The type of the record and its version. */
export type LedgerTransactionMark = "soroban-pipes.ledger_transaction.v1"

/** How many events the earlier transactions of the ledger have that are counted over the whole ledger. */
export interface EventsBefore {
  /** Events before all transactions. */
  before_all_txs: number
  /** Events after all transactions. */
  after_all_txs: number
}

/** A value of a contract. */
export type SCVal = "void" | "ledger_key_contract_instance" | { bool: boolean } | { error: SCError } | { u32: number } | { i32: number } | { u64: string } | { i64: string } | { timepoint: TimePoint } | { duration: Duration } | { u128: UInt128Parts } | { i128: Int128Parts } | { u256: UInt256Parts } | { i256: Int256Parts } | { bytes: SCBytes } | { string: SCString } | { symbol: SCSymbol } | { vec: SCVec | null } | { map: SCMap | null } | { address: SCAddress } | { contract_instance: SCContractInstance } | { ledger_key_nonce: SCNonceKey } | { executable_tag: SCString }

export type SCError = { contract: number } | { wasm_vm: SCErrorCode } | { context: SCErrorCode } | { storage: SCErrorCode } | { object: SCErrorCode } | { crypto: SCErrorCode } | { events: SCErrorCode } | { budget: SCErrorCode } | { value: SCErrorCode } | { auth: SCErrorCode }

export type SCErrorCode = "arith_domain" | "index_bounds" | "invalid_input" | "missing_value" | "existing_value" | "exceeded_limit" | "invalid_action" | "internal_error" | "unexpected_type" | "unexpected_size"

export type TimePoint = string

export type Duration = string

export type UInt128Parts = string

export type Int128Parts = string

export type UInt256Parts = string

export type Int256Parts = string

export type SCBytes = string

/** The elements of a vec. */
export type SCVec = SCVal[]

/** The entries of a map. */
export type SCMap = SCMapEntry[]

/** One entry of a map. */
export interface SCMapEntry {
  key: SCVal
  val: SCVal
}

export interface SCContractInstance {
  executable: ContractExecutable
  storage: SCMap | null
}

export type ContractExecutable = "stellar_asset" | { wasm: Hash } | { external_ref: ContractExecutableExternalRef }

export interface ContractExecutableExternalRef {
  executable_owner: SCAddress
  tag: SCString
}

export interface SCNonceKey {
  nonce: string
}

/** Records with the names and types that contracts declare: `scval-json --spec`. Other types are those outside. */
export namespace Spec {
  /**
   * One operation on smart contracts, and everything that its ledger records about it.
   *
   * contract_call: A call of a contract.
   * create_contract: The creation of a contract.
   * upload_wasm: The upload of code.
   * extend_ttl: The extension of lifetimes by an operation of its own.
   * restore_footprint: The restoration of entries by an operation of its own.
   */
  export type ContractInvocation<V = NativeValue> = {
    /** The type of the record and its version. */
    _schema: ContractInvocationMark
    /** Where, when and how the operation was applied. */
    meta: InvocationMeta<V>
    /** The XDR that the record was made from. */
    raw_xdr?: InvocationRawXDR
  } & (
    | { contract_call: ContractCall<V>; create_contract?: never; upload_wasm?: never; extend_ttl?: never; restore_footprint?: never }
    | { create_contract: CreateContract<V>; contract_call?: never; upload_wasm?: never; extend_ttl?: never; restore_footprint?: never }
    | { upload_wasm: UploadWasm<V>; contract_call?: never; create_contract?: never; extend_ttl?: never; restore_footprint?: never }
    | { extend_ttl: ExtendTTL<V>; contract_call?: never; create_contract?: never; upload_wasm?: never; restore_footprint?: never }
    | { restore_footprint: RestoreFootprint<V>; contract_call?: never; create_contract?: never; upload_wasm?: never; extend_ttl?: never }
  )

  /** The type of the record and its version. */
  export type ContractInvocationMark = "soroban-pipes.contract_invocation_spec.v1"

  /** A call of a contract. */
  export interface ContractCall<V = NativeValue> {
    /** The address of the contract that was called. */
    contract_id: SCAddress
    /** The source account of the operation. */
    invoking_account: AccountID
    /** The function that was called. */
    function_name: SCSymbol
    /** The arguments of the call. */
    arguments: V[]
    /** The declared name of each argument. */
    argument_names?: string[]
    /** The value that was returned; null unless the operation succeeded. */
    return_value: V | null
    /** The events that contracts published. */
    events?: InvocationEvent<V>[]
    /** The diagnostic events; null if none were recorded. */
    diagnostic_events?: InvocationDiagnosticEvent<V>[] | null
    /** The calls that contracts made; null without diagnostics. */
    contract_calls?: SubCall<V>[] | null
    /** The changes of contract data and code. */
    state_changes?: StateChange<V>[]
    /** The lifetimes that were extended. */
    ttl_extensions?: TTLExtension<V>[]
    /** The authorizations that were signed. */
    auth?: AuthEntry<V>[]
  }

  /** One event of a contract or of the system. */
  export interface InvocationEvent<V = NativeValue> {
    /** The contract that published the event; null if it has none. */
    contract_id: ContractID | null
    /** Who published the event. */
    type: ContractEventType
    /** The topics of the event. */
    topics: V[]
    /** The declared name of each topic; null where a topic has none. */
    topic_names?: (string | null)[]
    /** The declared name of the event. */
    event_name?: string
    /** The data of the event. */
    data: V
    /** The declared name of the single value in data. */
    data_name?: string
    /** The declared name of each element of data. */
    data_names?: string[]
    /** The place in the list of events, counted from 0. */
    event_index: number
    /** The call that published the event, 0 for the operation itself; null if it is not known. */
    call_index: number | null
  }

  /** One diagnostic event. */
  export interface InvocationDiagnosticEvent<V = NativeValue> {
    /** The contract in which the event was recorded; null if there is none. */
    contract_id: ContractID | null
    /** Who recorded the event. */
    type: ContractEventType
    /** The topics of the event. */
    topics: V[]
    /** The declared name of each topic; null where a topic has none. */
    topic_names?: (string | null)[]
    /** The declared name of the event. */
    event_name?: string
    /** The data of the event. */
    data: V
    /** The declared name of the single value in data. */
    data_name?: string
    /** The declared name of each element of data. */
    data_names?: string[]
    /** Whether what the event belongs to took effect. */
    in_successful_contract_call: boolean
    /** The place in the list of diagnostic events, counted from 0. */
    event_index: number
  }

  /** One call that a contract made, or the host on its behalf. */
  export interface SubCall<V = NativeValue> {
    /** The place in the order of calls, counted from 1. */
    index: number
    /** The index of the call that made this one; 0 is the operation. */
    parent: number
    /** How deep the call is nested, counted from 1. */
    depth: number
    /** The contract that called; null if the host called. */
    from_contract: ContractID | null
    /** The contract that was called. */
    to_contract: ContractID
    /** The function that was called. */
    function: SCSymbol
    /** The arguments of the call. */
    arguments: V[]
    /** The declared name of each argument. */
    argument_names?: string[]
    /** Whether the diagnostics allow another reading of the arguments. */
    arguments_ambiguous: boolean
    /** The value that was returned; null if the call did not return. */
    return_value: V | null
    /** Whether the call returned; null if the diagnostics are incomplete. */
    successful: boolean | null
  }

  /** One authorization that was signed. */
  export interface AuthEntry<V = NativeValue> {
    /** How the invocation was signed for. */
    credentials: SorobanCredentialsType
    /** The address that signed; null for the source account. */
    address: SCAddress | null
    /** The number that prevents a second use of the signature; null for the source account. */
    nonce: string | null
    /** The last ledger in which the signature is valid; null for the source account. */
    signature_expiration_ledger: number | null
    /** Who signed in place of the address; null if the credentials name no delegates. */
    delegates: AuthDelegate[] | null
    /** The invocation that was signed for. */
    invocation: AuthInvocation<V>
  }

  /**
   * An invocation that was signed for.
   *
   * contract_id: The address of the contract.
   * function: The function.
   * arguments: The arguments.
   * create_contract: The creation of a contract.
   * argument_names: The declared name of each argument.
   */
  export type AuthInvocation<V = NativeValue> = {
    /** The invocations below it that were signed for. */
    sub_invocations: AuthInvocation<V>[]
  } & (
    | { contract_id: SCAddress; function: SCSymbol; arguments: V[]; argument_names: string[]; create_contract?: never }
    | { create_contract: AuthContractCreation<V>; contract_id?: never; function?: never; arguments?: never; argument_names?: never }
  )

  /** The creation of a contract that was signed for. */
  export interface AuthContractCreation<V = NativeValue> {
    /** The address of the new contract. */
    contract_id: ContractID
    /** The address that the contract's id is derived from; null for the contract of an asset. */
    deployer: SCAddress | null
    /** What the contract runs. */
    executable: ContractExecutableType
    /** The hash of the code; null if the contract runs no code of its own. */
    wasm_hash: Hash | null
    /** Where the hash of the code is stored; null if the contract does not refer to another. */
    external_ref: ExternalReference | null
    /** The asset of the contract; null if it is not the contract of an asset. */
    asset: AssetName | null
    /** The salt of the contract's id; null for the contract of an asset. */
    salt: uint256 | null
    /** The arguments of the constructor. */
    constructor_args: V[]
    /** The declared name of each argument of the constructor. */
    constructor_arg_names?: string[]
  }

  /** The creation of a contract. */
  export interface CreateContract<V = NativeValue> {
    /** The address of the new contract. */
    contract_id: ContractID
    /** The source account of the operation. */
    creator_account: AccountID
    /** The address that the contract's id is derived from; null for the contract of an asset. */
    deployer: SCAddress | null
    /** What the contract runs. */
    executable: ContractExecutableType
    /** The hash of the code; null if the contract runs no code of its own. */
    wasm_hash: Hash | null
    /** Where the hash of the code is stored; null if the contract does not refer to another. */
    external_ref: ExternalReference | null
    /** The asset of the contract; null if it is not the contract of an asset. */
    asset: AssetName | null
    /** The salt of the contract's id; null for the contract of an asset. */
    salt: uint256 | null
    /** The arguments of the constructor. */
    constructor_args: V[]
    /** The declared name of each argument of the constructor. */
    constructor_arg_names?: string[]
    /** The value that was returned; null unless the operation succeeded. */
    return_value: V | null
    /** The events that contracts published. */
    events?: InvocationEvent<V>[]
    /** The diagnostic events; null if none were recorded. */
    diagnostic_events?: InvocationDiagnosticEvent<V>[] | null
    /** The calls that contracts made; null without diagnostics. */
    contract_calls?: SubCall<V>[] | null
    /** The changes of contract data and code. */
    state_changes?: StateChange<V>[]
    /** The lifetimes that were extended. */
    ttl_extensions?: TTLExtension<V>[]
    /** The authorizations that were signed. */
    auth?: AuthEntry<V>[]
  }

  /** The upload of code. */
  export interface UploadWasm<V = NativeValue> {
    /** The source account of the operation. */
    uploader_account: AccountID
    /** The SHA-256 hash of the code. */
    wasm_hash: Hash
    /** The length of the code in bytes. */
    wasm_size: number
    /** The value that was returned; null unless the operation succeeded. */
    return_value: V | null
    /** The events that contracts published. */
    events?: InvocationEvent<V>[]
    /** The diagnostic events; null if none were recorded. */
    diagnostic_events?: InvocationDiagnosticEvent<V>[] | null
    /** The calls that contracts made; null without diagnostics. */
    contract_calls?: SubCall<V>[] | null
    /** The changes of contract data and code. */
    state_changes?: StateChange<V>[]
    /** The lifetimes that were extended. */
    ttl_extensions?: TTLExtension<V>[]
    /** The authorizations that were signed. */
    auth?: AuthEntry<V>[]
  }

  /** One event of a ledger. */
  export interface ContractEventRecord<V = NativeValue> {
    /** The type of the record and its version. */
    _schema: ContractEventMark
    /** The transaction and the operation of the event. */
    meta: EventMeta
    /** The event. */
    event: EventBody<V>
  }

  /** The type of the record and its version. */
  export type ContractEventMark = "soroban-pipes.contract_event_spec.v1"

  /** An event, its place and its content. */
  export interface EventBody<V = NativeValue> {
    /** The id that getEvents gives the event; null if it is not known. */
    id: string | null
    /** When the event was published; null if it is not known. */
    stage: EventStage | null
    /** The operation, counted from 0; null for other stages. */
    operation_index: number | null
    /** The index that the id ends in; null if it is not known. */
    event_index: number | null
    /** The contract that published the event; null if it has none. */
    contract_id: ContractID | null
    /** Who published the event. */
    type: ContractEventType
    /** The topics of the event. */
    topics: V[]
    /** The declared name of each topic; null where a topic has none. */
    topic_names?: (string | null)[]
    /** The declared name of the event. */
    event_name?: string
    /** The data of the event. */
    data: V
    /** The declared name of the single value in data. */
    data_name?: string
    /** The declared name of each element of data. */
    data_names?: string[]
    /** The call that published the event, 0 for the operation itself; null if it is not known. */
    call_index: number | null
  }
}
