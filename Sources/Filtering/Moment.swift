import Bytes
import StellarJSON

/// Times and durations from the command line and from requests.
enum Moment {
  /// The end of the year 9999. A later number is not in seconds.
  private static let last: UInt64 = 253_402_300_799

  /// The Unix seconds of an RFC 3339 time or of a number. Ledgers close on whole seconds, so a fractional start rounds up to the
  /// next second.
  static func seconds(_ text: String, roundingUp: Bool) throws(UsageError) -> UInt64 {
    if text.utf8.allSatisfy({ $0.isDigit }), let seconds = UInt64(text) {
      try refuseOtherUnits(seconds)
      return seconds
    }
    guard let seconds = unixSeconds(rfc3339: Array(text.utf8).bytes) else {
      throw UsageError("'\(text)' is not a time such as 2026-06-20T11:02:33Z or 1781953353")
    }
    let fraction = text.utf8.drop { $0 != UInt8(ascii: ".") }.dropFirst().prefix { $0.isDigit }
    return roundingUp && fraction.contains { $0 != UInt8(ascii: "0") } ? seconds + 1 : seconds
  }

  /// The same, or a date, which is a whole day in UTC: returns its first second, or its last one for an end.
  static func seconds(orDate text: String, isEnd: Bool) throws(UsageError) -> UInt64 {
    let day = text.utf8.count == 10 ? unixSeconds(rfc3339: Array("\(text)T00:00:00Z".utf8).bytes) : nil
    if let day { return isEnd ? day + 86_399 : day }
    return try seconds(text, roundingUp: !isEnd)
  }

  private static func refuseOtherUnits(_ number: UInt64) throws(UsageError) {
    guard number > last else { return }
    var (unit, perSecond) = ("milliseconds", 1000 as UInt64)
    if number / perSecond > last { (unit, perSecond) = ("microseconds", 1_000_000) }
    if number / perSecond > last { (unit, perSecond) = ("nanoseconds", 1_000_000_000) }
    throw UsageError("'\(number)' seems to be in \(unit); give the time in seconds, such as \(number / perSecond)")
  }

  /// The seconds of `90s`, `15m`, `1h`, `2d`, `1w`, or of a combination: `1h30m`. `now`: the maximum.
  static func duration(_ text: String, before now: UInt64) throws(UsageError) -> UInt64 {
    var total: UInt64 = 0
    var isTooLong = false
    var rest = text[...].utf8
    repeat {
      let digits = rest.prefix { $0.isDigit }
      rest = rest.dropFirst(digits.count)
      guard !digits.isEmpty, let unit = rest.popFirst().flatMap({ seconds(unit: $0) }) else {
        throw UsageError("'\(text)' is not a duration such as 15m, 1h or 2d")
      }
      let (product, isOverflow) = (UInt64(Substring(digits)) ?? .max).multipliedReportingOverflow(by: unit)
      let (sum, isSumOverflow) = total.addingReportingOverflow(product)
      isTooLong = isTooLong || isOverflow || isSumOverflow || sum > now
      total = sum
    } while !rest.isEmpty
    if isTooLong { throw UsageError("'\(text)' begins before 1970") }
    return total
  }

  private static func seconds(unit: UInt8) -> UInt64? {
    switch unit {
    case UInt8(ascii: "s"): 1
    case UInt8(ascii: "m"): 60
    case UInt8(ascii: "h"): 3600
    case UInt8(ascii: "d"): 86_400
    case UInt8(ascii: "w"): 604_800
    default: nil
    }
  }
}
