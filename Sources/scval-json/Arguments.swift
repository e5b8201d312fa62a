import ArgumentParser
import Bytes
import CommandLineTools
import Invocations
import StellarXDR
import Streams

/// `--type`: a type of the schema, whatever the case of its name.
struct TypeName: ExpressibleByArgument {
  let id: TypeID

  static let scval = TypeName(id: Schema.shared.scval)

  init(id: TypeID) { self.id = id }

  init?(argument: String) {
    guard let id = Schema.shared.type(named: argument) else { return nil }
    self.id = id
  }

  var defaultValueDescription: String { "SCVal" }
  static var defaultCompletionKind: CompletionKind { .list(Schema.shared.types.map(\.name)) }
}

/// `--spec`: `FILE`, `CONTRACT_ID=FILE`, or `asset`.
struct SpecFile: ExpressibleByArgument {
  let path: String
  let contract: Hash32?

  /// The word for no file, but the events of asset contracts, which are known without one.
  var isAsset: Bool { contract == nil && path == "asset" }

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    // A file's name may hold an equals sign; what stands before one is a contract only if it looks like one.
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
    do throws(SpecError) { try specs.add(file.bytes, contract: contract) } catch {
      throw Failure(Diagnostic(error.what, file: path, offset: error.offset))
    }
  }
}
