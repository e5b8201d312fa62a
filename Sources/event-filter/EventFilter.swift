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

/// Invocations and events in, the wanted ones out (specification, section 7).
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
    var filter = RecordFilter(conditions)
    var writer = RecordWriter(format: options.output)
    var found = 0
    let isCounting = selection.count
    var isAtEnd = false
    var isInvocationSeen = false
    while found < limit {
      guard try session.nextRecord() else {
        isAtEnd = true
        break
      }
      do throws(RecordError) {
        let isLine = session.reader.framing == .lines
        let isWanted =
          isLine ? try filter.selects(line: session.reader.record) : try filter.selects(record: session.reader.record)
        if let ledger = filter.ledger { session.counters.count(ledger: ledger) }
        if !isInvocationSeen, filter.kind == .contractInvocation {
          isInvocationSeen = true
          for text in conditions.invocationWarnings { session.messages.warn("conditions", Diagnostic(text)) }
        }
        if !isWanted {
          // Where the input ends in the middle of a line, what was looked at can be whole.
          if isLine, !session.reader.isLineEnded { try filter.validate(line: session.reader.record) }
          continue
        }
      } catch {
        if case .inapplicable = error { throw Failure.usage(error.description(of: session.reader.record)) }
        try session.skip(Failure(error, session.reader, ledger: filter.ledger))
        continue
      }
      found += 1
      if isCounting { continue }
      do { try writer.write(&session, filter.kind) } catch let error as Failure {
        found -= 1
        try session.skip(error)
      }
    }
    if isCounting {
      session.output.buffer.append(utf8: "\(found)\n")
      try session.finishRecords(0)
    }
    // With a part of the input unread, nothing can be said of what was not found.
    if isAtEnd {
      for remark in wanted.remarks(filter, found: found) { session.messages.warn(remark.kind, Diagnostic(remark.text)) }
    }
    return selection.exitStatus && found == 0 ? .noMatch : .success
  }
}
