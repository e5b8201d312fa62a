import Bytes
import Hashing
import Ledgers
import StellarXDR

/// Proves return values and events by the results (`invocation-extract --verify`): the result of an InvokeHostFunction that succeeded holds
/// the SHA-256 of its InvokeHostFunctionSuccessPreImage, which is its return value and its events (protocol section 5.3).
///
/// Two kinds of events are not what was hashed, and not wrong: those that core rewrote when it made meta of version 4 for a protocol before
/// 23, and those that core itself put in front.
package enum ResultProof {
  /// What could not be proved, and is not wrong.
  package enum Exception: Error, Equatable, CustomStringConvertible {
    case rewritten(operation: Int)
    case added(operation: Int, count: Int)

    /// How they are called when they are counted.
    package var kind: String {
      switch self {
      case .rewritten: "operations with rewritten events"
      case .added: "operations with added events"
      }
    }

    package var description: String {
      switch self {
      case .rewritten(let operation):
        "events of operation \(operation) were rewritten for the meta of a later protocol, and cannot be proved"
      case .added(let operation, let count):
        "\(count) \(count == 1 ? "event was" : "events were") added in front by core, and cannot be proved (operation \(operation))"
      }
    }
  }

  /// Return value and events that are not those of the result.
  package struct Mismatch: Error, Equatable, CustomStringConvertible {
    package var operation: Int
    package var stated: Hash32
    /// Nil where the meta has no return value, or no place for events.
    package var computed: Hash32?

    package var description: String {
      guard let computed else { return "the meta has no return value and events of operation \(operation), which succeeded" }
      return
        "return value and events of operation \(operation) hash to \(computed.hex), but its result holds \(stated.hex)"
    }
  }

  /// More events than this were never added in front of others.
  private static let mostAdded = 100

  /// Checks each InvokeHostFunction of a transaction that succeeded.
  package static func check(
    _ transaction: LedgerTransaction, _ bytes: RawSpan
  ) throws(XDRError) -> (exceptions: [Exception], mismatch: Mismatch?) {
    var (envelope, meta, first) = (TransactionEnvelope(), TransactionMeta(), TransactionMeta.Contents())
    var exceptions: [Exception] = []
    var cursor = InvocationExtractor.cursor(transaction.envelope, bytes)
    try envelope.read(&cursor)
    guard envelope.isSoroban else { return (exceptions, nil) }
    cursor = InvocationExtractor.cursor(transaction.result, bytes)
    let result = try TransactionResult(&cursor)
    guard result.isSuccessful else { return (exceptions, nil) }
    cursor = InvocationExtractor.cursor(transaction.meta, bytes)
    try meta.read(&cursor, &first)
    for (index, operation) in envelope.operations.enumerated() {
      guard operation.type == OperationType.invokeHostFunction, result.invocationCode(index, bytes) == 0 else { continue }
      // Behind the codes of operation, type and invocation.
      let stated = Hash32(bytes, at: result.operations[index] + 12)
      var mismatch = Mismatch(operation: index, stated: stated, computed: nil)
      guard index < meta.operations.count, let value = meta.returnValue, let events = meta.operations[index].events ?? meta.events
      else { return (exceptions, mismatch) }
      let computed = hash(value, events: bytes.word(at: events.lowerBound), events.lowerBound + 4..<events.upperBound, bytes)
      if computed == stated { continue }
      mismatch.computed = computed
      if try isRewritten(transaction, bytes) {
        exceptions.append(.rewritten(operation: index))
      } else if let count = try added(value, events, stated, bytes) {
        exceptions.append(.added(operation: index, count: count))
      } else {
        return (exceptions, mismatch)
      }
    }
    return (exceptions, nil)
  }

  /// SHA-256 of a return value and so many events.
  private static func hash(_ value: Range<Int>, events count: UInt32, _ events: Range<Int>, _ bytes: RawSpan) -> Hash32 {
    var hasher = SHA256Hasher()
    hasher.update(bytes.extracting(value))
    hasher.update(word: count)
    hasher.update(bytes.extracting(events))
    return hasher.finalize()
  }

  /// Whether the meta has a version that its protocol did not: then core made it again later, and gave events of assets their later shape.
  /// In the ledger that went on to protocol 23 transactions were still applied by the one before; of it, refunds after each transaction
  /// tell, which later protocols give after all transactions.
  private static func isRewritten(_ transaction: LedgerTransaction, _ bytes: RawSpan) throws(XDRError) -> Bool {
    guard bytes.word(at: transaction.meta.lowerBound) == 4, let version = transaction.protocolVersion else { return false }
    if version < 23 { return true }
    guard version == 23 else { return false }
    var events = TransactionEvents()
    var cursor = InvocationExtractor.cursor(transaction.meta, bytes)
    try events.read(&cursor, isSoroban: false)
    return events.own.contains { $0.stage == TransactionStage.afterTransaction }
  }

  /// How many events stand in front of those that were hashed: mints and burns, by which core put balances right. Nil where that is not it.
  private static func added(_ value: Range<Int>, _ events: Range<Int>, _ stated: Hash32, _ bytes: RawSpan) throws(XDRError)
    -> Int?
  {
    var cursor = InvocationExtractor.cursor(events, bytes)
    let count = try cursor.uint32()
    for added in 0..<min(Int(clamping: count), mostAdded) {
      let event = try ContractEvent(&cursor)
      guard event.type == ContractEventType.contract, let name = event.firstSymbol(bytes),
        bytes.extracting(name).equals("mint") || bytes.extracting(name).equals("burn")
      else { return nil }
      let rest = hash(value, events: count - UInt32(added + 1), cursor.position..<events.upperBound, bytes)
      if rest == stated { return added + 1 }
    }
    return nil
  }
}
