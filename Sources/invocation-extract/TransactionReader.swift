import Bytes
import CommandLineTools
import Invocations
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// Reads transactions one by one: LedgerTransaction records as XDR or NDJSON, or entries of RPC responses. With `readsEvents`,
/// also events of `getEvents`.
struct TransactionReader: ~Copyable {
  /// The current transaction.
  private(set) var transaction = LedgerTransaction.none
  /// Whether its positions are in `decoded`, not in the session's record.
  private(set) var isDecoded = false
  /// Whether an event was read instead of a transaction; `decoded` contains its record.
  private(set) var isEvent = false

  private let network: Network
  private let readsEvents: Bool
  private var buffer = ByteBuffer(capacity: 64 << 10)
  private var parser = Parser()
  /// Remaining elements of the current line, an array; the next one last.
  private var elements: [Range<Int>] = []
  /// Remaining transactions of the current element or line, the next one last.
  private var pending: [RPCTransaction] = []
  /// Remaining events of the current element or line, the next one last.
  private var pendingEvents: [Range<Int>] = []
  /// Whether an entry had no transaction hash, and whether that was reported.
  private var isUnchecked = false
  private var hasWarned = false
  private let type = Schema.shared.id("LedgerTransaction")

  init(network: Network, readsEvents: Bool) {
    self.network = network
    self.readsEvents = readsEvents
  }

  var decoded: RawSpan {
    @_lifetime(borrow self)
    get { buffer.bytes }
  }

  /// Calls `body` with the bytes of the current transaction, which is in `record` unless it was decoded.
  func withBytes<Result, Problem>(
    _ record: RawSpan, _ body: (RawSpan) throws(Problem) -> Result
  ) throws(Problem) -> Result { isDecoded ? try body(decoded) : try body(record) }

  /// Discards the rest of the current line.
  mutating func begin() { (elements, pending, pendingEvents) = ([], [], []) }

  /// Moves to the next transaction. Returns false if a record was skipped (with `-k`), nil at the end.
  mutating func next(_ session: inout Session) throws(RunError) -> Bool? {
    defer { warn(&session) }
    isEvent = false
    let hasMore = !(pendingEvents.isEmpty && pending.isEmpty && elements.isEmpty)
    if !hasMore, try !session.next() { return nil }
    do throws(DataError) {
      if session.reader.framing == .lines { return try read(line: session.reader.record) }
      try read(record: session.reader.record)
      return true
    } catch { try session.skip(Failure(error, at: session.reader.place)) }
    return false
  }

  // MARK: records

  private mutating func read(record: RawSpan) throws(DataError) {
    guard RecordKind(record) == .ledgerTransaction else { throw DataError(Self.wrongKind(RecordKind(whole: record))) }
    do throws(XDRError) { transaction = try LedgerTransaction(record: record) } catch {
      throw DataError(Schema.shared.message(for: error, in: type, record), at: error.offset)
    }
    isDecoded = false
  }

  private static func wrongKind(_ kind: RecordKind?) -> String {
    kind?.refusal(by: .invocationExtract) ?? "this is not a LedgerTransaction, which ledger-split makes from LedgerCloseMeta"
  }

  // MARK: lines

  /// Reads what is next in a line. Returns false for a line without a transaction, such as an RPC server's "not found".
  private mutating func read(line: RawSpan) throws(DataError) -> Bool {
    if try readPending(line) { return true }
    if let element = elements.popLast() { return try read(element: element, line) }
    do throws(JSONError) {
      var cursor = JSONCursor(line)
      if try cursor.peek() == UInt8(ascii: "[") {
        let found = try cursor.elements()
        try cursor.expectEnd()
        elements = found.reversed()
        return false
      }
    } catch { throw DataError(error) }
    return try read(element: 0..<line.byteCount, line)
  }

