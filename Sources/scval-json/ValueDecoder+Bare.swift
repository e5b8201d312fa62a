import Bytes
import CommandLineTools
import StellarXDR
import Streams

// Values back to back without framing: each ends where its type says.

extension ValueDecoder {
  /// How far the next value goes. Whether the bytes are values of the type at all is looked at where a FILE begins (`isFirst`): nothing of what
  /// is something else is to be written, because its first bytes may well look like a value. What may be either is ledgers, unless the type
  /// was asked for.
  func extent(of bytes: RawSpan, isFirst: Bool, atEnd: Bool, isTypeGiven: Bool) throws(BadValue) -> Extent {
    if isFirst {
      if !isTypeGiven, let ledgers = ledgers(bytes) { throw BadValue(what: ledgers, offset: 0) }
      try expectValues(bytes, atEnd: atEnd)
    }
    var cursor = Cursor(bytes)
    do throws(XDRError) { try schema.skip(type, &cursor) } catch {
      if error.isTruncation, !atEnd { return .more(atLeast: max(1, error.value - Int64(bytes.byteCount))) }
      // What is cut off behind good values is of their type.
      let hint = error.isTruncation && !isFirst ? "" : TypeHint.text(for: error, type, bytes)
      throw BadValue(error, type, bytes, offset: error.offset, hint: hint)
    }
    return .record(length: cursor.position)
  }

  private var schema: Schema { .shared }

  private func expectValues(_ bytes: RawSpan, atEnd: Bool) throws(BadValue) {
    var cursor = Cursor(bytes)
    while !cursor.isAtEnd {
      let start = cursor.position
      do throws(XDRError) { try schema.skip(type, &cursor) } catch {
        if error.isTruncation && !atEnd { return }
        if let ledgers = ledgers(bytes) { throw BadValue(what: ledgers, offset: 0) }
        if let other = TypeHint.other(than: type, bytes) {
          let value = bytes.extracting(start..<bytes.byteCount)
          throw BadValue(
            what: schema.message(for: error, in: type, value) + "; --type \(other) reads it", offset: error.offset)
        }
        return
      }
    }
  }

  /// What to say of the bytes if they are ledgers. These are long, so only their beginning may be there.
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

  /// What is right for so many bytes of a ledger is one: its header has about as many.
  private static var longHeader: Int { 300 }
}
