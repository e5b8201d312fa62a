import Bytes
import Ledgers
import StellarXDR

/// Converts one transaction to the ContractEvent records of its events (specification, section 5), in their XDR form: one record
/// for each event of the meta, in the same order.
///
/// ```
///   meta V4   operations[0].events … operations[n].events | events: {stage, event} …
///   meta V3   sorobanMeta.events, which are those of operation 0
/// ```
/// The ids equal those of an RPC server. Some indices count over the whole ledger, so transactions must come in ledger order.
package struct EventExtractor: ~Copyable {
  /// The ranges of the last transaction's records in the output buffer.
  package private(set) var records: [Range<Int>] = []

  private var envelope = TransactionEnvelope()
  private var found = TransactionEvents()
  private var calls = CallTree()
  private var numbering = LedgerNumbering()
  /// The XDR of EventTransaction, with which all records of the transaction start, and of EventTransactionOutcome.
  private var beginning = ByteBuffer(capacity: 128)
  private var outcome = ByteBuffer(capacity: 256)

  package init() {}

  /// Appends the records of a transaction to `out`, and sets `records`. After an error `out` is unchanged.
  package mutating func extract(
    _ transaction: LedgerTransaction, _ bytes: RawSpan, into out: inout ByteBuffer
  ) throws(XDRError) {
    records.removeAll(keepingCapacity: true)
    let start = out.count
    do {
      try extractAll(transaction, bytes, into: &out)
    } catch {
      records.removeAll(keepingCapacity: true)
      out.truncate(to: start)
      // The number of events of this transaction is unknown.
      numbering.forget()
      throw error
    }
  }

  private mutating func extractAll(
    _ transaction: LedgerTransaction, _ bytes: RawSpan, into out: inout ByteBuffer
  ) throws(XDRError) {
    var cursor = InvocationExtractor.cursor(transaction.envelope, bytes)
    try envelope.read(&cursor)
    try InvocationExtractor.expectEnd("TransactionEnvelope", cursor)
    cursor = InvocationExtractor.cursor(transaction.result, bytes)
    // The record has codes only for Soroban operations.
    let result = try TransactionResult(&cursor, findsOperations: envelope.isSoroban)
    try InvocationExtractor.expectEnd("TransactionResult", cursor)
    cursor = InvocationExtractor.cursor(transaction.meta, bytes)
    try found.read(&cursor, isSoroban: envelope.isSoroban)
    try InvocationExtractor.expectEnd("TransactionMeta", cursor)
    numbering.begin(transaction)
    if found.isEmpty { return }
    let context = EventContext(transaction: transaction, result: result)
    writeShared(context, bytes)
    for operation in found.operations { try write(operation, context, bytes, into: &out) }
    var afterTransaction: UInt32 = 0
    for (stage, event) in found.own {
      let index: UInt32?
      if stage == TransactionStage.afterTransaction {
        index = afterTransaction
        afterTransaction += 1
      } else {
        index = numbering.next(stage)
      }
      write(event, EventPlace(stage: stage, index: index, context), nil, context, bytes, into: &out)
    }
  }

  /// Writes the events of an operation.
  private mutating func write(
    _ operation: TransactionEvents.Operation, _ context: EventContext, _ bytes: RawSpan, into out: inout ByteBuffer
  ) throws(XDRError) {
    let index = operation.index
    let isInvocation =
      index < envelope.operations.count && envelope.operations[index].type == OperationType.invokeHostFunction
    let code = context.result.invocationCode(index, bytes)
    let isSuccessful = context.result.isSuccessful && (!isInvocation || code == 0)
    var published: PublishedEvents?
    if isInvocation { published = try publish(operation, isSuccessful: isSuccessful, bytes) }
    for (offset, event) in found.events[operation.events].enumerated() {
      let place = EventPlace(operation: index, index: UInt32(offset), isSuccessful, code, context)
      let call = published?.place(of: offset).flatMap { calls.callOfEvent[$0] }
      write(event, place, call, context, bytes, into: &out)
    }
  }

  /// Reconstructs the calls of an InvokeHostFunction operation, and finds its events in the diagnostics.
  private mutating func publish(
    _ operation: TransactionEvents.Operation, isSuccessful: Bool, _ bytes: RawSpan
  ) throws(XDRError) -> PublishedEvents? {
    guard !found.diagnostics.isEmpty else { return nil }
    found.diagnostics.removeAll { $0.isHostEvent("core_metrics", bytes) }
    let body = envelope.operations[operation.index].body
    var cursor = Cursor(bytes.extracting(0..<body.upperBound), at: body.lowerBound)
    // Only a call has a contract at the root; creations and uploads have none.
    let root = try cursor.uint32() == 0 ? try ContractCallArgs(&cursor).contract : nil
    calls.build(found.diagnostics, root: root, isSuccessful: isSuccessful, bytes)
    return PublishedEvents(found.events[operation.events], diagnostics: found.diagnostics)
  }

  // MARK: one record

  /// Writes the parts that all records of the transaction share.
  private mutating func writeShared(_ context: EventContext, _ bytes: RawSpan) {
    let transaction = context.transaction
    beginning.truncate(to: 0)
    beginning.append(bigEndian: RecordKind.contractEventMark)
    beginning.append(bigEndian: transaction.ledgerSequence)
    beginning.append(flag: true)
    beginning.append(bigEndian: transaction.closedAt)
    beginning.append(optional: transaction.hash)
    beginning.append(optional: transaction.knownIndex)
    outcome.truncate(to: 0)
    outcome.append(optional: UInt32(bitPattern: context.result.code))
    outcome.append(optional: context.result.innerHash ?? Network(id: transaction.networkID).innerHash(envelope, bytes))
    outcome.append(flag: true)
    outcome.append(account: envelope.feeSource ?? envelope.source, bytes)
    outcome.append(flag: true)
    outcome.append(sourceOf: envelope, bytes)
    outcome.append(optional: context.result.feeCharged)
  }

  private mutating func write(
    _ event: ContractEvent, _ place: EventPlace, _ call: Int?, _ context: EventContext, _ bytes: RawSpan,
    into out: inout ByteBuffer
  ) {
    let start = out.count
    let transaction = context.transaction
    out.append(beginning.bytes)
    out.append(optional: place.operation.map { UInt32($0) })
    out.append(flag: true)
    out.append(flag: place.isSuccessful)
    let operation = transaction.knownIndex == nil ? nil : place.operation
    out.append(optional: operation.map { transaction.toid(ofOperation: $0) })
    out.append(optional: transaction.protocolVersion)
    out.append(flag: true)
    out.append(flag: context.result.isSuccessful)
    out.append(optional: place.code)
    out.append(outcome.bytes)
    place.write(into: &out)
    event.write(bytes, into: &out)
    out.append(optional: call.map { UInt32($0) })
    records.append(start..<out.count)
  }
}

