extension Schema {
  /// The path to an error in a value: `v2.tx_processing[3].tx_apply_processing.v4.operations[0]`. Empty for the value itself.
  ///
  /// It walks the value a second time and tracks the path, so that valid values do not pay for it.
  package func path(toErrorIn type: TypeID, _ bytes: RawSpan) -> String {
    var cursor = Cursor(bytes)
    var path = ""
    var steps = 0
    _ = locate(type.node, &cursor, &path, &steps)
    return path.hasPrefix(".") ? String(path.dropFirst()) : path
  }

  /// The message of an error. A handwritten walk knows the offset but not always the type; then the schema finds it.
  private func words(for error: XDRError, in type: TypeID, _ bytes: RawSpan) -> String {
    var named = error
    if error.node < 0 {
      var cursor = Cursor(bytes)
      do throws(XDRError) { try skip(type.node, &cursor) } catch let found {
        if found.fact == error.fact, found.offset == error.offset { named = found }
      }
    }
    return named.description(self)
  }

  /// The message with its path, which can begin with a name: `meta_xdr.v4.operations[0].ext: ExtensionPoint has no arm 1`.
  package func message(for error: XDRError, in type: TypeID, _ bytes: RawSpan, under name: String = "") -> String {
    let path = [name, path(toErrorIn: type, bytes)].filter { !$0.isEmpty }.joined(separator: ".")
    return (path.isEmpty ? "" : "\(path): ") + words(for: error, in: type, bytes)
  }

  /// The maximum depth of a path: each level walks the bytes before the error again.
  private static let longestPath = 48

  /// Skips a valid value and returns false; otherwise appends the place of the error to `path` and returns true.
  private func locate(_ index: Int32, _ cursor: inout Cursor, _ path: inout String, _ steps: inout Int) -> Bool {
    var probe = cursor
    do throws(XDRError) {
      try skip(index, &probe)
      cursor = probe
      return false
    } catch {}
    steps += 1
    guard steps < Self.longestPath else { return true }
    let node = node(index)
    switch node.kind {
    case .structure:
      for position in node.first..<node.first + node.count {
        let member = member(position)
        let length = path.utf8.count
        path += "." + name(member)
        if locate(member.node, &cursor, &path, &steps) { return true }
        path = String(decoding: path.utf8.prefix(length), as: UTF8.self)
      }
    case .union:
      guard let arm = try? arm(of: node, index, &cursor), arm.node >= 0 else { return true }
      path += "." + name(arm)
      return locate(arm.node, &cursor, &path, &steps)
    case .optional, .omittable:
      if (try? cursor.flag()) == true { return locate(node.element, &cursor, &path, &steps) }
    case .versioned:
      if cursor.isSecondVersion { return locate(node.element, &cursor, &path, &steps) }
    case .array, .fixedArray:
      let isFixed = node.kind == .fixedArray
      let minimum = Int(self.node(node.element).minimum)
      guard let count = isFixed ? Int(node.size) : try? cursor.count(minimum: minimum, atMost: node.size) else { return true }
      let length = path.utf8.count
      for element in 0..<count {
        // The index is formatted only for the element with the error, because an array can be long.
        var here = ""
        if locate(node.element, &cursor, &here, &steps) {
          path = String(decoding: path.utf8.prefix(length), as: UTF8.self) + "[\(element)]" + here
          return true
        }
      }
    default: break
    }
    return true
  }
}
