import Bytes

extension ByteBuffer {
  /// Unix seconds as RFC 3339 in UTC: `2026-06-20T11:02:33Z`. Years beyond 9999 have more than four digits.
  package mutating func append(time seconds: UInt64) {
    let (days, second) = seconds.quotientAndRemainder(dividingBy: 86_400)
    let (year, month, day) = civilDate(days)
    if year < 10_000 { appendDigits(year, count: 4) } else { append(decimal: year) }
    append(UInt8(ascii: "-"))
    appendDigits(month, count: 2)
    append(UInt8(ascii: "-"))
    appendDigits(day, count: 2)
    append(UInt8(ascii: "T"))
    appendDigits(second / 3600, count: 2)
    append(UInt8(ascii: ":"))
    appendDigits(second / 60 % 60, count: 2)
    append(UInt8(ascii: ":"))
    appendDigits(second % 60, count: 2)
    append(UInt8(ascii: "Z"))
  }
}

/// The Gregorian date of a day counted from 1970-01-01. Years start on 1 March, so that the leap day is the last day, and are
/// grouped into eras of 400 years.
private func civilDate(_ days: UInt64) -> (year: UInt64, month: UInt64, day: UInt64) {
  let shifted = days + 719_468
  let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shiftedMonth = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
  let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

/// Days from 1970-01-01 to a Gregorian date, negative before it; nil for a date that does not exist.
private func dayNumber(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64? {
  guard (1...12).contains(month), day >= 1 else { return nil }
  let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  guard day <= lengths[Int(month) - 1], year >= 1, year < 1_000_000_000_000 else { return nil }
  let shiftedYear = month <= 2 ? year - 1 : year
  let era = shiftedYear / 400
  let yearOfEra = shiftedYear - era * 400
  let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

/// Unix seconds of an RFC 3339 time: `2026-06-20T11:02:33Z`. Drops an optional fraction and accepts any offset. Nil for other
/// text, and for times before 1970.
package func unixSeconds(rfc3339 text: RawSpan) -> UInt64? {
  var offset = 0
  func digits(_ count: ClosedRange<Int>) -> Int64? {
    var value: Int64 = 0
    var read = 0
    while offset < text.byteCount, read < count.upperBound, (48...57).contains(text[offset]) {
      value = value * 10 + Int64(text[offset] - 48)
      offset += 1
      read += 1
    }
    return read >= count.lowerBound ? value : nil
  }
  func accept(_ characters: StaticString) -> Bool {
    guard offset < text.byteCount else { return false }
    for character in characters.description.utf8 where text[offset] == character {
      offset += 1
      return true
    }
    return false
  }
  guard let year = digits(4...12), accept("-"), let month = digits(2...2), accept("-"), let day = digits(2...2), accept("Tt "),
    let hour = digits(2...2), hour < 24, accept(":"), let minute = digits(2...2), minute < 60, accept(":"),
    let second = digits(2...2), second <= 60, let days = dayNumber(year, month, day)
  else { return nil }
  if accept("."), digits(1...30) == nil { return nil }
  // The seconds of a twelve-digit year do not fit into 64 bits.
  var seconds = Int128(days) * 86_400 + Int128(hour * 3600 + minute * 60 + second)
  if !accept("Zz") {
    let isEast = accept("+")
    guard isEast || accept("-"), let hours = digits(2...2), accept(":"), let minutes = digits(2...2) else { return nil }
    seconds += Int128((isEast ? -1 : 1) * (hours * 3600 + minutes * 60))
  }
  return offset == text.byteCount ? UInt64(exactly: seconds) : nil
}