  /// Reads a line or an element of one.
  private mutating func read(element: Range<Int>, _ line: RawSpan) throws(DataError) -> Bool {
    let text = line.extracting(element)
    switch try lineKind(text, at: element.lowerBound) {
    case .ledgerTransaction:
      buffer.truncate(to: 0)
      do throws(JSONError) { try parser.parse(type, text, into: &buffer) } catch {
        throw DataError(error, in: line, from: element.lowerBound)
      }
      do throws(XDRError) { transaction = try LedgerTransaction(record: buffer.bytes) } catch {
        throw DataError(error.description(.shared), at: element.lowerBound)
      }
      isDecoded = true
      return true
    case .other:
      throw DataError(
        ForeignFormat(insteadOfValue: text)?.rawValue ?? Self.wrongKind(RecordKind(line: text)), at: element.lowerBound)
    case .rpc:
      let found: (events: [Range<Int>]?, transactions: [RPCTransaction]?)
      do throws(JSONError) {
        let events = try RPCEvent.all(in: line, element)
        found = (events, events == nil ? try RPCTransaction.all(in: line, element) : nil)
      } catch { throw DataError(error) }
      if let events = found.events {
        guard readsEvents else { throw DataError(Self.wrongKind(.getEvents), at: element.lowerBound) }
        pendingEvents = events.reversed()
      } else if let transactions = found.transactions {
        pending = transactions.reversed()
      } else {
        throw DataError(Self.noTransactions(text), at: element.lowerBound)
      }
      return try readPending(line)
    }
  }

  /// The message for an object that contains no transaction.
  private static func noTransactions(_ text: RawSpan) -> String {
    rpcError(in: text) ?? RecordKind(line: text)?.refusal(by: .invocationExtract)
      ?? "object without envelopeXdr (an entry of getTransactions, or its response, was expected)"
  }

  /// Decodes the next event or transaction that was found in the line. Returns false if there is none.
  private mutating func readPending(_ line: RawSpan) throws(DataError) -> Bool {
    buffer.truncate(to: 0)
    if let range = pendingEvents.popLast() {
      let event: RPCEvent
      do throws(JSONError) { event = try RPCEvent(line, at: range) } catch { throw DataError(error) }
      do throws(DataError) { try event.decode(line, &parser, into: &buffer) } catch {
        throw DataError(error.what, at: error.offset, ledger: event.ledger)
      }
      isEvent = true
    } else if let entry = pending.popLast() {
      transaction = try entry.decode(line, network, &parser, into: &buffer)
      isUnchecked = isUnchecked || !entry.hasHash
    } else {
      return false
    }
    isDecoded = true
    return true
  }

  /// The ledger of the current transaction or event.
  var ledger: UInt32 { isEvent ? buffer.bytes.word(at: 4) : transaction.ledgerSequence }

  private enum LineKind { case ledgerTransaction, rpc, other }

  /// The tools' own records name their schema in the first member; those of RPC servers do not.
  private func lineKind(_ line: RawSpan, at start: Int) throws(DataError) -> LineKind {
    do throws(JSONError) {
      var cursor = JSONCursor(line)
      guard try cursor.peek() == UInt8(ascii: "{"), try cursor.beginObject() else { return .other }
      guard cursor.equals(try cursor.memberName(), "_schema"), try cursor.peek() == UInt8(ascii: "\"") else { return .rpc }
      return cursor.equals(try cursor.string(), "soroban-pipes.ledger_transaction.v1") ? .ledgerTransaction : .other
    } catch { throw DataError(error.description, at: start + error.offset) }
  }

  /// Warns once that no hash shows whether `--network` is right.
  private mutating func warn(_ session: inout Session) {
    guard isUnchecked, !hasWarned else { return }
    hasWarned = true
    let what = "entry without txHash, so --network cannot be checked; its hash is computed for \"\(network.passphrase)\""
    session.warnOnce(
      "txHash", name: "txHash", [Diagnostic(what, at: session.reader.place, ledger: transaction.ledgerSequence)])
  }
}
