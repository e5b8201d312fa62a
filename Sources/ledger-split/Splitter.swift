import Bytes
import CommandLineTools
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// Writes the transactions of a ledger, or the ledger itself.
struct Splitter: ~Copyable {
  let format: OutputFormat
  let byLedger: Bool

  private var selection: TransactionSelection
  private var record = ByteBuffer(capacity: 64 << 10)
  /// Nil for XDR, because a renderer takes some milliseconds to make.
  private let renderer: Renderer?
  private let transactionType = Schema.shared.id("LedgerTransaction")

  init(network: Network, format: OutputFormat, onlySoroban: Bool, hashes: Set<Hash32>, byLedger: Bool) {
    self.init(
      TransactionSelection(network: network, onlySoroban: onlySoroban, hashes: hashes), format, byLedger: byLedger,
      format == .ndjson ? Renderer(style: .raw, of: Schema.shared.id("LedgerTransaction")) : nil)
  }

  private init(_ selection: consuming TransactionSelection, _ format: OutputFormat, byLedger: Bool, _ renderer: Renderer?) {
    self.selection = selection
    self.format = format
    self.byLedger = byLedger
    self.renderer = renderer
  }

  /// A copy for another thread.
  func copy() -> Splitter {
    Splitter(
      TransactionSelection(network: selection.network, onlySoroban: selection.onlySoroban, hashes: selection.hashes), format,
      byLedger: byLedger, renderer?.copy())
  }

  /// The hashes of `--tx` that were not found yet.
  var unseenHashes: Set<Hash32> { selection.unseenHashes }

  /// Appends the wanted records of a ledger to the output's buffer. Returns their number.
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
      // The whole ledger is valid, so its transactions need not stay in the buffer, which would take much memory.
      if bytes.byteCount > Output.large { try output.finishRecord() }
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
