import Bytes
import Ledgers
import StellarXDR
import Streams

/// Finds the ends of ledgers without framing, alone or in a LedgerCloseMetaBatch.
final class LedgerFramer {
  /// The ledgers that the header of a LedgerCloseMetaBatch announced and that were not read yet.
  struct Batch {
    var remaining: UInt32 = 0
    var next: UInt32 = 0
  }

  var batch = Batch()
  private var ledger = LedgerCloseMeta()
  private static let type = Schema.shared.id("LedgerCloseMeta")

  /// Nil at the end of the FILE, or if the bytes cannot be read: then the loop reports what is wrong.
  func extent(of bytes: RawSpan, atEnd: Bool) -> Extent? {
    if atEnd { return nil }
    var (skip, batch) = (0, batch)
    if batch.remaining == 0 {
      if bytes.byteCount < 12 { return .more(atLeast: Int64(12 - bytes.byteCount)) }
      if LedgerCloseMeta.isBatch(bytes) {
        let (first, last, count) = (bytes.word(at: 0), bytes.word(at: 4), bytes.word(at: 8))
        guard last >= first, last - first < .max, count == last - first + 1 else { return nil }
        (batch, skip) = (Batch(remaining: count, next: first), 12)
      }
    }
    let rest = bytes.extracting(skip..<bytes.byteCount)
    var cursor = Cursor(rest)
    do throws(XDRError) {
      try Schema.shared.skip(Self.type, &cursor)
      if batch.remaining > 0 {
        var header = Cursor(rest)
        try ledger.readHeader(&header)
        guard ledger.sequence == batch.next else { return nil }
        batch.remaining -= 1
        batch.next &+= 1
      }
    } catch {
      return error.isTruncation ? .more(atLeast: max(1, Int64(skip) + error.value - Int64(bytes.byteCount))) : nil
    }
    self.batch = batch
    return .record(skip: skip, length: cursor.position, moreFollow: batch.remaining > 0)
  }
}
