import Bytes
import StellarXDR

/// The advice for bytes that are not a value of the expected type: the type that they have, or a reference to `--type`.
enum TypeHint {
  /// Types that occur by themselves: in files, in responses of RPC servers, in databases. If the bytes are values of two of them,
  /// there is no advice.
  private static let common: [StaticString] = [
    "SCVal", "TransactionEnvelope", "TransactionResult", "TransactionResultPair", "TransactionMeta", "TransactionEvent",
    "ContractEvent", "DiagnosticEvent", "LedgerCloseMeta", "LedgerCloseMetaBatch", "LedgerHeader", "LedgerHeaderHistoryEntry",
    "LedgerEntry", "LedgerEntryData", "LedgerEntryChanges", "LedgerKey", "SorobanTransactionData", "SorobanAuthorizationEntry",
    "GeneralizedTransactionSet", "TransactionHistoryEntry", "TransactionHistoryResultEntry", "SCPHistoryEntry", "BucketEntry",
    "HotArchiveBucketEntry", "SCSpecEntry", "SCMetaEntry", "SCEnvMetaEntry",
  ]

  /// Fewer bytes than this may be a valid value of many types by chance.
  private static let fewBytes = 16

  /// `; --type TransactionEnvelope reads it`. Empty for a value that is only nested too deeply. `isMarked`: the input itself
  /// states the type.
  static func text(for error: XDRError, _ type: TypeID, _ bytes: RawSpan, isMarked: Bool = false) -> String {
    if error.fact == .tooDeep { return "" }
    if let other = other(than: type, bytes) { return "; --type \(other) reads it" }
    return isMarked ? "" : "; is it of the type \(Schema.shared.describe(node: type.node))? (see --type)"
  }

  /// The only other type of which the bytes are a value; or else the only one of which they are several values back to back.
  static func other(than type: TypeID, _ bytes: RawSpan) -> StaticString? {
    if bytes.byteCount < fewBytes { return nil }
    let schema = Schema.shared
    let others = common.map { (name: $0, id: schema.id($0)) }.filter { $0.id != type }
    let single = others.filter { (try? schema.validate($0.id, bytes)) != nil }
    if single.count == 1 { return single[0].name }
    guard single.isEmpty else { return nil }
    let several = others.filter { schema.areValues($0.id, bytes) }
    return several.count == 1 ? several[0].name : nil
  }
}

/// Text that is not base64 although it was read as such, with what it looks like.
enum OtherText: String {
  case hex = "this looks like hex; pipe it through xxd -r -p | base64 -w 0"
  case strkey = "this is a strkey, not XDR in base64"
  case urlSafe = "URL-safe base64; pipe it through tr -- '-_' '+/'"
  case words = "this is plain text, neither base64 nor JSON"

  /// Nil for text that may be base64.
  init?(_ text: RawSpan) {
    var letters = Letters()
    for offset in 0..<text.byteCount { letters.count(text[offset]) }
    if letters.areHex(text) {
      self = .hex
    } else if text.isStrkey {
      self = .strkey
    } else if letters.hasSpaces {
      self = .words
    } else if letters.isURLSafe {
      self = .urlSafe
    } else {
      return nil
    }
  }

  /// The kinds of characters in a text.
  private struct Letters {
    var hasSpaces = false
    private var hasDigits = false
    private var hasOthers = false
    private var hasDashes = false
    private var hexDigits = 0

    var isURLSafe: Bool { hasDashes && !hasOthers }

    mutating func count(_ byte: UInt8) {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        hasDigits = true
        hexDigits += 1
      case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): hexDigits += 1
      case UInt8(ascii: "-"), UInt8(ascii: "_"): hasDashes = true
      case UInt8(ascii: "g")...UInt8(ascii: "z"), UInt8(ascii: "G")...UInt8(ascii: "Z"), UInt8(ascii: "="): break
      case UInt8(ascii: "+"), UInt8(ascii: "/"): hasOthers = true
      default:
        hasOthers = true
        hasSpaces = hasSpaces || byte <= 0x20 || byte >= 0x7F
      }
    }

    /// Whether a text is XDR in hex: complete words, with a prefix or not. Such text nearly always contains a decimal digit.
    func areHex(_ text: RawSpan) -> Bool {
      let hasPrefix = text.byteCount > 2 && text[0] == UInt8(ascii: "0") && text[1] | 0x20 == UInt8(ascii: "x")
      let count = text.byteCount - (hasPrefix ? 2 : 0)
      return hasDigits && count >= 8 && count % 8 == 0 && hexDigits == count + (hasPrefix ? 1 : 0)
    }
  }
}

extension RawSpan {
  fileprivate var isStrkey: Bool {
    var payload = ByteBuffer(capacity: 128)
    return Strkey.decode(self, into: &payload) != nil
  }
}
