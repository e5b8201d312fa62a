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

  /// Discards the rest of the current line.
  mutating func begin() { (elements, pending, pendingEvents) = ([], [], []) }

  /// Moves to the next transaction. Returns false if a record was skipped (with `-k`), nil at the end.
  mutating func next(_ session: inout Session) throws(RunError) -> Bool? {
    defer { warn(&session) }
    isEvent = false
    let hasMore = !(pendingEvents.isEmpty && pending.isEmpty && elements.isEmpty)
    let step: ReadStep? = hasMore ? nil : try session.next()
    let failure: Failure
    do throws(Failure) {
      if let event = pendingEvents.popLast() {
        try read(event: event, session)
        return true
      }
      if let entry = pending.popLast() {
        try read(entry, session)
        return true
      }
      if let element = elements.popLast() { return try read(element: element, session) }
      switch step {
      case .end?, nil: return nil
      case .unframed?:
        if let error = session.reader.foreignError { throw Failure(error) }
        let what =
          RecordKind(beginning: session.reader.unframed)?.refusal(by: .invocationExtract)
          ?? "XDR without record marking; invocation-extract reads the records that ledger-split makes from LedgerCloseMeta"
        throw Failure(Diagnostic(what, at: session.reader.unframedPlace))
      case .record? where session.reader.framing == .lines: return try readLine(session)
      case .record?:
        try readRecord(session)
        return true
      }
    } catch { failure = error }
    guard session.reader.framing != .bare else { throw .failure(failure) }
    try session.skip(failure)
    return false
  }

  // MARK: records

  private mutating func readRecord(_ session: borrowing Session) throws(Failure) {
    let record = session.reader.record
    let place = session.reader.place
    guard RecordKind(record) == .ledgerTransaction else {
      throw Failure(Diagnostic(Self.wrongKind(RecordKind(whole: record)), at: place))
    }
    do throws(XDRError) { transaction = try LedgerTransaction(record: record) } catch {
      throw Failure(Diagnostic(Schema.shared.message(for: error, in: type, record), at: place, within: error.offset))
    }
    isDecoded = false
  }

  private static func wrongKind(_ kind: RecordKind?) -> String {
    kind?.refusal(by: .invocationExtract) ?? "this is not a LedgerTransaction, which ledger-split makes from LedgerCloseMeta"
  }

  // MARK: lines

  /// Returns false for a line without a transaction, such as an RPC server's "not found".
  private mutating func readLine(_ session: borrowing Session) throws(Failure) -> Bool {
    let line = session.reader.record
    let found: [Range<Int>]?
    do throws(JSONError) {
      var cursor = JSONCursor(line)
      found = try cursor.peek() == UInt8(ascii: "[") ? Self.elements(&cursor) : nil
    } catch {
      throw Failure(Diagnostic(error.description, at: session.reader.place, within: error.offset))
    }
    guard let found else { return try read(element: 0..<line.byteCount, session) }
    elements = found
    return false
  }

  /// The positions of an array's elements, the first one last. The array must be the whole line.
  private static func elements(_ cursor: inout JSONCursor) throws(JSONError) -> [Range<Int>] {
    var found: [Range<Int>] = []
    try cursor.enter()
    if try cursor.beginArray() {
      repeat {
        _ = try cursor.peek()
        let start = cursor.position
        try cursor.skipValue()
        found.append(start..<cursor.position)
      } while try cursor.next(before: UInt8(ascii: "]"))
    }
    try cursor.expectEnd()
    return found.reversed()
  }

  /// Reads a line or an element of one.
  private mutating func read(element: Range<Int>, _ session: borrowing Session) throws(Failure) -> Bool {
    let line = session.reader.record
    let place = session.reader.place
    let text = line.extracting(element)
    switch try lineKind(text, place, within: element.lowerBound) {
    case .ledgerTransaction:
      buffer.truncate(to: 0)
      do throws(ParseError) { try parser.parse(type, text, into: &buffer) } catch {
        let offset = element.lowerBound + error.offset
        let path = jsonPath(to: offset, in: line)
        throw Failure(Diagnostic("\(path)\(error.description(.shared))", at: place, within: offset))
      }
      do throws(XDRError) { transaction = try LedgerTransaction(record: buffer.bytes) } catch {
        throw Failure(Diagnostic(error.description(.shared), at: place, within: element.lowerBound))
      }
      isDecoded = true
      return true
    case .other:
      let what = ForeignFormat(insteadOfValue: text)?.rawValue ?? Self.wrongKind(RecordKind(line: text))
      throw Failure(Diagnostic(what, at: place, within: element.lowerBound))
    case .rpc:
      if try readEvents(line, element, place) {
        guard let event = pendingEvents.popLast() else { return false }
        try read(event: event, session)
        return true
      }
      let found: [RPCTransaction]?
      do throws(JSONError) { found = try RPCTransaction.all(in: line, element) } catch {
        throw Failure(Diagnostic(error.description, at: place, within: error.offset))
      }
      guard let found else { throw Failure(Diagnostic(Self.noTransactions(text), at: place, within: element.lowerBound)) }
      pending = found.reversed()
      guard let entry = pending.popLast() else { return false }
      try read(entry, session)
      return true
    }
  }

  /// The message for an object that contains no transaction.
  private static func noTransactions(_ text: RawSpan) -> String {
    rpcError(in: text) ?? RecordKind(line: text)?.refusal(by: .invocationExtract)
      ?? "object without envelopeXdr (an entry of getTransactions, or its response, was expected)"
  }

  /// Takes the events of an element or a line; returns false if it is not from `getEvents`.
  private mutating func readEvents(_ line: RawSpan, _ element: Range<Int>, _ place: Place) throws(Failure) -> Bool {
    let events: [Range<Int>]?
    do throws(JSONError) { events = try RPCEvent.all(in: line, element) } catch {
      throw Failure(Diagnostic(error.description, at: place, within: error.offset))
    }
    guard let events else { return false }
    guard readsEvents else {
      throw Failure(Diagnostic(Self.wrongKind(.getEvents), at: place, within: element.lowerBound))
    }
    pendingEvents = events.reversed()
    return true
  }

  /// Makes a record from an event in the session's current line.
  private mutating func read(event range: Range<Int>, _ session: borrowing Session) throws(Failure) {
    buffer.truncate(to: 0)
    let event: RPCEvent
    do throws(JSONError) { event = try RPCEvent(session.reader.record, at: range) } catch {
      throw Failure(Diagnostic(error.description, at: session.reader.place, within: error.offset))
    }
    do throws(RPCEvent.Problem) { try event.decode(session.reader.record, &parser, into: &buffer) } catch {
      throw Failure(Diagnostic(error.description, at: session.reader.place, within: error.offset, ledger: event.ledger))
    }
    (isDecoded, isEvent) = (true, true)
  }

  /// The ledger of the current transaction or event.
  var ledger: UInt32 { isEvent ? buffer.bytes.word(at: 4) : transaction.ledgerSequence }

  private enum LineKind { case ledgerTransaction, rpc, other }

  /// The tools' own records name their schema in the first member; those of RPC servers do not.
  private func lineKind(_ line: RawSpan, _ place: Place, within: Int) throws(Failure) -> LineKind {
    do throws(JSONError) {
      var cursor = JSONCursor(line)
      guard try cursor.peek() == UInt8(ascii: "{"), try cursor.beginObject() else { return .other }
      guard cursor.equals(try cursor.memberName(), "_schema"), try cursor.peek() == UInt8(ascii: "\"") else { return .rpc }
      return cursor.equals(try cursor.string(), "soroban-pipes.ledger_transaction.v1") ? .ledgerTransaction : .other
    } catch {
      throw Failure(Diagnostic(error.description, at: place, within: within + error.offset))
    }
  }

  /// Decodes an entry of the session's current line.
  private mutating func read(_ entry: RPCTransaction, _ session: borrowing Session) throws(Failure) {
    buffer.truncate(to: 0)
    do throws(RPCTransaction.Problem) {
      transaction = try entry.decode(session.reader.record, network, &parser, into: &buffer)
    } catch {
      throw Failure(Diagnostic(error.description, at: session.reader.place, within: error.offset, ledger: error.ledger))
    }
    isDecoded = true
    isUnchecked = isUnchecked || !entry.hasHash
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
