import Bytes

/// What CommandLineTools has for a run of a tool: its input, its output, and what there is to say about them.
struct Session: ~Copyable {
  var reader: RecordReader
  var output = Output()
  let messages = Messages()
  var counters = Counters()
  let keepGoing: Bool
  /// A step that was looked at, and is still to be taken.
  private var held: Step?

  init(name: String, format: InputFormat, maximumRecord: Int, keepGoing: Bool) {
    self.keepGoing = keepGoing
    reader = RecordReader(InputFiles(name), format: format, maximumRecord: maximumRecord, joining: .xdr)
  }

  /// Moves the reader on; with `keepGoing` past what it can skip.
  mutating func next() throws(RunError) -> Step {
    if let step = held {
      held = nil
      return step
    }
    while true {
      do throws(StreamError) {
        let step = try reader.next(&output)
        if step == .record { counters.recordsIn += 1 }
        return step
      } catch {
        guard error.isSkippable, keepGoing else { throw .stream(error) }
        counters.recordsIn += 1
        report(skipped: error.diagnostic)
      }
    }
  }

  /// Makes the next `next` return this again.
  mutating func hold(_ step: Step) { held = step }

  mutating func readAgain() throws(RunError) -> Bool { false }

  /// The current record cannot be read: a warning with `keepGoing`, else the end.
  mutating func skip(_ failure: Failure) throws(RunError) {
    output.abandonRecord()
    guard keepGoing, failure.status == .badData else { throw .failure(failure) }
    report(skipped: failure.diagnostic)
  }

  private mutating func report(skipped diagnostic: Diagnostic) {
    counters.skipped += 1
    messages.error(diagnostic)
  }
}

/// What there is to say besides the error that ends a session, as lines.
final class Messages {
  /// More of a kind are not kept: a session has no clock to limit them by the minute.
  private static let shown = 10

  private var kinds: [(name: String, count: Int)] = []
  private(set) var text: [UInt8] = []

  func error(_ diagnostic: Diagnostic) {
    // Every one of them is said; the host takes them with the output.
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

  /// Counts what was left out, at the end.
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

/// There is no system here that could fail.
struct SystemError {
  let code: Int32
  static let noSuchFile = SystemError(code: 1)
  static let noDirectory = SystemError(code: 2)
  static let closedPipe = SystemError(code: 3)

  static func text(of code: Int32) -> String { "error \(code)" }
}

/// After so many bytes a stream is long; here that makes no difference.
let longStream = Int.max
