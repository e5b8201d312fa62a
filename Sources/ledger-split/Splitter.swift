import Bytes
import CommandLineTools
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// Writes the transactions of a ledger that was read, or the ledger itself.
struct Splitter: ~Copyable {
  let format: OutputFormat
  let byLedger: Bool

  private var selection: TransactionSelection
  private var record = ByteBuffer(capacity: 64 << 10)
  /// Only where lines are written: it takes some milliseconds to make.
  private let renderer: Renderer?
  private let transactionType = Schema.shared.id("LedgerTransaction")

  init(network: Network, format: OutputFormat, onlySoroban: Bool, hashes: Set<Hash32>, byLedger: Bool) {
    selection = TransactionSelection(network: network, onlySoroban: onlySoroban, hashes: hashes)
    self.format = format
    self.byLedger = byLedger
    renderer = format == .ndjson ? Renderer(style: .raw, of: transactionType) : nil
  }

  /// The hashes of `--tx` that no transaction had so far.
  var unseenHashes: Set<Hash32> { selection.unseenHashes }

  /// Appends what is wanted of a ledger to the output's buffer, and says how many records that is.
  mutating func split(_ ledger: LedgerCloseMeta, _ bytes: RawSpan, _ output: inout Output) throws -> Int {
    if byLedger {
      try write(ledger: bytes, &output)
      return 1
    }
    try selection.pair(ledger)
    var written = 0
    for index in ledger.processed.indices {
      guard let transaction = try selection.transaction(index, of: ledger, bytes) else { continue }
      try write(transaction, bytes, &output)
      written += 1
      // All of the ledger is good: its transactions need not wait for each other, where they would take much memory.
      if bytes.byteCount > Output.mostBeside { try output.finishRecord() }
    }
    return written
  }

  private mutating func write(_ transaction: LedgerTransaction, _ bytes: RawSpan, _ output: inout Output) throws {
    guard let renderer else {
      output.beginMarkedRecord()
      transaction.write(bytes, into: &output.buffer)
      return try output.endMarkedRecord()
    }
    record.truncate(to: 0)
    transaction.write(bytes, into: &record)
    try output.append(line: record.bytes, transactionType, by: renderer)
  }

  private func write(ledger: RawSpan, _ output: inout Output) throws {
    if format == .xdr { return try output.finish(ledger, isLine: false) }
    output.buffer.append(base64: ledger)
    output.buffer.append(UInt8(ascii: "\n"))
  }
}
