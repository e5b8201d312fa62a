import Bytes
import Hashing
import Ledgers
import StellarXDR

/// Proves return values and events against the results (`invocation-extract --verify`). The result of a successful
/// InvokeHostFunction contains the SHA-256 of its InvokeHostFunctionSuccessPreImage, which consists of the return value and the
/// events (protocol section 5.3).
///
/// Two kinds of events are correct although they were not hashed: events that core rewrote when it regenerated meta of version 4
/// for a protocol before 23, and events that core added before the others.
package enum ResultProof {
  /// Events that cannot be proved but are not wrong.
  package enum Exception: Error, Equatable, CustomStringConvertible {
    case rewritten(operation: Int)
    case added(operation: Int, count: Int)

    /// The name under which exceptions of this kind are counted.
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

  /// A return value and events that do not match the hash in the result.
  package struct Mismatch: Error, Equatable, CustomStringConvertible {
    package var operation: Int
    package var stated: Hash32
    /// Nil if the meta has no return value, or no field for events.
    package var computed: Hash32?

    package var description: String {
      guard let computed else { return "the meta has no return value and events of operation \(operation), which succeeded" }
      return
        "return value and events of operation \(operation) hash to \(computed.hex), but its result holds \(stated.hex)"
    }
  }

  /// A limit for `added`; core never added more events than this.
  private static let mostAdded = 100

  /// Checks each InvokeHostFunction of a successful transaction.
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
      // After the codes of operation, type and invocation.
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

  /// SHA-256 of a return value and `count` events.
  private static func hash(_ value: Range<Int>, events count: UInt32, _ events: Range<Int>, _ bytes: RawSpan) -> Hash32 {
    var hasher = SHA256Hasher()
    hasher.update(bytes.extracting(value))
    hasher.update(word: count)
    hasher.update(bytes.extracting(events))
    return hasher.finalize()
  }

  /// Whether core regenerated the meta with a later version, in which it rewrote the events of assets: the meta's version is then
  /// higher than the version of its protocol. In the ledger that upgraded to protocol 23 the transactions were still applied by
  /// the previous protocol. Such a ledger has refunds after each transaction; later protocols refund after all transactions.
  private static func isRewritten(_ transaction: LedgerTransaction, _ bytes: RawSpan) throws(XDRError) -> Bool {
    guard bytes.word(at: transaction.meta.lowerBound) == 4, let version = transaction.protocolVersion else { return false }
    if version < 23 { return true }
    guard version == 23 else { return false }
    var events = TransactionEvents()
    var cursor = InvocationExtractor.cursor(transaction.meta, bytes)
    try events.read(&cursor, isSoroban: false)
    return events.own.contains { $0.stage == TransactionStage.afterTransaction }
  }

  /// The number of events before those that were hashed: mints and burns with which core corrected balances. Nil if they do not
  /// explain the difference.
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
