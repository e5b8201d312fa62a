// swift-format-ignore-file: a table, one line a type or member

/// One sentence about each record type and each member, for the JSON Schema and everything generated from it. The manual pages of
/// the formats say more.
package enum RecordDescriptions {
  /// The description of a type, or nil.
  package static func of(type: String) -> String? {
    lines.first { $0.type == type && $0.member == nil }.map { String($0.text) }
  }

  /// The description of a member, by the type that declares it: a member inserted with `...T` belongs to T.
  package static func of(member: String, in type: String) -> String? {
    lines.first { $0.type == type && $0.member == member[...] }.map { String($0.text) }
  }

  /// Every described member, with its type.
  package static var members: [(type: String, member: String)] {
    lines.compactMap { line in line.member.map { (String(line.type), String($0)) } }
  }

  private struct Line {
    let type: Substring
    let member: Substring?
    let text: Substring
  }

  /// The line of a type starts in the first column; lines of its members start with two spaces.
  private static let lines: [Line] = {
    var lines: [Line] = []
    var type: Substring = ""
    for line in table.split(separator: "\n") {
      let isMember = line.hasPrefix("  ")
      let content = isMember ? line.dropFirst(2) : line
      guard let colon = content.firstIndex(of: ":") else { continue }
      let name = content[..<colon]
      if !isMember { type = name }
      lines.append(Line(type: type, member: isMember ? name : nil, text: content[colon...].dropFirst(2)))
    }
    return lines
  }()

  private static let table = """
    Time: A time in RFC 3339, UTC, to the second.
    Base64: XDR of the network in base64.
    AssetName: A classic asset: native, or CODE:G...
    Hash: 32 bytes as 64 lower-case hexadecimal digits.
    uint256: 32 bytes as 64 lower-case hexadecimal digits.
    AccountID: The address of an account, G...
    MuxedAccount: The address of an account, G..., or of an account with an id, M...
    ContractID: The address of a contract, C...
    SCAddress: An address: account G..., account with an id M..., contract C..., claimable balance B..., or liquidity pool L...
    SCVal: A value of a contract.
    SCSymbol: A short name, escaped as SEP-51 escapes strings.
    SCString: A string, escaped as SEP-51 escapes strings.
    SCMap: The entries of a map.
    SCVec: The elements of a vec.
    SCMapEntry: One entry of a map.
    ContractEventType: Who published an event.
    ContractDataDurability: What happens to an entry at the end of its lifetime: it is deleted (temporary) or archived (persistent).
    ContractExecutableType: What a contract runs.
    TransactionResultCode: How a transaction ended.
    SorobanCredentialsType: How an invocation was signed for.
    LedgerTransactionMark: The type of the record and its version.
    EventsBefore: How many events the earlier transactions of the ledger have that are counted over the whole ledger.
      before_all_txs: Events before all transactions.
      after_all_txs: Events after all transactions.
    LedgerTransaction: One transaction with the context of its ledger.
      _schema: The type of the record and its version.
      network_id: The SHA-256 hash of the network's passphrase.
      ledger_sequence: The sequence number of the ledger.
      closed_at: When the ledger closed.
      protocol_version: The protocol version of the ledger.
      tx_index: The transaction's place in the order of application, counted from 1.
      tx_hash: The hash of the transaction; of a fee bump, of the outer one.
      envelope_xdr: The TransactionEnvelope.
      result_xdr: The TransactionResult.
      fee_changes_xdr: The LedgerEntryChanges by which the fee was charged.
      meta_xdr: The TransactionMeta.
      post_fee_changes_xdr: The LedgerEntryChanges by which the rest of the fee was refunded; null before Protocol 23.
      events_before: The events of earlier transactions, where transactions were left out.
    ContractInvocationMark: The type of the record and its version.
    ContractInvocation: One operation on smart contracts, and everything that its ledger records about it.
      _schema: The type of the record and its version.
      meta: Where, when and how the operation was applied.
      raw_xdr: The XDR that the record was made from.
    InvocationMeta: Where, when and how an operation was applied.
      ledger_sequence: The sequence number of the ledger.
      closed_at: When the ledger closed.
      tx_hash: The hash of the transaction; of a fee bump, of the outer one.
      tx_index: The transaction's place in the order of application, counted from 1.
      op_index: The operation's place in the transaction, counted from 0.
      successful: Whether the operation took effect.
      data_source: Whether the operation restored an entry from the archive.
      archive_restorations: The entries that were restored from the archive.
      toid: The id of the operation as in SEP-35; it grows along the chain.
      protocol_version: The protocol version of the ledger; null if it is not known.
      tx_successful: Whether the transaction succeeded.
      result_code: How the operation ended; null if there is no result of the operation.
      tx_result_code: How the transaction ended.
      inner_tx_hash: The hash of the inner transaction; null if this is not a fee bump.
      fee_account: The account that paid the fee.
      source_account: The source account of the transaction.
      fee_charged: The fee that was charged after refunds, in stroops.
      resources: The resources that were declared and paid for; null if the transaction declares none.
      metrics: What stellar-core measured; null if it recorded nothing.
    InvocationMetrics: The metrics of stellar-core: names and numbers.
    DataSource: Whether an operation restored an entry from the archive.
    InvocationResultCode: How an operation ended.
    InvocationResources: The resources that a transaction declared and paid for.
      instructions: The instructions that were declared.
      disk_read_bytes: The bytes to read from disk that were declared.
      write_bytes: The bytes to write that were declared.
      resource_fee: The largest fee for resources that was declared, in stroops.
      non_refundable_fee: The fee for resources that were used, in stroops; null if it was not recorded.
      refundable_fee: The fee for events, return value and rent, in stroops; null if it was not recorded.
      rent_fee: The part of the refundable fee that is rent, in stroops; null if it was not recorded.
    EntryKind: The kind of a contract's ledger entry.
    RestorationReason: Whether an invocation or an operation of its own restored an entry.
    ArchiveRestoration: One ledger entry that was restored from the archive.
      contract_id: The contract that owns the entry; null for code.
      key: The key of the entry; null for code.
      restored_at_ledger: The ledger in which the entry was restored.
      durability: The durability of the entry.
      reason: Whether an invocation or an operation of its own restored the entry.
      entry: The kind of the entry.
      code_hash: The hash of the code; null for data.
    InvocationBody: What kind of operation it is; exactly one of these members is present.
      contract_call: A call of a contract.
      create_contract: The creation of a contract.
      upload_wasm: The upload of code.
      extend_ttl: The extension of lifetimes by an operation of its own.
      restore_footprint: The restoration of entries by an operation of its own.
    ContractCall: A call of a contract.
      contract_id: The address of the contract that was called.
      invoking_account: The source account of the operation.
      function_name: The function that was called.
      arguments: The arguments of the call.
    CreateContract: The creation of a contract.
      contract_id: The address of the new contract.
      creator_account: The source account of the operation.
    UploadWasm: The upload of code.
      uploader_account: The source account of the operation.
      wasm_hash: The SHA-256 hash of the code.
      wasm_size: The length of the code in bytes.
    ExtendTTL: The extension of lifetimes by an operation of its own.
      account: The source account of the operation.
      extend_to: Minimum remaining lifetime, in ledgers.
      ttl_extensions: The lifetimes that were extended.
    RestoreFootprint: The restoration of entries by an operation of its own.
      account: The source account of the operation.
      ttl_extensions: The lifetimes that were extended.
    ContractCreation: How a contract is created.
      deployer: The address that the contract's id is derived from; null for the contract of an asset.
      executable: What the contract runs.
      wasm_hash: The hash of the code; null if the contract runs no code of its own.
      external_ref: Where the hash of the code is stored; null if the contract does not refer to another.
      asset: The asset of the contract; null if it is not the contract of an asset.
      salt: The salt of the contract's id; null for the contract of an asset.
      constructor_args: The arguments of the constructor.
    ExternalReference: The place where another contract stores the hash of the code.
      owner: The address that stores the hash.
      tag: The name under which it is stored.
    InvocationOutcome: What an operation did.
      return_value: The value that was returned; null unless the operation succeeded.
      events: The events that contracts published.
      diagnostic_events: The diagnostic events; null if none were recorded.
      contract_calls: The calls that contracts made; null without diagnostics.
      state_changes: The changes of contract data and code.
      ttl_extensions: The lifetimes that were extended.
      auth: The authorizations that were signed.
    InvocationEvent: One event of a contract or of the system.
      contract_id: The contract that published the event; null if it has none.
      type: Who published the event.
      topics: The topics of the event.
      data: The data of the event.
      event_index: The place in the list of events, counted from 0.
      call_index: The call that published the event, 0 for the operation itself; null if it is not known.
    InvocationDiagnosticEvent: One diagnostic event.
      contract_id: The contract in which the event was recorded; null if there is none.
      type: Who recorded the event.
      topics: The topics of the event.
      data: The data of the event.
      in_successful_contract_call: Whether what the event belongs to took effect.
      event_index: The place in the list of diagnostic events, counted from 0.
    SubCall: One call that a contract made, or the host on its behalf.
      index: The place in the order of calls, counted from 1.
      parent: The index of the call that made this one; 0 is the operation.
      depth: How deep the call is nested, counted from 1.
      from_contract: The contract that called; null if the host called.
      to_contract: The contract that was called.
      function: The function that was called.
      arguments: The arguments of the call.
      arguments_ambiguous: Whether the diagnostics allow another reading of the arguments.
      return_value: The value that was returned; null if the call did not return.
      successful: Whether the call returned; null if the diagnostics are incomplete.
    StateOperation: What happened to an entry.
    StateChange: One change of contract data or code.
      contract_id: The contract that owns the entry; null for code.
      entry: The kind of the entry.
      key: The key of the entry; null for code.
      code_hash: The hash of the code; null for data.
      old_value: The value before; null if there was none.
      new_value: The value after; null if there is none.
      operation: What happened to the entry.
      durability: The durability of the entry.
    TTLExtension: One lifetime that was extended.
      contract_id: The contract that owns the entry; null for code.
      entry: The kind of the entry; null if it is not known.
      key: The key of the entry; null for code.
      code_hash: The hash of the code; null for data.
      old_ttl: The last ledger of the entry's life before.
      new_ttl: The last ledger of the entry's life after.
      durability: The durability of the entry; null if it is not known.
      key_hash: The SHA-256 hash of the ledger key.
    AuthEntry: One authorization that was signed.
      credentials: How the invocation was signed for.
      address: The address that signed; null for the source account.
      nonce: The number that prevents a second use of the signature; null for the source account.
      signature_expiration_ledger: The last ledger in which the signature is valid; null for the source account.
      delegates: Who signed in place of the address; null if the credentials name no delegates.
      invocation: The invocation that was signed for.
    AuthDelegate: An address that signed in place of another.
      address: The address that signed.
      delegates: Who signed in place of this address.
    AuthInvocation: An invocation that was signed for.
      sub_invocations: The invocations below it that were signed for.
    AuthFunction: What was signed for: a call, or the creation of a contract.
      create_contract: The creation of a contract.
    AuthContractFunction: A call that was signed for.
      contract_id: The address of the contract.
      function: The function.
      arguments: The arguments.
    AuthContractCreation: The creation of a contract that was signed for.
      contract_id: The address of the new contract.
    ContractEventMark: The type of the record and its version.
    ContractEventRecord: One event of a ledger.
      _schema: The type of the record and its version.
      meta: The transaction and the operation of the event.
      event: The event.
    EventMeta: The transaction and the operation of an event.
      op_index: The operation's place in the transaction, counted from 0; null for an event of the transaction itself.
      successful: Whether the operation took effect; null if it is not known.
      toid: The id of the operation as in SEP-35; null for an event of the transaction itself.
      protocol_version: The protocol version of the ledger; null if it is not known.
      tx_successful: Whether the transaction succeeded; null if it is not known.
      result_code: How the operation ended; null if it is none on smart contracts.
    EventTransaction: The transaction of an event.
      ledger_sequence: The sequence number of the ledger.
      closed_at: When the ledger closed; null if it is not known.
      tx_hash: The hash of the transaction; of a fee bump, of the outer one; null if it is not known.
      tx_index: The transaction's place in the order of application, counted from 1; null if it is not known.
    EventTransactionOutcome: How the transaction of an event ended.
      tx_result_code: How the transaction ended; null if it is not known.
      inner_tx_hash: The hash of the inner transaction; null if this is not a fee bump.
      fee_account: The account that paid the fee; null if it is not known.
      source_account: The source account of the transaction; null if it is not known.
      fee_charged: The fee that was charged after refunds, in stroops; null if it is not known.
    EventStage: When an event was published.
    EventBody: An event, its place and its content.
      id: The id that getEvents gives the event; null if it is not known.
      stage: When the event was published; null if it is not known.
      operation_index: The operation, counted from 0; null for other stages.
      event_index: The index that the id ends in; null if it is not known.
      contract_id: The contract that published the event; null if it has none.
      type: Who published the event.
      topics: The topics of the event.
      data: The data of the event.
      call_index: The call that published the event, 0 for the operation itself; null if it is not known.
    InvocationRawXDR: The XDR that a record was made from.
      envelope: The TransactionEnvelope.
      result: The TransactionResult.
      meta: The TransactionMeta.
    Names: The names that a specification declares.
      argument_names: The declared name of each argument.
      constructor_arg_names: The declared name of each argument of the constructor.
      topic_names: The declared name of each topic; null where a topic has none.
      event_name: The declared name of the event.
      data_name: The declared name of the single value in data.
      data_names: The declared name of each element of data.
    """
}
