// What the standard library does for any type, here for the few that are used: its own code would be made once more for each of them, and be a
// fiftieth of the module. Members of this module hide the library's of the same name.

/// Decimal digits behind a sign or none; nil where it is something else, or has more than 64 bits.
private func decimal(_ text: Substring.UTF8View) -> (isNegative: Bool, magnitude: UInt64)? {
  var digits = text
  let sign = digits.first
  let isNegative = sign == UInt8(ascii: "-")
  if isNegative || sign == UInt8(ascii: "+") { digits.removeFirst() }
  if digits.isEmpty { return nil }
  var magnitude: UInt64 = 0
  for digit in digits {
    guard (48...57).contains(digit) else { return nil }
    let (tens, isTooLarge) = magnitude.multipliedReportingOverflow(by: 10)
    let (sum, isPastEnd) = tens.addingReportingOverflow(UInt64(digit &- 48))
    if isTooLarge || isPastEnd { return nil }
    magnitude = sum
  }
  return (isNegative, magnitude)
}

extension UInt64 {
  init?(_ text: Substring) {
    guard let number = decimal(text.utf8), !number.isNegative || number.magnitude == 0 else { return nil }
    self = number.magnitude
  }

  init?(_ text: String) { self.init(text[...]) }
}

extension UInt32 {
  init?(_ text: Substring) {
    guard let number = UInt64(text) else { return nil }
    self.init(exactly: number)
  }

  init?(_ text: String) { self.init(text[...]) }
}

extension Int64 {
  init?(_ text: String) {
    guard let number = decimal(text[...].utf8) else { return nil }
    if !number.isNegative {
      self.init(exactly: number.magnitude)
    } else if number.magnitude <= Int64.min.magnitude {
      self.init(truncatingIfNeeded: 0 &- number.magnitude)
    } else {
      return nil
    }
  }
}

extension Int {
  init?(_ text: String) {
    guard let number = Int64(text) else { return nil }
    self.init(exactly: number)
  }

  init?(_ text: Substring) { self.init(String(text)) }
}

extension Array {
  /// By insertion, and stable: what is sorted is a few ranges, or the members of a type.
  func sorted(by precedes: (Element, Element) -> Bool) -> [Element] {
    var sorted: [Element] = []
    sorted.reserveCapacity(count)
    for element in self {
      var place = sorted.count
      while place > 0, precedes(element, sorted[place - 1]) { place -= 1 }
      sorted.insert(element, at: place)
    }
    return sorted
  }
}
