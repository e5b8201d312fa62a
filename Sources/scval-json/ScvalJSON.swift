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

/// Decodes XDR values to JSON and encodes them again (specification, section 6).
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
      try decode(for: "--style proto", &session) { ProtoRenderer() }
    } else if !spec.isEmpty {
      let (specs, style) = (try specs(), valueStyle)
      try decode(for: "--spec", &session) { SpecRenderer(specs, style: style) }
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
    let loop = DecodeLoop(
      type.id, valueStyle, field.isEmpty ? nil : FieldPaths(field), ValueFramer(type.id, isTypeGiven: type.isGiven))
    for case let other as DecodeLoop in try session.run(loop, copy: { loop.copy() }) { loop.merge(other) }
    guard session.counters.recordsIn > 0 else { return }
    for (path, suggestion) in loop.unseenFields {
      let hint = suggestion.map { "; did you mean '\($0)'?" } ?? ""
      session.messages.warn(
        "paths that do not lead to a string", Diagnostic("--field \(path): no line has a string there\(hint)"))
    }
  }

  /// Decodes records for an option that applies only to ContractInvocation and ContractEvent records.
  private func decode<Rendering: InvocationRenderer & ~Copyable>(
    for option: String, _ session: inout Session, _ renderer: @escaping () -> Rendering
  ) throws {
    let loop = RenderLoop(renderer(), option)
    // Report the count after an error too.
    defer { session.report(loop.omissions) }
    _ = try session.run(loop, copy: { RenderLoop(renderer(), option) })
  }

  private func encode(_ session: inout Session) throws {
    let (type, format) = (type.id, outputFormat ?? .ndjson)
    _ = try session.run(EncodeLoop(type, format), copy: { EncodeLoop(type, format) })
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
  /// Reports how many values could not be written as requested, counted over all loops.
  mutating func report(_ omissions: Omissions) {
    let count = self.omissions
    counters.more = [(omissions.counter, count)]
    if count > 0 { messages.warn(omissions.counter, Diagnostic("\(omissions.words): \(count)")) }
  }
}