/// The data that all records of a transaction's events share.
struct EventContext {
  let transaction: LedgerTransaction
  let result: TransactionResult
}

/// The value of EventStage.
package enum EventStage: UInt32, Sendable {
  case operation, beforeAllTransactions, afterTransaction, afterAllTransactions
}

/// The position of an event in its ledger: stage, operation, index, and the resulting id.
struct EventPlace {
  let stage: EventStage
  var operation: Int?
  let index: UInt32?
  let isSuccessful: Bool
  /// The value of InvocationResultCode.
  var code: UInt32?
  let id: EventID?

  /// An event of an operation.
  init(operation: Int, index: UInt32, _ isSuccessful: Bool, _ code: UInt32?, _ context: EventContext) {
    stage = .operation
    self.operation = operation
    self.index = index
    self.isSuccessful = isSuccessful
    self.code = code
    let transaction = context.transaction
    id = transaction.knownIndex.map { EventID(transaction.ledgerSequence, $0, UInt32(operation), index: index) }
  }

  /// An event of the transaction itself. `stage` is a TransactionEventStage. `index` is nil if it is unknown.
  init(stage: UInt32, index: UInt32?, _ context: EventContext) {
    self.index = index
    isSuccessful = context.result.isSuccessful
    let ledger = context.transaction.ledgerSequence
    switch stage {
    case TransactionStage.beforeAllTransactions:
      self.stage = .beforeAllTransactions
      id = index.map { EventID(ledger, 0, 0, index: $0) }
    case TransactionStage.afterTransaction:
      self.stage = .afterTransaction
      let known = context.transaction.knownIndex
      id = index.flatMap { index in known.map { EventID(ledger, $0, EventID.afterTransaction, index: index) } }
    default:
      self.stage = .afterAllTransactions
      id = index.map { EventID(ledger, EventID.afterAllTransactions, 0, index: $0) }
    }
  }

  /// Writes the members of EventBody up to and including the index.
  func write(into out: inout ByteBuffer) {
    out.append(flag: id != nil)
    if let id { id.write(into: &out) }
    out.append(flag: true)
    out.append(bigEndian: stage.rawValue)
    out.append(optional: operation.map { UInt32($0) })
    out.append(optional: index)
  }
}

extension LedgerTransaction {
  /// The position of the transaction in its ledger; nil if the source does not contain it, or it does not fit into an id.
  var knownIndex: UInt32? { (1..<EventID.afterAllTransactions).contains(index) ? index : nil }
}
