// Extracts invocations from transactions as the tools do.

import Bytes
import Invocations
import Ledgers
import StellarXDR
import Streams
import TestSupport

/// The options of an extraction.
struct Options: Sendable {
  var parts = InvocationParts.standard
  var footprintOps = false
  var omitUnchanged = false

  static let all = Options(footprintOps: true)
}

/// The ContractInvocation records of a LedgerTransaction record.
func invocations(of transaction: [UInt8], _ options: Options = Options()) throws -> [[UInt8]] {
  var extractor = InvocationExtractor()
  extractor.parts = options.parts
  if options.footprintOps { extractor.types = Set(InvocationType.allCases) }
  extractor.omitsUnchanged = options.omitUnchanged
  var out = ByteBuffer()
  try extractor.extract(LedgerTransaction(record: transaction.bytes), transaction.bytes, into: &out)
  return extractor.records.map { out.bytes($0.range).copied }
}

/// Real ledgers in any container.
struct RealLedgers: Sendable {
  let path: String
  let passphrase: String

  static func all() -> [RealLedgers] {
    guard let root = Repository.realLedgers else { return [] }
    let networks = [
      "pubnet-run": "pubnet", "pubnet": "pubnet", "testnet": "testnet", "core": "(V) (;,,;) (V)", "loadtest": "load test network",
    ]
    return networks.sorted { $0.key < $1.key }.flatMap { folder, network in
      Repository.files(in: "\(root)/\(folder)", ending: ".zst").map { path in
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        let special = name.hasPrefix("standalone") ? "local" : name.hasPrefix("applyload") ? "Apply Load" : network
        return RealLedgers(path: path, passphrase: special)
      }
    }
  }

  /// Calls `body` with the bytes of each ledger.
  func forEach(_ body: ([UInt8]) throws -> Void) throws {
    var reader = RecordReader(InputFiles([path]), maximumRecord: 1 << 28)
    var output = Output(descriptor: -1)
    reader.framer = LedgerReader()
    while try reader.next(&output) { try body(reader.record.copied) }
  }
}
