import Bytes
import CommandLineTools
import Invocations
import StellarJSON
import StellarXDR
import Streams

/// Transactions, one after the other: LedgerTransaction records in either form, or entries of RPC responses. Where events are wanted, also
/// those of `getEvents`.
struct TransactionReader: ~Copyable {
  /// The transaction that was read last.
  private(set) var transaction = LedgerTransaction.none
  /// Its positions are in `decoded`, not in the session's record.
  private(set) var isDecoded = false
  /// It was no transaction: `decoded` holds the record of an event.
  private(set) var isEvent = false

  private let network: Network
  private let readsEvents: Bool
  private var buffer = ByteBuffer(capacity: 64 << 10)
  private var parser = Parser()
  /// Transactions of the current line that are still to come, the next one last.
  private var pending: [RPCTransaction] = []
  /// The same of events.
  private var pendingEvents: [Range<Int>] = []
  private let type = Schema.shared.id("LedgerTransaction")

  init(network: Network, readsEvents: Bool) {
    self.network = network
    self.readsEvents = readsEvents
  }

  var decoded: RawSpan {
    @_lifetime(borrow self)
    get { buffer.bytes }
  }

  /// Moves to the next transaction. False where (with `-k`) a record was skipped, nil at the end.
  mutating func next(_ session: inout Session) throws -> Bool? {
    isEvent = false
    do {
      if let event = pendingEvents.popLast() {
        try read(event, session)
        return true
      }
      if let entry = pending.popLast() {
        try read(entry, session)
        return true
      }
      switch try session.next() {
      case .end: return nil
      case .unframed:
        throw Failure(
          Diagnostic(
            "XDR without record marking; invocation-extract reads what ledger-split makes of LedgerCloseMeta",
            at: session.reader.unframedPlace))
      case .record where session.reader.framing == .lines: return try readLine(session)
      case .record:
        try readRecord(session)
        return true
      }
    } catch let error as Failure where session.reader.framing != .bare {
      try session.skip(error)
      return false
    }
  }

  // MARK: records

  private mutating func readRecord(_ session: borrowing Session) throws(Failure) {
    let record = session.reader.record
    let place = session.reader.place
    guard RecordKind(record) == .ledgerTransaction else {
      throw Failure(Diagnostic(Self.wrongKind(RecordKind(record)), at: place))
    }
    do throws(XDRError) { transaction = try LedgerTransaction(record: record) } catch {
      throw Failure(Diagnostic(Schema.shared.message(for: error, in: type, record), at: place, within: error.offset))
    }
    isDecoded = false
  }

  private static func wrongKind(_ kind: RecordKind?) -> String {
    switch kind {
    case .ledgerCloseMeta?: "this is a LedgerCloseMeta; ledger-split makes transactions of it"
    case .contractEvent?: "this is a ContractEvent, which invocation-extract --by event makes of transactions"
    case let kind?: "this is a \(kind.rawValue); invocation-extract reads the LedgerTransaction records that ledger-split writes"
    case nil: "this is no LedgerTransaction, which ledger-split makes of LedgerCloseMeta"
    }
  }

  // MARK: lines

  /// False for a line without a transaction, such as an RPC server's "not found".
  private mutating func readLine(_ session: borrowing Session) throws(Failure) -> Bool {
    let line = session.reader.record
    let place = session.reader.place
    switch try lineKind(line, place) {
    case .ledgerTransaction:
      buffer.truncate(to: 0)
      do throws(ParseError) { try parser.parse(type, line, into: &buffer) } catch {
        let path = jsonPath(to: error.offset, in: line)
        throw Failure(Diagnostic("\(path)\(error.description(.shared))", at: place, within: error.offset))
      }
      do throws(XDRError) { transaction = try LedgerTransaction(record: buffer.bytes) } catch {
        throw Failure(Diagnostic(error.description(.shared), at: place))
      }
      isDecoded = true
      return true
    case .array: throw Failure(Diagnostic(JSONError.arrayForLines, at: place))
    case .other(let kind): throw Failure(Diagnostic(Self.wrongKind(kind), at: place))
    case .rpc:
      if try readEvents(line, place) {
        guard let event = pendingEvents.popLast() else { return false }
        try read(event, session)
        return true
      }
      let found: [RPCTransaction]?
      do throws(JSONError) { found = try RPCTransaction.all(in: line) } catch {
        throw Failure(Diagnostic(error.description, at: place, within: error.offset))
      }
      guard let found else {
        throw Failure(Diagnostic(rpcError(in: line) ?? RPCTransaction.Problem.noTransactions.description, at: place))
      }
      pending = found.reversed()
      guard let entry = pending.popLast() else { return false }
      try read(entry, session)
      return true
    }
  }

  /// Takes the events of a line; false for one that is not of `getEvents`.
  private mutating func readEvents(_ line: RawSpan, _ place: Place) throws(Failure) -> Bool {
    let events: [Range<Int>]?
    do throws(JSONError) { events = try RPCEvent.all(in: line) } catch {
      throw Failure(Diagnostic(error.description, at: place, within: error.offset))
    }
    guard let events else { return false }
    guard readsEvents else { throw Failure(Diagnostic("events of getEvents, which --by event reads", at: place)) }
    pendingEvents = events.reversed()
    return true
  }

  /// Makes a record of an event of the session's current line.
  private mutating func read(_ range: Range<Int>, _ session: borrowing Session) throws(Failure) {
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

  /// The ledger of what was read last.
  var ledger: UInt32 { isEvent ? buffer.bytes.word(at: 4) : transaction.ledgerSequence }

  private enum LineKind {
    case ledgerTransaction, rpc, array
    case other(RecordKind?)
  }

  /// Our own records say what they are in their first member; an RPC server's have others.
  private func lineKind(_ line: RawSpan, _ place: Place) throws(Failure) -> LineKind {
    do throws(JSONError) {
      var cursor = JSONCursor(line)
      let first = try cursor.peek()
      if first == UInt8(ascii: "[") { return .array }
      guard first == UInt8(ascii: "{"), try cursor.beginObject() else { return .other(nil) }
      guard cursor.equals(try cursor.memberName(), "_schema"), try cursor.peek() == UInt8(ascii: "\"") else { return .rpc }
      let name = try cursor.string()
      if cursor.equals(name, "soroban-pipes.ledger_transaction.v1") { return .ledgerTransaction }
      if cursor.equals(name, "soroban-pipes.contract_event.v1") { return .other(.contractEvent) }
      return .other(cursor.equals(name, "soroban-pipes.contract_invocation.v1") ? .contractInvocation : nil)
    } catch {
      throw Failure(Diagnostic(error.description, at: place, within: error.offset))
    }
  }

  /// Decodes an entry of the session's current line.
  private mutating func read(_ entry: RPCTransaction, _ session: borrowing Session) throws(Failure) {
    buffer.truncate(to: 0)
    do throws(RPCTransaction.Problem) {
      transaction = try entry.decode(session.reader.record, network, into: &buffer)
    } catch {
      throw Failure(Diagnostic(error.description, at: session.reader.place, ledger: entry.ledger))
    }
    isDecoded = true
  }
}
