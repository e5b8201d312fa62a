import Bytes
import Ledgers
import StellarJSON
import StellarXDR

/// Decides which records to select.
///
/// It walks a record from the start, and tests each condition when it reaches the condition's subject. The walk ends when the
/// verdict is known: a record with the wrong contract id is not read any further. A selected record is then checked completely,
/// because the output must be valid records.
///
/// ```
///   {"_schema":…,"meta":{"ledger_sequence":…,…},"contract_call":{"contract_id":"C…","invoking_account":…,"function_name":…,…
///                        --ledgers            …                  --contract        --account            --function       …
/// ```
package struct RecordFilter: ~Copyable {
  /// The form of the current record.
  enum Form { case xdr, json }

  let filter: Filter
  let shapes = RecordShapes.shared

  // The state of the current record.
  package internal(set) var ledger: UInt32?
  var form = Form.xdr
  /// Whether it is a ContractEvent.
  private(set) var isEvent = false
  /// Whether no record was read yet.
  private var isFirst = true
  /// The conditions that were met, and those that failed, one bit for each.
  var met: UInt64 = 0
  var failed: UInt64 = 0
  /// The subjects that conditions need, the subjects that were read, and the lists that are not empty.
  var wanted: Subjects = []
  var seen: Subjects = []
  var present: Subjects = []
  private var verdict: Bool?
  /// The verdict is known, and so is the ledger, which shows the position in the stream.
  private(set) var isDone = false

  /// The findings from all records.
  var findings: Findings

  // Reused for each record.
  var values: ValueMatcher
  var natives = NativeMatcher()
  var parser = Parser()
  /// A value of a line as XDR, and its range in the line.
  var decoded = ByteBuffer(capacity: 1024)
  var decodedRange: Range<Int>?
  /// A value of this line is in native style, so all values are.
  var isNative = false
  /// Unescaped text of a line.
  var unescaped = ByteBuffer(capacity: 256)
  var topics: [Range<Int>] = []

  /// The kind of the current record.
  package var kind: RecordKind { isEvent ? .contractEvent : .contractInvocation }

  package init(_ filter: Filter) { self.init(filter, native: Self.renderer()) }

  /// `native`: from `renderer()`, or a copy of it, so that a thread that makes many filters compiles it only once.
  package init(_ filter: Filter, native: Renderer) {
    self.filter = filter
    values = ValueMatcher(native: native)
    findings = Findings(filter)
  }

  /// Adds what another filter saw in other records of the same input.
  package mutating func merge(_ other: borrowing RecordFilter) { findings.merge(other.findings) }

  /// A renderer for the text that patterns are compared with.
  package static func renderer() -> Renderer { Renderer(style: .native, of: Schema.shared.scval) }

  /// Whether an XDR record is selected. A selected record is complete and valid.
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

  /// Whether a line is selected. A selected line is one valid record, except that the contents of untested values are not
  /// checked.
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

  /// Sets the kind of the record. Options that do not apply to this kind are an error if the input starts with such a record. In
  /// mixed input, their conditions are never met for records of this kind.
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

  // MARK: states of conditions

  /// The conditions on `subject` that are neither met nor failed.
  @inline(__always)
  func open(_ subject: Subject) -> Bits { Bits(filter.interested[Int(subject.rawValue)] & ~(met | failed)) }

  mutating func meet(_ index: Int) {
    met |= 1 << UInt64(index)
    refresh()
  }

  /// `subject` was read completely; its open conditions fail.
  mutating func conclude(_ subject: Subject) {
    seen.insert(Subjects(subject))
    fail(open(subject))
  }

  /// All of `subjects` were read completely, or are absent.
  mutating func conclude(_ subjects: Subjects) {
    seen.formUnion(subjects)
    for index in filter.conditions.indices {
      // A record without a list of arguments has zero arguments.
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

/// The indices of the set bits.
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
