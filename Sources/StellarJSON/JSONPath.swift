import Bytes

/// The path to an offset in a JSON text, for messages: `contract_call.arguments[2].vec[0]: `. Empty at the top level. A long
/// path is shortened to its two ends.
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

/// A position in an open object or array.
private enum PathStep {
  /// The range of the member's name in the text.
  case member(Range<Int>)
  case element(Int)
}

/// Skips values until the cursor is at the offset; `steps` is then the path to it. After an error it is the path to the container
/// with the error.
private func locate(_ offset: Int, _ cursor: inout JSONCursor, _ steps: inout [PathStep]) throws(JSONError) {
  // Holds one step for each open container. The last one is removed until the next step is known.
  while true {
    let first = try cursor.peek()
    let isObject = first == UInt8(ascii: "{")
    if isObject || first == UInt8(ascii: "[") {
      guard cursor.position < offset else { return }
      if try isObject ? cursor.beginObject() : cursor.beginArray() {
        steps.append(try step(&cursor, isObject ? nil : 0))
        continue
      }
    } else {
      try cursor.skipValue()
    }
    // After a value: continue with the next one, and leave the containers that end here.
    while true {
      guard cursor.position <= offset, let last = steps.popLast() else { return }
      var index: Int?
      if case .element(let number) = last { index = number + 1 }
      if try cursor.next(before: UInt8(ascii: index == nil ? "}" : "]")) {
        steps.append(try step(&cursor, index))
        break
      }
    }
  }
}

private func step(_ cursor: inout JSONCursor, _ index: Int?) throws(JSONError) -> PathStep {
  if let index { return .element(index) }
  return .member(try cursor.memberName().content)
}
