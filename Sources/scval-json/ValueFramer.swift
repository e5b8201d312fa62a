import Bytes
import StellarJSON
import StellarXDR

/// Finds the ends of values back to back.
final class ValueFramer: BareFramer {
  private let type: TypeID
  private let isTypeGiven: Bool

  init(_ type: TypeID, isTypeGiven: Bool) { (self.type, self.isTypeGiven) = (type, isTypeGiven) }

  /// At the start of a FILE this checks whether the bytes are values of the type at all, because the first bytes of other data may
  /// look like a value, and nothing of such data must be written. Bytes that can be either are taken for ledgers, unless the user
  /// gave the type.
  func extent(
    of bytes: RawSpan, at offset: Int64, atEnd: Bool, announced: inout AnnouncedRecords
  ) throws(DataError) -> Extent {
    if offset == 0 {
      if !isTypeGiven, let ledgers = ledgers(bytes) { throw DataError(ledgers) }
      try expectValues(bytes, atEnd: atEnd)
    }
    var cursor = Cursor(bytes)
    do throws(XDRError) { try schema.skip(type, &cursor) } catch {
      if error.isTruncation, !atEnd { return .more(atLeast: max(1, error.value - Int64(bytes.byteCount))) }
      // The type is right if valid values come before the truncated one.
      let hint = error.isTruncation && offset > 0 ? "" : TypeHint.text(for: error, type, bytes)
      throw DataError(error, type, bytes, offset: error.offset, hint: hint)
    }
    return .record(length: cursor.position)
  }

  private var schema: Schema { .shared }

  private func expectValues(_ bytes: RawSpan, atEnd: Bool) throws(DataError) {
    var cursor = Cursor(bytes)
    while !cursor.isAtEnd {
      let start = cursor.position
      do throws(XDRError) { try schema.skip(type, &cursor) } catch {
        if error.isTruncation && !atEnd { return }
        if let ledgers = ledgers(bytes) { throw DataError(ledgers) }
        if let other = TypeHint.other(than: type, bytes) {
          let value = bytes.extracting(start..<bytes.byteCount)
          throw DataError(error, type, value, offset: error.offset, hint: "; --type \(other) reads it")
        }
        return
      }
    }
  }

  /// The message for bytes that are ledgers; nil for others. Ledgers are long, so only the beginning may be available.
  private func ledgers(_ bytes: RawSpan) -> String? {
    for name in ["LedgerCloseMeta", "LedgerCloseMetaBatch"] as [StaticString] where schema.id(name) != type {
      var cursor = Cursor(bytes)
      do throws(XDRError) { try schema.skip(schema.id(name), &cursor) } catch {
        guard error.isTruncation, error.offset >= Self.longHeader else { continue }
      }
      return "this is a \(name); ledger-split makes transactions from it, and --type \(name) decodes all of it"
    }
    return nil
  }

  /// A truncated ledger is recognized by this many valid bytes, about the size of its header.
  private static var longHeader: Int { 300 }
}
