import Bytes
import Ledgers
import StellarXDR
import Streams

/// Finds the ends of ledgers without framing, alone or in a LedgerCloseMetaBatch.
final class LedgerFramer {
  /// The ledgers that the header of a LedgerCloseMetaBatch announced and that were not read yet.
  struct Batch {
    private(set) var remaining: UInt32 = 0
    private(set) var next: UInt32 = 0

    enum Beginning {
      case ledger(at: Int)
      case more(atLeast: Int64)
      /// Neither a ledger nor a batch.
      case neither
    }

    /// Finds the next ledger, after the header of a batch if one begins here.
    mutating func begin(_ bytes: RawSpan) -> Beginning {
      if remaining > 0 { return .ledger(at: 0) }
      if bytes.byteCount < 12 { return .more(atLeast: Int64(12 - bytes.byteCount)) }
      guard LedgerCloseMeta.isBatch(bytes) else { return .ledger(at: 0) }
      let (first, last, count) = (bytes.word(at: 0), bytes.word(at: 4), bytes.word(at: 8))
      guard last >= first, last - first < .max, count == last - first + 1 else { return .neither }
      (remaining, next) = (count, first)
      return .ledger(at: 12)
    }

    /// Counts a ledger. Returns false if the batch should have another one here.
    mutating func count(_ sequence: UInt32) -> Bool {
      if remaining == 0 { return true }
      guard sequence == next else { return false }
      (remaining, next) = (remaining - 1, next &+ 1)
      return true
    }
  }

  var batch = Batch()
  private var ledger = LedgerCloseMeta()
  private static let type = Schema.shared.id("LedgerCloseMeta")

  /// Nil at the end of the FILE, or if the bytes cannot be read: then the loop reports what is wrong.
  func extent(of bytes: RawSpan, atEnd: Bool) -> Extent? {
    if atEnd { return nil }
    var batch = batch
    let skip: Int
    switch batch.begin(bytes) {
    case .ledger(let start): skip = start
    case .more(let missing): return .more(atLeast: missing)
    case .neither: return nil
    }
    let rest = bytes.extracting(skip..<bytes.byteCount)
    var cursor = Cursor(rest)
    do throws(XDRError) {
      try Schema.shared.skip(Self.type, &cursor)
      if batch.remaining > 0 {
        var header = Cursor(rest)
        try ledger.readHeader(&header)
        guard batch.count(ledger.sequence) else { return nil }
      }
    } catch {
      return error.isTruncation ? .more(atLeast: max(1, Int64(skip) + error.value - Int64(bytes.byteCount))) : nil
    }
    self.batch = batch
    return .record(skip: skip, length: cursor.position, moreFollow: batch.remaining > 0)
  }
}
