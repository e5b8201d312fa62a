// Extracts transactions from ledgers as ledger-split does.

import Bytes
import Ledgers
import StellarJSON
import StellarXDR

/// The LedgerTransaction records of a ledger; nil if none of its envelopes was signed for the network.
package func transactions(of ledger: [UInt8], network: Network) throws -> [[UInt8]]? {
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

/// A record in its NDJSON form, as the tools write it.
package func line(_ name: String, _ record: [UInt8]) throws -> String { try rendered(type(name), record, style: .raw) }

/// The ledgers of testdata.
package enum Testdata {
  package static let network = Network("local")

  package static func ledgers(_ name: String = "ledgers.xdr") -> [[UInt8]] {
    markedRecords(Repository.bytes(Repository.testdata(name)))
  }

  package static func transactions(_ name: String = "ledgers.xdr") throws -> [[UInt8]] {
    try ledgers(name).flatMap { ledger in
      guard let records = try TestSupport.transactions(of: ledger, network: network) else {
        throw Unpaired(ledger: ledger.count)
      }
      return records
    }
  }

  struct Unpaired: Error { let ledger: Int }

  /// The transaction with this index in this ledger.
  package static func transaction(ledger: UInt32, index: UInt32) throws -> [UInt8] {
    let found = try transactions().first { record in
      record.bytes.word(at: 36) == ledger && record.bytes.word(at: 52) == index
    }
    guard let found else { throw Unpaired(ledger: Int(ledger)) }
    return found
  }
}
