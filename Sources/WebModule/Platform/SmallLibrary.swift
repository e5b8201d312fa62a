// Replacements for generic functions of the standard library, for the few types that need them. The library's own code would be
// compiled again for each type. Members of this module shadow the library's members of the same name.

/// Decimal digits with an optional sign; nil for other text, or if the number does not fit into 64 bits.
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
  /// A stable merge sort, because contract interfaces, which can have any number of declarations, are sorted with it.
  func sorted(by precedes: (Element, Element) -> Bool) -> [Element] {
    var (from, to) = (self, self)
    var width = 1
    while width < count {
      var start = 0
      while start < count {
        let (middle, end) = (Swift.min(start + width, count), Swift.min(start + 2 * width, count))
        var (left, right) = (start, middle)
        for place in start..<end {
          let takesRight = left == middle || right < end && precedes(from[right], from[left])
          to[place] = from[takesRight ? right : left]
          if takesRight { right += 1 } else { left += 1 }
        }
        start = end
      }
      swap(&from, &to)
      width *= 2
    }
    return from
  }
}
