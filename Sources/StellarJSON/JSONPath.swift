import Bytes

/// The member of a JSON text that stands at an offset, for messages: `contract_call.arguments[2].vec[0]: `, or nothing at the top. Of a
/// long one the two ends.
package func jsonPath(to offset: Int, in text: RawSpan) -> String {
  var cursor = JSONCursor(text)
  var path = ""
  _ = try? locate(offset, &cursor, &path)
  if path.isEmpty { return "" }
  if path.hasPrefix(".") { path.removeFirst() }
  if path.count > 160 { path = "\(path.prefix(80))…\(path.suffix(60))" }
  return path + ": "
}

/// Passes over a value that ends before `offset` and returns false; else adds to `path` where the offset is.
private func locate(_ offset: Int, _ cursor: inout JSONCursor, _ path: inout String) throws(JSONError) -> Bool {
  let first = try cursor.peek()
  guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
    do throws(JSONError) { try cursor.skipValue() } catch { return true }
    return cursor.position > offset
  }
  let isObject = first == UInt8(ascii: "{")
  guard cursor.position < offset else { return true }
  guard try isObject ? cursor.beginObject() : cursor.beginArray() else { return cursor.position > offset }
  try cursor.enter()
  var index = 0
  repeat {
    var step = "[\(index)]"
    if isObject {
      let name = try cursor.memberName()
      step = "." + cursor.slice(name.content).text
    }
    var inside = ""
    if (try? locate(offset, &cursor, &inside)) ?? true {
      path += step + inside
      return true
    }
    index += 1
  } while try cursor.next(before: UInt8(ascii: isObject ? "}" : "]"))
  cursor.depth -= 1
  return cursor.position > offset
}
