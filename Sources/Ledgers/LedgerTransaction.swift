import Bytes
import StellarXDR

/// One transaction with the context of its ledger (specification, section 3): the record between `ledger-split` and
/// `invocation-extract`. The ranges are positions in the bytes that it was read from.
package struct LedgerTransaction {
  package var networkID: Hash32
  package var ledgerSequence: UInt32
  package var closedAt: UInt64
  /// Nil if the source does not contain it (RPC `getTransactions`).
  package var protocolVersion: UInt32?
  /// Apply order, 1-based.
  package var index: UInt32
  package var hash: Hash32
  package var envelope: Range<Int>
  package var result: Range<Int>
  package var feeChanges: Range<Int>
  package var meta: Range<Int>
  package var postFeeChanges: Range<Int>?
  /// The names of its parts in the source.
  package var names = PartNames.record
  /// The events of earlier transactions in the ledger; nil if the record does not contain the counts.
  package var eventsBefore: EventsBefore?

  /// The names of envelope, result and meta in messages.
  package struct PartNames: Sendable {
    package var envelope, result, meta: StaticString

    /// The names in a record.
    package static let record = PartNames(envelope: "envelope_xdr", result: "result_xdr", meta: "meta_xdr")
  }
}

extension LedgerTransaction {
  /// Reads a record in its XDR form.
  package init(record: RawSpan) throws(XDRError) {
    var cursor = Cursor(record)
    try cursor.expectDiscriminant(in: RecordKind.ledgerTransactionMark...RecordKind.ledgerTransactionMark + 1)
    networkID = try cursor.hash()
    ledgerSequence = try cursor.uint32()
    closedAt = try cursor.uint64()
    protocolVersion = try cursor.uint32()
    index = try cursor.uint32()
    hash = try cursor.hash()
    envelope = try cursor.opaqueRange()
    result = try cursor.opaqueRange()
    feeChanges = try cursor.opaqueRange()
    meta = try cursor.opaqueRange()
    postFeeChanges = try cursor.flag() ? try cursor.opaqueRange() : nil
    if cursor.isSecondVersion {
      var before = EventsBefore()
      before.beforeAllTransactions = try cursor.uint32()
      before.afterAllTransactions = try cursor.uint32()
      eventsBefore = before
    }
    try Schema.shared.expectEnd(Self.type, cursor)
  }

  // Kept, because looking up a type by name takes longer than reading the record.
  private static let type = Schema.shared.id("LedgerTransaction")

  /// The transaction with apply order `index` (from 0) of a ledger. `envelope` and the ledger's ranges are positions in the same
  /// bytes.
  package init(_ ledger: LedgerCloseMeta, _ index: Int, envelope: Range<Int>, network: Network) {
    let processed = ledger.processed[index]
    networkID = network.id
    ledgerSequence = ledger.sequence
    closedAt = ledger.closedAt
    protocolVersion = ledger.protocolVersion
    self.index = UInt32(index + 1)
    hash = processed.hash
    self.envelope = envelope
    result = processed.result
    feeChanges = processed.feeChanges
    meta = processed.meta
    postFeeChanges = processed.postFeeChanges
    eventsBefore = processed.eventsBefore
  }

  /// Writes the record in its XDR form. The ranges are positions in `bytes`.
  package func write(_ bytes: RawSpan, into out: inout ByteBuffer) {
    out.append(bigEndian: RecordKind.ledgerTransactionMark + (eventsBefore == nil ? 0 : 1))
    out.append(networkID)
    out.append(bigEndian: ledgerSequence)
    out.append(bigEndian: closedAt)
    out.append(bigEndian: protocolVersion ?? 0)
    out.append(bigEndian: index)
    out.append(hash)
    for part in [envelope, result, feeChanges, meta] { out.append(opaque: bytes.extracting(part)) }
    out.append(flag: postFeeChanges != nil)
    if let postFeeChanges { out.append(opaque: bytes.extracting(postFeeChanges)) }
    guard let eventsBefore else { return }
    out.append(bigEndian: eventsBefore.beforeAllTransactions)
    out.append(bigEndian: eventsBefore.afterAllTransactions)
  }
}

extension LedgerTransaction {
  /// The SEP-35 id of an operation: ledger, apply order and operation in one number. Operations count from 0 here, and from 1 in
  /// the id.
  package func toid(ofOperation operation: Int) -> Int64 {
    Int64(ledgerSequence & 0x7FFF_FFFF) << 32 | Int64(index & 0xFFFFF) << 12 | Int64((operation + 1) & 0xFFF)
  }

  /// A placeholder until a transaction is read.
  package static let none = LedgerTransaction(
    networkID: Hash32(0, 0, 0, 0), ledgerSequence: 0, closedAt: 0, protocolVersion: nil, index: 0, hash: Hash32(0, 0, 0, 0),
    envelope: 0..<0, result: 0..<0, feeChanges: 0..<0, meta: 0..<0, postFeeChanges: nil)

  /// The message of an error in the transaction, with its path: `meta_xdr.v4.operations[0].changes[3]: …`.
  package func words(for error: XDRError, _ bytes: RawSpan) -> String {
    let parts: [(StaticString, StaticString, Range<Int>)] = [
      (names.envelope, "TransactionEnvelope", envelope), (names.result, "TransactionResult", result),
      (names.meta, "TransactionMeta", meta),
    ]
    for (name, type, range) in parts where error.offset >= range.lowerBound && error.offset <= range.upperBound {
      var inside = error
      inside.offset -= range.lowerBound
      return Schema.shared.message(for: inside, in: Schema.shared.id(type), bytes.extracting(range), under: name.description)
    }
    return error.description(.shared)
  }
}
