import Bytes

/// Processes one input step by step: the tools' readers with a `Sink`.
struct WebPipeline: ~Copyable {
  private enum Source { case unknown, ledgers, transactions }

  var session: Session
  private let mode: WebOptions.Mode
  private let wanted: LedgerRanges
  private let verifies: Bool
  private var source = Source.unknown
  private let ledgers: SessionLedgers
  private var transactions: TransactionReader
  private var sink: Sink
  private let sequence: LedgerSequence

  init(_ options: WebOptions) throws(UsageError) {
    let conditions = try options.filter?.filter()
    wanted = LedgerRanges(options.ledgers)
    mode = options.mode
    verifies = options.verifies
    session = Session(
      name: options.name, format: options.input, maximumRecord: options.maximumRecord, keepGoing: options.keepGoing)
    sequence = LedgerSequence(wanted: wanted, verifies: options.verifies, keepGoing: options.keepGoing)
    let reader = LedgerReader(
      network: options.mode == .ledgers ? nil : options.network, wanted: wanted,
      countsEvents: options.mode == .transactions && (options.onlySoroban || !options.hashes.isEmpty))
    ledgers = SessionLedgers(reader, wanted: wanted, verifies: options.verifies, sequence: sequence)
    session.reader.framer = reader
    transactions = TransactionReader(network: options.network, readsEvents: options.mode == .events)
    sink = Sink(options, conditions)
  }

  /// Reads one ledger, transaction or line, and writes its records; returns false at the end.
  mutating func step() throws(RunError) -> Bool {
    switch source {
    case .unknown: return try findSource()
    case .ledgers: return try readLedger()
    case .transactions: return try readTransaction()
    }
  }

  /// Detects what the input contains from its first record.
  private mutating func findSource() throws(RunError) -> Bool {
    // A ledger is longer than one line of wrapped base64 of any usual width, so the next line belongs to it.
    session.reader.joining.wrapped = 16...256
    guard try session.next() else { return try end() }
    session.putBack()
    source = .ledgers
    guard mode == .invocations || mode == .events else { return true }
    let kind = session.reader.framing == .lines ? RecordKind(firstOf: session.reader.record) : RecordKind(session.reader.record)
    switch kind {
    case .ledgerTransaction?, .getTransactions?, .getTransaction?, .getEvents?: source = .transactions
    default: break
    }
    return true
  }

  private mutating func readLedger() throws(RunError) -> Bool {
    guard let isWanted = try ledgers.next(&session) else { return try end() }
    if !isWanted { return true }
    Self.write(ledgers.reader, session.reader.record, to: &sink, &session.output)
    let sequence = ledgers.reader.ledger.sequence
    try countAndReport(sequence)
    return wanted.wantsMore(after: sequence) ? true : try end()
  }

  private static func write(_ reader: LedgerReader, _ record: RawSpan, to sink: inout Sink, _ output: inout Output) {
    reader.withBytes(record) { sink.write(reader.ledger, $0, &output) }
  }

  private mutating func readTransaction() throws(RunError) -> Bool {
    guard let isGood = try transactions.next(&session) else { return try end() }
    if !isGood { return true }
    let ledger = transactions.ledger
    guard wanted.contains(ledger) else { return true }
    session.counters.count(ledger: ledger, closedAt: transactions.isEvent ? nil : transactions.transaction.closedAt)
    if transactions.isEvent {
      if verifies {
        throw .failure(Failure(Diagnostic("events of getEvents hold nothing to verify", at: session.reader.place)))
      }
      sink.write(event: transactions.decoded, &session.output)
    } else if transactions.isDecoded {
      sink.write(transactions.transaction, transactions.decoded, &session.output)
    } else {
      sink.write(transactions.transaction, session.reader.record, &session.output)
    }
    try countAndReport(ledger)
    return true
  }

  /// Counts the records that were just written, and reports their problems.
  private mutating func countAndReport(_ ledger: UInt32) throws(RunError) {
    session.counters.recordsOut = sink.written
    for exception in sink.exceptions {
      session.messages.warn(exception.kind, Diagnostic(exception.what, at: session.reader.place, ledger: ledger))
    }
    for problem in sink.problems {
      if problem.status == .usage { throw .failure(problem) }
      try session.skip(Failure(Diagnostic(problem.diagnostic.what, at: session.reader.place, ledger: ledger)))
    }
  }

  /// Reports missing ledgers, transactions that were not found, and the omissions.
  private mutating func end() throws(RunError) -> Bool {
    do throws(SequenceProblem) {
      if source == .ledgers || source == .unknown { try sequence.checkEnd(skipped: session.counters.skipped) }
    } catch {
      throw .failure(Failure(error))
    }
    for hash in sink.unseenHashes {
      session.messages.warn("unknown transactions", Diagnostic("no transaction has the hash \(hash.hex) (see --tx)"))
    }
    if let omissions = sink.omissions, omissions.count > 0 {
      session.messages.warn(omissions.counter, Diagnostic("\(omissions.words): \(omissions.count)"))
    }
    return false
  }
}

extension RecordKind {
  /// The kind of a line; for an array, that of its first element.
  fileprivate init?(firstOf line: RawSpan) {
    var cursor = JSONCursor(line)
    guard let first = try? cursor.peek() else { return nil }
    guard first == UInt8(ascii: "[") else {
      self.init(line: line)
      return
    }
    guard (try? cursor.beginArray()) == true, (try? cursor.peek()) != nil else { return nil }
    self.init(line: line.extracting(cursor.position..<line.byteCount))
  }
}
