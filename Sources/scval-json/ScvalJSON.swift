import ArgumentParser
import Bytes
import CommandLineTools
import ContractSpecs
import Invocations
import Ledgers
import Proto
import StellarJSON
import StellarXDR
import Streams

/// The tool, for the executables.
package let scvalJSON: any Tool.Type = ScvalJSON.self

/// XDR values in, JSON values out, and back (specification, section 6).
struct ScvalJSON: Tool {
  static let about = About(
    name: "scval-json", abstract: "Decode XDR values to JSON, and encode them again.", role: .transform,
    reads: ["soroban-pipes.contract_invocation.v1", "soroban-pipes.contract_event.v1", "soroban-pipes.ledger_transaction.v1"],
    writes: [
      "soroban-pipes.contract_invocation.v1", "soroban-pipes.contract_event.v1", "soroban-pipes.ledger_transaction.v1",
      RecordID.invocation.named, RecordID.event.named,
    ],
    values: [.sep51, .native],
    notes: """
      Reads lines of JSON and replaces every {"xdr":"…"} by its value; or lines of base64; or XDR, record-marked or back to back. \
      Everything else in a line stays as it is. Writes one line of JSON for each value or record.
      """,
    examples: [
      About.Example("one value", "echo AAAADwAAAAh0cmFuc2Zlcg== | scval-json"),
      About.Example("readable invocations", "ledger-split ledgers/*.xdr.zst | invocation-extract | scval-json --style native"),
      About.Example(
        "rows of an RPC server's getEvents",
        "jq -c '.result.events[]' | scval-json --style native --field 'topic[]' --field value"),
      About.Example(
        "with the names that a contract declares",
        "invocation-extract < transactions | scval-json --style native --spec contract.wasm"),
    ])

  @OptionGroup(title: "What the values are") var values: ValueOptions
  @OptionGroup(title: "How they are written") var writing: WritingOptions
  @OptionGroup(title: "Input, output and messages") var options: StreamOptions

  var outputFormat: OutputFormat? { options.output ?? .ndjson }

  private var type: TypeName { values.type }
  private var field: [String] { values.field }
  private var style: Style { writing.style }
  private var spec: [SpecFile] { writing.spec }

  mutating func validate() throws {
    let encode = writing.encode
    if field.count > FieldPaths.maximumCount { throw ValidationError("at most \(FieldPaths.maximumCount) fields can be named") }
    if FieldPaths(field) == nil {
      throw ValidationError("'\(field.joined(separator: " "))' is not a list of paths such as topic[] or a.b[].c")
    }
    if encode, style != .sep51 || !field.isEmpty || !spec.isEmpty {
      throw ValidationError("--encode reads SEP-51; --style, --field and --spec can't be combined with it")
    }
    if style == .proto || !spec.isEmpty, !field.isEmpty || type.id != TypeName.scval.id {
      let option = style == .proto ? "--style proto" : "--spec"
      throw ValidationError("\(option) is for ContractInvocation records; --field and --type can't be combined with it")
    }
    if style == .proto, !spec.isEmpty {
      throw ValidationError(
        "--spec needs --style native or sep51; the messages of --style proto have no field for declared names")
    }
    if !encode, options.output == .xdr { throw ValidationError("-o xdr needs --encode; decoded values are JSON") }
  }

  func run(_ session: inout Session) throws -> ExitStatus {
    if values.listTypes {
      try list(&session)
    } else if writing.encode {
      try encode(&session)
    } else if style == .proto {
      var renderer = ProtoRenderer()
      try decode(with: &renderer, for: "--style proto", &session)
    } else if !spec.isEmpty {
      var renderer = SpecRenderer(try specs(), style: valueStyle)
      try decode(with: &renderer, for: "--spec", &session)
    } else {
      try decode(&session)
    }
    return .success
  }

  private var valueStyle: ValueStyle { style == .native ? .native : .sep51 }

  private func specs() throws -> ContractSpecs {
    var specs = ContractSpecs()
    for file in spec where !file.isAsset { try file.read(atMost: options.maximumRecord.bytes, into: &specs) }
    try specs.addAssetEvents()
    return specs
  }

  private func decode(_ session: inout Session) throws {
    var decoder = ValueDecoder(type: type.id, style: valueStyle, fields: field.isEmpty ? nil : FieldPaths(field))
    let second = SecondDecoder(decoder.copy(), keepGoing: session.keepGoing)
    let batches = [DecoderBatch(second), DecoderBatch(second)]
    let isTypeGiven = values.type.isGiven
    while try next(decoder, &session, isTypeGiven: isTypeGiven) {
      let size = session.reader.record.byteCount
      let isLarge = decoder.needsOutline(size, session.reader.framing)
      if isLarge {
        try session.make(size)
        decoder.outline.begin(session.output.buffer)
      } else if session.reader.framing != .bare,
        // Without framing this thread looks at each value anyway; what was given away would have to be settled before each.
        try session.give(size, to: batches, add: { $0.add($1.record, $1.framing, at: $1.place) })
      {
        continue
      }
      defer { if isLarge { decoder.outline.end() } }
      do throws(BadValue) {
        try decoder.decode(session.reader.record, session.reader.framing, into: &session.output.buffer)
      } catch {
        try session.skip(Failure(error.diagnostic(at: session.reader.place)))
        continue
      }
      session.output.buffer.append(UInt8(ascii: "\n"))
      if isLarge, !decoder.outline.gaps.isEmpty {
        try writeParts(decoder, batches, &session)
      } else {
        try session.finishRecords()
        while decoder.hasMore { try writeNext(&decoder, &session) }
      }
    }
    // The other thread has nothing to do any more.
    warn(of: second.unseenFields(with: decoder), &session)
  }

