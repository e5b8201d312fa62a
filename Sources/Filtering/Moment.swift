import Bytes
import StellarJSON

/// Times and durations as they are given on the command line and in requests.
enum Moment {
  /// Unix seconds of RFC 3339, or of themselves. Ledgers close on whole seconds: what is asked from a part of one on begins with the next.
  static func seconds(_ text: String, roundingUp: Bool) throws(UsageError) -> UInt64 {
    if text.utf8.allSatisfy(\.isDigit), let seconds = UInt64(text) { return seconds }
    guard let seconds = unixSeconds(rfc3339: Array(text.utf8).bytes) else {
      throw UsageError("'\(text)' is no time such as 2026-06-20T11:02:33Z or 1781953353")
    }
    let fraction = text.utf8.drop { $0 != UInt8(ascii: ".") }.dropFirst().prefix(while: \.isDigit)
    return roundingUp && fraction.contains { $0 != UInt8(ascii: "0") } ? seconds + 1 : seconds
  }

  /// Seconds of `90s`, `15m`, `1h`, `2d`, `1w`, or of several of these: `1h30m`.
  static func duration(_ text: String) throws(UsageError) -> UInt64 {
    var total: UInt64 = 0
    var rest = Substring(text)
    repeat {
      let digits = rest.prefix { $0.isASCII && $0.isWholeNumber }
      rest = rest.dropFirst(digits.count)
      let units: [Character: UInt64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
      guard let number = UInt64(digits), let unit = rest.popFirst().flatMap({ units[$0] }), number < 1 << 40 else {
        throw UsageError("--recent: '\(text)' is no duration such as 15m, 1h or 2d")
      }
      total += number * unit
    } while !rest.isEmpty
    return total
  }
}
