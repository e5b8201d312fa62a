import ArgumentParser
import Bytes
import CommandLineTools
import ContractSpecs
import StellarJSON
import StellarXDR
import Streams

/// The value of `--type`: a type of the schema. The case of its name is ignored.
struct TypeName: ExpressibleByArgument {
  let id: TypeID
  /// Whether the user gave it.
  let isGiven: Bool

  static let scval = TypeName(id: Schema.shared.scval, isGiven: false)

  private init(id: TypeID, isGiven: Bool) {
    self.id = id
    self.isGiven = isGiven
  }

  init?(argument: String) {
    guard let id = Schema.shared.type(named: argument) else { return nil }
    self.init(id: id, isGiven: true)
  }

  var defaultValueDescription: String { "SCVal" }
  static var defaultCompletionKind: CompletionKind { .list(Schema.shared.types.map(\.name)) }
}

/// A value of `--spec`: `FILE`, `CONTRACT_ID=FILE`, or `asset`.
struct SpecFile: ExpressibleByArgument {
  let path: String
  let contract: Hash32?

  /// Whether this is the word for the built-in events of asset contracts instead of a file.
  var isAsset: Bool { contract == nil && path == "asset" }

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    // A file's name may contain an equals sign, so the text before it must look like a contract id.
    guard parts.count == 2, parts[0].utf8.count == 56, parts[0].hasPrefix("C") else {
      path = argument
      contract = nil
      return
    }
    var id = ByteBuffer(capacity: 64)
    guard Strkey.decode(Array(parts[0].utf8).bytes, into: &id) == Strkey.contract else { return nil }
    path = String(parts[1])
    contract = Hash32(id.bytes)
  }

  func read(atMost limit: Int, into specs: inout ContractSpecs) throws {
    let file = try readWhole(path, atMost: limit)
    do throws(DataError) { try specs.add(file.bytes, contract: contract) } catch {
      throw Failure(Diagnostic(error.what, file: path, offset: error.offset.map { Int64($0) }))
    }
  }
}

/// The value of `--style`: how values are written.
enum Style: String, ExpressibleByArgument, CaseIterable { case sep51, native, proto }

/// The options for the types and the positions of the values.
struct ValueOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The type of base64 lines, fields and XDR (see --list-types).", valueName: "name"))
  var type = TypeName.scval

  @Flag(help: "List the types that --type takes.")
  var listTypes = false

  @Option(
    help: ArgumentHelp(
      "Where base64 values are in lines of JSON: a.b[].c (repeatable; default: every {\"xdr\":\"…\"}).", valueName: "path"))
  var field: [String] = []
}

/// The options for the output of values.
struct WritingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      How values are written: sep51, exactly and reversibly; native, as plain JSON; proto, ContractInvocation records as the \
      protobuf-JSON of ContractInvocationEvent.
      """, valueName: "style"))
  var style = Style.sep51

  @Option(
    help: ArgumentHelp(
      """
      Give the values of invocations and events the names and types that a contract declares in FILE: a .wasm, or its SCSpecEntry \
      values as XDR, base64 or JSON. CONTRACT_ID=FILE applies to that contract only; the word asset, to the events of asset contracts, \
      which have their names with any FILE, too (repeatable).
      """, valueName: "file"), completion: .file())
  var spec: [SpecFile] = []

  @Flag(help: "Encode: SEP-51 JSON to base64 lines, or to record-marked XDR with -o xdr.")
  var encode = false
}
