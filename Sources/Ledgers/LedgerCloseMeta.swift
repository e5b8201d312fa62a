import Bytes
import StellarXDR

/// The parts of one LedgerCloseMeta (protocol section 2), as positions. Reading it checks all of it, so that a ledger with damage
/// anywhere produces no output.
///
/// ```
///   v | ext | header | tx set: envelopes … | processing: result, fees, meta, … | upgrades | scp | state size | evicted | unused
///      (v>0)                                 (post fees: v=2)                                 (v>0)        (v>0)     (v=1)
/// ```
package struct LedgerCloseMeta {
  /// An envelope of the transaction set.
  package struct Envelope {
    package var range: Range<Int>
    package var hash: Hash32
    package var isSoroban: Bool
  }

  /// The effects of one transaction, in apply order.
  package struct Processed {
    package var hash: Hash32
    package var result: Range<Int>
    package var feeChanges: Range<Int>
    package var meta: Range<Int>
    package var postFeeChanges: Range<Int>?
    /// The events of earlier transactions in the ledger; nil if they are not counted.
    package var eventsBefore: EventsBefore?
  }

  package var version: UInt32 = 0
  package var hash = Hash32(0, 0, 0, 0)
  /// The LedgerHeader.
  package var header = 0..<0
  package var previousHash = Hash32(0, 0, 0, 0)
  package var sequence: UInt32 = 0
  package var closedAt: UInt64 = 0
  package var protocolVersion: UInt32 = 0
  /// The hashes of the transaction set and the results in the header; `Verification` recomputes them.
  package var transactionSetHash = Hash32(0, 0, 0, 0)
  package var resultSetHash = Hash32(0, 0, 0, 0)
  /// The TransactionSet or GeneralizedTransactionSet.
  package var transactionSet = 0..<0
  /// The network agreed on an empty set, which has no hash, instead of a proposed one (CAP-83).
  package var isSkipped = false
  package var envelopes: [Envelope] = []
  package var processed: [Processed] = []

  /// Whether to count the events of transactions. A selection of transactions needs the counts for its event ids.
  package var countsEvents = false

  private var envelope = TransactionEnvelope()

  package init() {}

  /// Reads version and header, and replaces the previous ledger; `readBody` continues.
  package mutating func readHeader(_ cursor: inout Cursor) throws(XDRError) {
    let types = WalkTypes.shared
    sequence = 0
    version = try cursor.expectDiscriminant(in: 0...2)
    if version > 0 { try cursor.skip(types.ledgerCloseMetaExt) }
    hash = try cursor.hash()
    let start = cursor.position
    protocolVersion = try cursor.uint32()
    previousHash = try cursor.hash()
    transactionSetHash = try cursor.hash()
    closedAt = try cursor.uint64()
    for _ in 0..<(try cursor.count(minimum: 4, atMost: 6)) { _ = try cursor.opaqueRange(atMost: 128) }
    let ext = try cursor.range(types.stellarValueExt)
    isSkipped = cursor.bytes.word(at: ext.lowerBound) == 2
    resultSetHash = try cursor.hash()
    try cursor.skip(32)  // bucket list hash
    sequence = try cursor.uint32()
    try cursor.skip(8 + 8 + 4 + 8 + 4 + 4 + 4 + 4 * 32)
    try cursor.skip(types.ledgerHeaderExt)
    header = start..<cursor.position
    try cursor.skip(types.ledgerHeaderHistoryEntryExt)
  }

  /// Reads the rest. Envelopes are hashed for `network`; without a network they are only skipped.
  package mutating func readBody(_ cursor: inout Cursor, network: Network?) throws(XDRError) {
    let types = WalkTypes.shared
    envelopes.removeAll(keepingCapacity: true)
    processed.removeAll(keepingCapacity: true)
    let start = cursor.position
    if version == 0 {
      try cursor.skip(32)
      try readEnvelopes(&cursor, network)
    } else {
      try readTransactionSet(&cursor, network)
    }
    transactionSet = start..<cursor.position
    try readProcessing(&cursor)
    try cursor.skipArray(of: types.upgradeEntryMeta)
    try cursor.skipArray(of: types.scpHistoryEntry)
    if version > 0 {
      try cursor.skip(8)
      try cursor.skipArray(of: types.ledgerKey)
    }
    if version == 1 { try cursor.skipArray(of: types.ledgerEntry) }
  }

  // MARK: the transaction set

  private mutating func readTransactionSet(_ cursor: inout Cursor, _ network: Network?) throws(XDRError) {
    try cursor.expectDiscriminant(in: 1...1)
    try cursor.skip(32)
    for _ in 0..<(try cursor.count(minimum: 8)) {
      if try cursor.expectDiscriminant(in: 0...1) == 0 {
        for _ in 0..<(try cursor.count(minimum: 12)) {
          try cursor.expectDiscriminant(in: 0...0)
          try skipBaseFee(&cursor)
          try readEnvelopes(&cursor, network)
        }
      } else {
        try skipBaseFee(&cursor)
        for _ in 0..<(try cursor.count(minimum: 4)) {
          for _ in 0..<(try cursor.count(minimum: 4)) { try readEnvelopes(&cursor, network) }
        }
      }
    }
  }

  private func skipBaseFee(_ cursor: inout Cursor) throws(XDRError) {
    if try cursor.flag() { try cursor.skip(8) }
  }

  private mutating func readEnvelopes(_ cursor: inout Cursor, _ network: Network?) throws(XDRError) {
    for _ in 0..<(try cursor.count(minimum: 8)) {
      try envelope.read(&cursor)
      guard let network else { continue }
      envelopes.append(
        Envelope(
          range: envelope.range, hash: network.transactionHash(envelope, cursor.bytes), isSoroban: envelope.isSoroban))
    }
  }

  // MARK: results and meta

  private mutating func readProcessing(_ cursor: inout Cursor) throws(XDRError) {
    let types = WalkTypes.shared
    var events = EventsBefore()
    for _ in 0..<(try cursor.count(minimum: 60)) {
      if version == 2 { try cursor.extensionPoint() }
      let hash = try cursor.hash()
      let result = try cursor.range(types.transactionResult)
      let feeChanges = try cursor.range(types.ledgerEntryChanges)
      let before = events
      let start = cursor.position
      if countsEvents { try cursor.skipTransactionMeta(counting: &events) } else { try cursor.skip(types.transactionMeta) }
      let meta = start..<cursor.position
      let post = version == 2 ? try cursor.range(types.ledgerEntryChanges) : nil
      processed.append(
        Processed(
          hash: hash, result: result, feeChanges: feeChanges, meta: meta, postFeeChanges: post,
          eventsBefore: countsEvents ? before : nil))
    }
  }
}