  /// Moves to the next record; false at the end. Without framing it is the next value.
  private func next(_ decoder: borrowing ValueDecoder, _ session: inout Session, isTypeGiven: Bool) throws -> Bool {
    while true {
      switch try session.next() {
      case .end: return false
      case .record: return true
      case .unframed(let atEnd):
        let place = session.reader.unframedPlace
        do throws(BadValue) {
          let extent = try decoder.extent(
            of: session.reader.unframed, isFirst: place.offset == 0, atEnd: atEnd, isTypeGiven: isTypeGiven)
          session.reader.frame(extent)
        } catch {
          if let other = session.reader.foreignError { throw Failure(other) }
          // Nothing tells where the next value begins.
          throw Failure(error.diagnostic(at: place))
        }
      }
    }
  }

  /// Writes another value of the line that was decoded last.
  private func writeNext(_ decoder: inout ValueDecoder, _ session: inout Session) throws {
    do throws(BadValue) { try decoder.decodeNext(of: session.reader.record, into: &session.output.buffer) } catch {
      throw Failure(error.diagnostic(at: session.reader.place))
    }
    session.output.buffer.append(UInt8(ascii: "\n"))
    try session.finishRecords()
  }

  private func warn(of unseen: [(path: String, meant: String?)], _ session: inout Session) {
    guard session.counters.recordsIn > 0 else { return }
    for (path, meant) in unseen {
      let hint = meant.map { "; did you mean '\($0)'?" } ?? ""
      session.messages.warn(
        "paths that do not lead to a string", Diagnostic("--field \(path): no line has a string there\(hint)"))
    }
  }

  /// Writes a large record while two threads fill the gaps of its outline.
  private func writeParts(_ decoder: borrowing ValueDecoder, _ batches: [DecoderBatch], _ session: inout Session) throws {
    let outline = decoder.outline
    outline.take(from: &session.output.buffer)
    let last = outline.gaps.count - 1
    for (index, gap) in outline.gaps.enumerated() {
      let isGiven = try session.give(gap.text.count + gap.bytes.count, isPart: true, to: batches) {
        $0.add(gap, of: $1.record, $1.framing, decoder, isLast: index == last)
      }
      if isGiven { continue }
      outline.appendText(before: gap, to: &session.output.buffer)
      decoder.withBytes(for: gap, in: session.reader.record, session.reader.framing) {
        decoder.fill(gap.filling, $0, into: &session.output.buffer)
      }
      if index == last { try session.finishRecords() } else { try session.finishPart() }
    }
  }

  /// Decodes ContractInvocation records, the only ones that `option` is for.
  private func decode<Rendering: InvocationRenderer & ~Copyable>(
    with renderer: inout Rendering, for option: String, _ session: inout Session
  ) throws {
    var decoder = InvocationDecoder(option: option)
    defer { session.report(renderer.shortfall) }
    while try session.nextValue(tool: "\(option) reads record-marked XDR") {
      do throws(BadValue) {
        guard try decoder.decode(session.reader.record, session.reader.framing, &renderer, into: &session.output.buffer) else {
          continue
        }
      } catch {
        try session.skip(Failure(error.diagnostic(at: session.reader.place)))
        continue
      }
      session.output.buffer.append(UInt8(ascii: "\n"))
      try session.finishRecords()
    }
  }

  private func encode(_ session: inout Session) throws {
    var encoder = ValueEncoder(type: type.id, format: outputFormat ?? .ndjson)
    while try session.nextValue(tool: "scval-json --encode reads lines of JSON") {
      do { try encoder.encode(session.reader.record, session.reader.framing, &session.output) } catch let error as BadValue {
        try session.skip(Failure(error.diagnostic(at: session.reader.place)))
        continue
      }
      try session.finishRecords()
    }
  }

  private func list(_ session: inout Session) throws {
    for type in Schema.shared.types {
      session.output.buffer.append(utf8: type.name)
      session.output.buffer.append(UInt8(ascii: "\n"))
    }
    try session.finishRecords(Schema.shared.types.count)
  }
}

extension Session {
  /// Moves to the next record; false at the end. XDR without framing is refused.
  mutating func nextValue(tool: String) throws -> Bool {
    switch try next() {
    case .end: return false
    case .record: return true
    case .unframed:
      if let error = reader.foreignError { throw Failure(error) }
      throw Failure(Diagnostic("XDR without record marking; \(tool)", at: reader.unframedPlace))
    }
  }

  mutating func report(_ shortfall: Shortfall) {
    counters.more = [(shortfall.counter, shortfall.count)]
    if shortfall.count > 0 { messages.warn(shortfall.counter, Diagnostic("\(shortfall.words): \(shortfall.count)")) }
  }
}
