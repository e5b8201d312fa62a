import ArgumentParser
import Bytes
import CommandLineTools
import Filtering
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// The tool, for the executables.
package let eventFilter: any Tool.Type = EventFilter.self

/// Reads invocations and events and writes the wanted ones (specification, section 7).
struct EventFilter: Tool {
  static let about = About(
    name: "event-filter", abstract: "Select contract invocations and events.", role: .transform,
    reads: [RecordID.invocation.plain, RecordID.event.plain, RecordID.invocation.named, RecordID.event.named],
    writes: [RecordID.invocation.plain, RecordID.event.plain, RecordID.invocation.named, RecordID.event.named],
    values: [.raw, .sep51, .native],
    notes: """
      Reads what invocation-extract writes, as XDR or NDJSON, with values decoded by scval-json or not. Writes the matching records \
      unchanged. All conditions must match; several values of one option are alternatives.

      PATTERN is a text with * and ?, compared with the whole value; /.../ is a POSIX extended regular expression that is found anywhere; \
      hex:... are exact bytes; >N, >=N, <N, <=N and =N compare numbers of any width; base64 of an SCVal is exactly that value. PATH= before \
      it looks at one member only: amount=>5, balance.amount=>5, 0.amount=>5, or .=>5, the value itself. @FILE reads the values of an option \
      from a file, one per line; lines that begin with # are comments.
      """,
    examples: [
      About.Example(
        "the transfers of one contract",
        "event-filter --contract CDL74RF5BLYR2YBLCCI7F5FB6TPSCLKEJUBSD2RSVWZ4YHF3VMFAIGWA --topic 'transfer/**'"),
      About.Example("large amounts, anywhere in the arguments", "event-filter --arg '>10000000000' --succeeded"),
      About.Example(
        "transfers of more than ten million units, with and without a muxed id",
        "event-filter --topic 'transfer/**' --data '.=>10000000' --data 'amount=>10000000'"),
      About.Example("how many calls of a watch list failed", "event-filter --contract @contracts.txt --failed --count"),
    ])

  @OptionGroup(title: "What and who") var subject: ConditionOptions<SubjectSection>
  @OptionGroup(title: "Outcome, where and when") var outcome: ConditionOptions<OutcomeSection>
  @OptionGroup(title: "Events and values") var content: ConditionOptions<ContentSection>
  @OptionGroup(title: "Conditions together") var combination: ConditionOptions<CombinationSection>
  @OptionGroup(title: "Output") var selection: SelectionOptions
  @OptionGroup var options: StreamOptions

  var outputFormat: OutputFormat? { selection.count ? .ndjson : options.output }

  func run(_ session: inout Session) throws -> ExitStatus {
    let limit = selection.maxCount ?? Int.max
    let wanted = try filterOptions(&session)
    let conditions = try self.filter(wanted, &session)
    let (isCounting, format) = (selection.count, options.output)
    let loop = FilterLoop(conditions, format: format, limit: selection.maxCount, isCounting: isCounting)
    var others: [any RecordLoop] = []
    if limit > 0 { others = try session.run(loop, copy: { loop.copy() }) }
    for case let other as FilterLoop in others { loop.merge(other) }
    let found = isCounting || selection.maxCount != nil ? session.foundSoFar : session.counters.recordsOut
    let isAtEnd = limit > 0 && !session.isStopped
    if isCounting {
      session.output.buffer.append(utf8: "\(found)\n")
      try session.finishRecords(0)
    }
    // Remarks about conditions that matched nothing need the whole input.
    if isAtEnd {
      for remark in wanted.remarks(loop.filter, found: found) { session.messages.warn(remark.kind, Diagnostic(remark.text)) }
    }
    return selection.exitStatus && found == 0 ? .noMatch : .success
  }
}

/// Writes or counts the wanted records of a session.
final class FilterLoop: RecordLoop {
  private let conditions: Filter
  private(set) var filter: RecordFilter
  private let limit: Int?
  private let isCounting: Bool
  private let format: OutputFormat?
  private var writer: RecordWriter
  private var isInvocationSeen = false

  init(_ conditions: Filter, format: OutputFormat?, limit: Int?, isCounting: Bool) {
    self.conditions = conditions
    self.format = format
    self.limit = limit
    self.isCounting = isCounting
    filter = RecordFilter(conditions)
    writer = RecordWriter(format: format)
  }

  /// A copy for another thread.
  func copy() -> FilterLoop { FilterLoop(conditions, format: format, limit: limit, isCounting: isCounting) }

  /// Adds the statistics of another thread's loop.
  func merge(_ other: FilterLoop) { filter.merge(other.filter) }

  let framer: any BareFramer = RefusingFramer(
    "XDR without record marking; event-filter reads ContractInvocation and ContractEvent records, which invocation-extract writes",
    for: .eventFilter)

  func run(_ session: inout Session) throws {
    while try session.next() {
      do throws(RecordError) {
        guard try isWanted(&session) else { continue }
      } catch {
        if case .inapplicable = error { throw Failure.usage(error.description(of: session.reader.record)) }
        try session.skip(Failure(error, session.reader, ledger: filter.ledger))
        continue
      }
      if !isCounting {
        do { try writer.write(&session, filter.kind) } catch let error as Failure {
          try session.skip(error)
          continue
        }
      }
      if isCounting || limit != nil { session.found(limit ?? .max) }
    }
  }

  private func isWanted(_ session: inout Session) throws(RecordError) -> Bool {
    let isLine = session.reader.framing == .lines
    let isWanted =
      isLine ? try filter.selects(line: session.reader.record) : try filter.selects(record: session.reader.record)
    if let ledger = filter.ledger { session.count(ledger: ledger) }
    if !isInvocationSeen, filter.kind == .contractInvocation {
      isInvocationSeen = true
      session.warnOnce("conditions", name: "invocations", conditions.invocationWarnings.map { Diagnostic($0) })
    }
    // The filter may decide before the end of a record; a line at the end of the input may be truncated after that.
    if !isWanted, isLine, !session.reader.isLineEnded { try filter.validate(line: session.reader.record) }
    return isWanted
  }
}
