import Bytes
import Ledgers
import StellarJSON
import StellarXDR

/// Tells which records are wanted.
///
/// A record is walked from its beginning, and each condition is tried as soon as what it looks at comes by. The walk ends when the
/// verdict is known: a record that fails on its contract id is not looked at any further. One that is wanted is then checked as a whole,
/// for what is written has to be a record.
///
/// ```
///   {"_schema":…,"meta":{"ledger_sequence":…,…},"contract_call":{"contract_id":"C…","invoking_account":…,"function_name":…,…
///                        --ledgers            …                  --contract        --account            --function       …
/// ```
package struct RecordFilter: ~Copyable {
  /// How the record at hand is written.
  enum Form { case xdr, json }

  let filter: Filter
  let shapes = RecordShapes.shared

  // What is known of the record at hand.
  package internal(set) var ledger: UInt32?
  var form = Form.xdr
  /// It is a ContractEvent.
  private(set) var isEvent = false
  /// No record was read yet.
  private var isFirst = true
  /// A bit for each condition: those that hold, and those that do not.
  var met: UInt64 = 0
  var failed: UInt64 = 0
  /// What conditions look at and what was looked at; lists that are not empty.
  var wanted: Subjects = []
  var seen: Subjects = []
  var present: Subjects = []
  private var verdict: Bool?
  /// The verdict is known, and so is the ledger, which tells where in the stream this is.
  private(set) var isDone = false

  /// What was seen in all records.
  var findings: Findings

  // Used again for each record.
  var values: ValueMatcher
  var natives = NativeMatcher()
  var parser = Parser()
  /// A value of a line as XDR, and where in the line it stands.
  var decoded = ByteBuffer(capacity: 1024)
  var decodedRange: Range<Int>?
  /// A value of this line is in native style, so all are.
  var isNative = false
  /// Text of a line without its escapes.
  var unescaped = ByteBuffer(capacity: 256)
  var topics: [Range<Int>] = []

  /// What the record at hand is.
  package var kind: RecordKind { isEvent ? .contractEvent : .contractInvocation }

  package init(_ filter: Filter) { self.init(filter, native: Self.renderer()) }

  /// The renderer of `renderer()`, or a copy of it: a thread that makes many filters compiles it once.
  package init(_ filter: Filter, native: Renderer) {
    self.filter = filter
    values = ValueMatcher(native: native)
    findings = Findings(filter)
  }

  /// A renderer of the text that patterns are compared with.
  package static func renderer() -> Renderer { Renderer(style: .native, of: Schema.shared.scval) }

  /// Whether an XDR record is wanted. If so it is a whole and valid one.
  package mutating func selects(record: RawSpan) throws(RecordError) -> Bool {
    begin(.xdr)
    switch RecordKind(record) {
    case .contractInvocation?: try identify(isEvent: false)
    case .contractEvent?: try identify(isEvent: true)
    case let other: throw .wrongKind(other)
    }
    try walk(record: record)
    findings.noteEnd(known: met | failed)
    guard verdict != filter.isInverted else { return false }
    do throws(XDRError) {
      try shapes.schema.validate(isEvent ? shapes.eventRecord : shapes.invocation, record)
    } catch { throw .xdr(error) }
    findings.watchesTopics = false
    return true
  }

  /// Whether a line is wanted. If so it is one valid record, but for the insides of values that no condition looked at.
  package mutating func selects(line: RawSpan) throws(RecordError) -> Bool {
    begin(.json)
    do throws(RecordError) {
      try walk(line: line)
    } catch .malformed {
      try validate(line: line)
      throw .wrongLine
    }
    findings.noteEnd(known: met | failed)
    guard verdict != filter.isInverted else { return false }
    try validate(line: line)
    findings.watchesTopics = false
    return true
  }

  private mutating func begin(_ form: Form) {
    self.form = form
    ledger = nil
    (met, failed, seen, present, isNative, decodedRange) = (0, 0, [], [], false, nil)
    unescaped.truncate(to: 0)
    refresh()
  }

  /// Notes what the record is. Conditions that say nothing of such records are a mistake if the input begins with one; where both kinds come,
  /// they hold for none of this kind.
  @inline(__always)
  mutating func identify(isEvent: Bool) throws(RecordError) {
    self.isEvent = isEvent
    if isFirst { try checkFirst() }
  }

  @inline(never)
  private mutating func checkFirst() throws(RecordError) {
    isFirst = false
    let options = isEvent ? filter.notForEvents : filter.notForInvocations
    if !options.isEmpty { throw .inapplicable(options, kind) }
  }

  // MARK: what is known

  /// The conditions that look at `subject` and are neither met nor failed.
  @inline(__always)
  func open(_ subject: Subject) -> Bits { Bits(filter.interested[Int(subject.rawValue)] & ~(met | failed)) }

  mutating func meet(_ index: Int) {
    met |= 1 << UInt64(index)
    refresh()
  }

  /// `subject` was looked at, all of it: what has not been found in it will not be.
  mutating func conclude(_ subject: Subject) {
    seen.insert(Subjects(subject))
    fail(open(subject))
  }

  /// All of `subjects` were looked at, or are not there.
  mutating func conclude(_ subjects: Subjects) {
    seen.formUnion(subjects)
    for index in filter.conditions.indices {
      // A record without a list of arguments has none of them.
      if case .argumentCount(let wanted) = filter.conditions[index], !isEvent, seen.contains(Subjects(.arguments)),
        wanted.contains(0),
        failed >> UInt64(index) & 1 == 0
      {
        met |= 1 << UInt64(index)
      }
    }
    fail(Bits(filter.all & ~(met | failed)))
  }

  private mutating func fail(_ conditions: Bits) {
    for index in conditions where filter.subjects[index].isSubset(of: seen) { failed |= 1 << UInt64(index) }
    refresh()
  }

  private mutating func refresh() {
    verdict = filter.verdict(met: met, failed: failed)
    isDone = verdict != nil && seen.contains(Subjects(.ledger))
    wanted = Subjects(.ledger)
    for index in filter.subjects.indices where (met | failed) >> UInt64(index) & 1 == 0 {
      wanted.formUnion(filter.subjects[index])
    }
    wanted.subtract(seen)
  }
}

/// The numbers of the bits that are set.
struct Bits: Sequence, IteratorProtocol {
  private var rest: UInt64

  init(_ bits: UInt64) { rest = bits }

  @inline(__always)
  mutating func next() -> Int? {
    guard rest != 0 else { return nil }
    let index = rest.trailingZeroBitCount
    rest &= rest &- 1
    return index
  }
}
