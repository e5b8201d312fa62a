import Bytes

/// The counterpart of a session of CommandLineTools: input, output, and messages.
struct Session: ~Copyable {
  var reader: RecordReader
  var output = Output()
  let messages = Messages()
  var counters = Counters()
  let keepGoing: Bool
  /// Whether `next` must return the current record again.
  private var isPutBack = false

  init(name: String, format: InputFormat, maximumRecord: Int, keepGoing: Bool) {
    self.keepGoing = keepGoing
    reader = RecordReader(InputFiles(name), format: format, maximumRecord: maximumRecord, joining: .xdr)
  }

  /// Moves the reader to the next record, with `keepGoing` past those that it can skip; returns false at the end.
  mutating func next() throws(RunError) -> Bool {
    if isPutBack {
      isPutBack = false
      return true
    }
    while true {
      do throws(StreamError) {
        guard try reader.next() else { return false }
        counters.recordsIn += 1
        return true
      } catch {
        guard error.isSkippable, keepGoing else { throw .stream(error) }
        counters.recordsIn += 1
        report(skipped: error.diagnostic)
      }
    }
  }

  /// Makes the next call of `next` return the current record again.
  mutating func putBack() { isPutBack = true }

  mutating func readAgain() throws(RunError) -> Bool { false }

  /// Reports that the current record cannot be read. Without `keepGoing` this ends the session.
  mutating func skip(_ failure: Failure) throws(RunError) {
    output.abandonRecord()
    guard keepGoing, failure.status == .badData else { throw .failure(failure) }
    report(skipped: failure.diagnostic)
  }

  private mutating func report(skipped diagnostic: Diagnostic) {
    counters.skipped += 1
    messages.error(diagnostic)
  }

  // MARK: effects in the order of the input, which here is the order of the calls

  // There is one thread, without batches.
  var batchNumber: Int? { nil }

  /// The names of warnings that were given and are given only once.
  private var givenNames: [String] = []

  mutating func warnOnce(_ kind: String, name: String, _ diagnostics: [Diagnostic]) {
    if givenNames.contains(name) { return }
    givenNames.append(name)
    for diagnostic in diagnostics { messages.warn(kind, diagnostic) }
  }

  func defers(_ check: some LedgerCheck, _ number: Int, ledger: UInt32, closedAt: UInt64) -> Bool { false }
  var ledgerOrder: LedgerOrder { LedgerOrder(keepGoing: keepGoing, messages: messages) }
  func endLedger() {}
}

/// The counterpart of the protocol of CommandLineTools.
protocol LedgerCheck: AnyObject {
  func check(_ number: Int, _ order: LedgerOrder) throws(Failure) -> Bool
}

/// The context of a check of the order of ledgers.
struct LedgerOrder {
  let keepGoing: Bool
  let messages: Messages

  func warn(_ kind: String, _ diagnostic: @autoclosure () -> Diagnostic) { messages.warn(kind, diagnostic()) }
}

/// The messages besides the error that ends a session, as lines.
final class Messages {
  /// The limit for each kind: a session has no clock to limit them per minute.
  private static let shown = 10

  private var kinds: [(name: String, count: Int)] = []
  private(set) var text: [UInt8] = []

  func error(_ diagnostic: Diagnostic) {
    // There is no limit for errors; the host takes them with the output.
    add(diagnostic)
  }

  func warn(_ kind: String, _ diagnostic: @autoclosure () -> Diagnostic) {
    guard let index = kinds.firstIndex(where: { $0.name == kind }) else {
      kinds.append((kind, 1))
      return add(diagnostic())
    }
    kinds[index].count += 1
    if kinds[index].count <= Self.shown { add(diagnostic()) }
  }

  /// Reports the number of suppressed warnings, at the end.
  func countLeftOut() {
    for kind in kinds where kind.count > Self.shown {
      add(Diagnostic("\(kind.count - Self.shown) more \(kind.name) (at most \(Self.shown) are shown)"))
    }
    kinds = []
  }

  func clear() { text.removeAll() }

  private func add(_ diagnostic: Diagnostic) {
    text += Array(diagnostic.text.utf8)
    text.append(0x0A)
  }
}

/// A placeholder: there are no system calls here.
struct SystemError {
  let code: Int32
  static let noSuchFile = SystemError(code: 1)
  static let noDirectory = SystemError(code: 2)
  static let closedPipe = SystemError(code: 3)

  static func text(of code: Int32) -> String { "error \(code)" }
}
