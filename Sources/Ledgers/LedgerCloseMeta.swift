import Bytes
import StellarXDR

/// Where the parts of one LedgerCloseMeta stand (protocol section 2). Reading it checks all of it, so that nothing is written of a ledger
/// that is damaged anywhere.
///
/// ```
///   v | ext | header | transaction set: envelopes … | processing: result, fees, meta, … | upgrades | scp | state size | evicted | unused
///      (v>0)                                          (post fees: v=2)                                 (v>0)        (v>0)     (v=1)
/// ```
package struct LedgerCloseMeta {
  /// An envelope of the transaction set.
  package struct Envelope {
    package var range: Range<Int>
    package var hash: Hash32
    package var isSoroban: Bool
  }

  /// What applying one transaction did, in apply order.
  package struct Processed {
    package var hash: Hash32
    package var result: Range<Int>
    package var feeChanges: Range<Int>
    package var meta: Range<Int>
    package var postFeeChanges: Range<Int>?
    /// Events of the transactions before it; nil where they are not counted.
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
  /// What the header says about the transaction set and the results; `Verification` computes them again.
  package var transactionSetHash = Hash32(0, 0, 0, 0)
  package var resultSetHash = Hash32(0, 0, 0, 0)
  /// The TransactionSet or GeneralizedTransactionSet.
  package var transactionSet = 0..<0
  /// The network agreed on an empty set in place of one that was proposed (CAP-83), which has no hash.
  package var isSkipped = false
  package var envelopes: [Envelope] = []
  package var processed: [Processed] = []

  /// Whether the events of transactions are counted: for a selection of transactions, whose ids of events need it.
  package var countsEvents = false

  private var envelope = TransactionEnvelope()

  package init() {}

  /// Reads version and header, in place of the ledger before; `readBody` goes on.
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
    try cursor.skip(32)  // hash of the bucket list
    sequence = try cursor.uint32()
    try cursor.skip(8 + 8 + 4 + 8 + 4 + 4 + 4 + 4 * 32)
    try cursor.skip(types.ledgerHeaderExt)
    header = start..<cursor.position
    try cursor.skip(types.ledgerHeaderHistoryEntryExt)
  }

  /// Reads the rest. Envelopes are hashed for `network`; without one they are only passed over.
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
