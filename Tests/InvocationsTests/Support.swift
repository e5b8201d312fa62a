// Ledgers to transactions to invocations through the room's own API, the way the tools use it.

import Bytes
import Invocations
import StellarJSON
import StellarXDR
import Streams
import TestSupport

/// The LedgerTransaction records of a ledger; nil where none of its envelopes was signed for the network.
func transactions(of ledger: [UInt8], network: Network) throws -> [[UInt8]]? {
  var cursor = Cursor(ledger.bytes)
  var meta = LedgerCloseMeta()
  try meta.readHeader(&cursor)
  try meta.readBody(&cursor, network: network)
  try Schema.shared.expectEnd(type("LedgerCloseMeta"), cursor)
  var pairing = Pairing()
  pairing.index(meta.envelopes)
  var records: [[UInt8]] = []
  for index in meta.processed.indices {
    guard let envelope = pairing.envelope(meta.processed[index].hash, in: meta.envelopes) else { return nil }
    let transaction = LedgerTransaction(meta, index, envelope: meta.envelopes[envelope].range, network: network)
    var out = ByteBuffer()
    transaction.write(ledger.bytes, into: &out)
    records.append(out.bytes.copied)
  }
  return records
}

/// What is asked of an extraction.
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

/// A record in its NDJSON form, as the tools write it.
func line(_ name: String, _ record: [UInt8]) throws -> String { try rendered(type(name), record, style: .raw) }

/// The ledgers of our own.
enum Testdata {
  static let network = Network("local")

  static func ledgers(_ name: String = "ledgers.xdr") -> [[UInt8]] { markedRecords(Repository.bytes(Repository.testdata(name))) }

  static func transactions(_ name: String = "ledgers.xdr") throws -> [[UInt8]] {
    try ledgers(name).flatMap { ledger in
      guard let records = try InvocationsTests.transactions(of: ledger, network: network) else {
        throw Unpaired(ledger: ledger.count)
      }
      return records
    }
  }

  struct Unpaired: Error { let ledger: Int }

  /// The transaction of that ledger at that place.
  static func transaction(ledger: UInt32, index: UInt32) throws -> [UInt8] {
    let found = try transactions().first { record in
      record.bytes.word(at: 36) == ledger && record.bytes.word(at: 52) == index
    }
    guard let found else { throw Unpaired(ledger: Int(ledger)) }
    return found
  }
}

/// Real ledgers, in whatever container.
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

  /// Hands each ledger's bytes to `body`.
  func forEach(_ body: ([UInt8]) throws -> Void) throws {
    var reader = RecordReader(InputFiles([path]), maximumRecord: 1 << 28)
    var output = Output(descriptor: -1)
    var batch: UInt32 = 0
    while true {
      switch try reader.next(&output) {
      case .end: return
      case .record: try body(reader.record.copied)
      case .unframed: reader.frame(Self.extent(of: reader.unframed, &batch))
      }
    }
  }

  /// A LedgerCloseMeta, or the header of a LedgerCloseMetaBatch and its first one.
  private static func extent(of bytes: RawSpan, _ batch: inout UInt32) -> Extent {
    guard bytes.byteCount >= 12 else { return .more(atLeast: Int64(12 - bytes.byteCount)) }
    let skip = bytes.word(at: 0) > 2 ? 12 : 0
    let left = skip == 0 ? batch : bytes.word(at: 8)
    var cursor = Cursor(bytes, at: skip)
    do throws(XDRError) { try Schema.shared.skip(type("LedgerCloseMeta"), &cursor) } catch {
      return .more(atLeast: max(1, error.value - Int64(bytes.byteCount)))
    }
    batch = left > 0 ? left - 1 : 0
    return .record(skip: skip, length: cursor.position - skip, moreFollow: batch > 0)
  }
}
