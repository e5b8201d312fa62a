import Bytes

/// The member of a JSON text that stands at an offset, for messages: `contract_call.arguments[2].vec[0]: `, or nothing at the top. Of a
/// long one the two ends.
package func jsonPath(to offset: Int, in text: RawSpan) -> String {
  var cursor = JSONCursor(text)
  var steps: [PathStep] = []
  try? locate(offset, &cursor, &steps)
  if steps.isEmpty { return "" }
  var path = ""
  for step in steps {
    switch step {
    case .member(let name): path += (path.isEmpty ? "" : ".") + text.extracting(name).text
    case .element(let index): path += "[\(index)]"
    }
  }
  if path.count > 160 { path = "\(path.prefix(80))…\(path.suffix(60))" }
  return path + ": "
}

/// Where in an object or array that is open.
private enum PathStep {
  /// The name, where it stands in the text.
  case member(Range<Int>)
  case element(Int)
}

/// Passes over values until it stands where the offset is; `steps` then lead there. An error is in the object or array that they lead to.
private func locate(_ offset: Int, _ cursor: inout JSONCursor, _ steps: inout [PathStep]) throws(JSONError) {
  // Of each value that is open the step in it; the last one is taken out while the next is not known.
  while true {
    let first = try cursor.peek()
    let isObject = first == UInt8(ascii: "{")
    if isObject || first == UInt8(ascii: "[") {
      guard cursor.position < offset else { return }
      if try isObject ? cursor.beginObject() : cursor.beginArray() {
        try cursor.enter()
        steps.append(try step(&cursor, isObject ? nil : 0))
        continue
      }
    } else {
      try cursor.skipValue()
    }
    // Behind a value: on to the next one, out of what ends with it.
    while true {
      guard cursor.position <= offset, let last = steps.popLast() else { return }
      var index: Int?
      if case .element(let number) = last { index = number + 1 }
      if try cursor.next(before: UInt8(ascii: index == nil ? "}" : "]")) {
        steps.append(try step(&cursor, index))
        break
      }
      cursor.depth -= 1
    }
  }
}

private func step(_ cursor: inout JSONCursor, _ index: Int?) throws(JSONError) -> PathStep {
  if let index { return .element(index) }
  return .member(try cursor.memberName().content)
}
