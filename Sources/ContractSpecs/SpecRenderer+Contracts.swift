import Bytes
import Invocations
import Ledgers
import StellarJSON
import StellarXDR

// The parts of a contract other than functions: its events and its storage.

extension SpecRenderer {
  /// Writes `topics` and `data` of an event, after the key of `topics`.
  mutating func event(_ scope: Scope, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    let start = cursor
    let length = out.count
    if let contract = scope.contract {
      if scope.eventType == ContractEventType.contract {
        var isKnown = false
        for isLimited in [true, false] {
          for index in specs.events.indices where specs.applies(specs.events[index].spec, to: contract, isLimited: isLimited) {
            if specs.events[index].spec == specs.assetSpec { continue }
            guard try begins(cursor, like: index) else { continue }
            isKnown = true
            if try fits(event: index, &cursor, &out) { return }
            cursor = start
            out.truncate(to: length)
          }
        }
        if try assetEvent(scope, &cursor, &out) { return }
        if isKnown { omissions.count += 1 }
      } else if scope.eventType == ContractEventType.diagnostic, try error(of: contract, &cursor, &out) {
        return
      }
    }
    try topics(&cursor, &out) { (_, cursor, out) throws(XDRError) in
      try self.plain(&cursor, &out)
      return true
    }
    out.append(Self.dataKey)
    try plain(&cursor, &out)
  }

  /// Writes an event of an asset contract, or an event of the same shape. Returns false, and writes nothing, for other events.
  /// Fee events are transaction events.
  private func assetEvent(_ scope: Scope, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) -> Bool {
    let start = cursor
    let length = out.count
    for index in specs.events.indices where specs.events[index].spec == specs.assetSpec {
      let event = specs.events[index]
      let isFee = specs.text(event.name).equals("fee")
      guard isFee == scope.isOfTransaction, try begins(cursor, like: index) else { continue }
      if !isFee, try !namesAsset(cursor) { continue }
      if try fits(event: index, &cursor, &out) { return true }
      cursor = start
      out.truncate(to: length)
    }
    return false
  }

  /// Whether the last topic is an asset name: `native` or `CODE:G…`.
  private func namesAsset(_ start: borrowing Cursor) throws(XDRError) -> Bool {
    var cursor = copy start
    let count = try cursor.count(minimum: 4)
    for _ in 0..<max(0, count - 1) { try schema.skip(schema.scval, &cursor) }
    guard count > 0, try cursor.uint32() == Tag.string else { return false }
    let text = cursor.slice(try cursor.opaqueRange())
    if text.equals("native") { return true }
    let keyStart = text.byteCount - 56
    guard keyStart >= 2, text[keyStart - 1] == UInt8(ascii: ":") else { return false }
    var key = ByteBuffer(capacity: 64)
    return Strkey.decode(text.extracting(keyStart..<text.byteCount), into: &key) == Strkey.account
  }

  private static let dataKey: StaticString = #","data":"#

  @discardableResult
  private func topics(
    _ cursor: inout Cursor, _ out: inout ByteBuffer,
    _ topic: (Int, inout Cursor, inout ByteBuffer) throws(XDRError) -> Bool
  ) throws(XDRError) -> Bool {
    out.append("[")
    for offset in 0..<(try cursor.count(minimum: 4)) {
      if offset > 0 { out.append(",") }
      guard try topic(offset, &cursor, &out) else { return false }
    }
    out.append("]")
    return true
  }

  /// Whether the number of topics matches an event, and the first topics are its names.
  private func begins(_ start: borrowing Cursor, like event: Int) throws(XDRError) -> Bool {
    var cursor = copy start
    let prefix = specs.events[event].prefix
    guard try cursor.count(minimum: 4) == prefix.count + specs.events[event].topics.count else { return false }
    for name in prefix {
      guard let symbol = try symbol(&cursor), cursor.slice(symbol).equals(specs.text(name)) else { return false }
    }
    return true
  }

  private func fits(event index: Int, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) -> Bool {
    let event = specs.events[index]
    let fit = try topics(&cursor, &out) { (offset, cursor, out) throws(XDRError) in
      if offset >= event.prefix.count {
        let topic = event.topics[offset - event.prefix.count]
        return try self.fits(self.specs.parts[Int(topic.first)], &cursor, &out)
      }
      try self.plain(&cursor, &out)
      return true
    }
    guard fit else { return false }
    out.append(#","topic_names":"#)
    names(after: event.prefix.count, event.topics, &out)
    out.append(#","event_name":"#)
    name(event.name, &out)
    out.append(Self.dataKey)
    guard let data = event.data else {
      guard cursor.bytes.word(at: cursor.position) == Tag.void else { return false }
      try plain(&cursor, &out)
      return true
    }
    guard try fits(data, &cursor, &out) else { return false }
    switch event.format {
    case .singleValue:
      out.append(#","data_name":"#)
      name(event.values[0].name, &out)
    case .vec:
      out.append(#","data_names":"#)
      names(event.values, &out)
    // The members of the object have the names.
    case .map: break
    }
    return true
  }

  /// Writes the host's `["error", <code>]` for a contract. The code gets a name if exactly one of the contract's error
  /// enumerations has one.
  private func error(of contract: Hash32, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) -> Bool {
    let start = cursor
    let length = out.count
    guard try cursor.count(minimum: 4) == 2, let name = try symbol(&cursor), cursor.slice(name).equals("error"),
      cursor.bytes.word(at: cursor.position) == Tag.error
    else {
      cursor = start
      return false
    }
    out.append("[")
    var topic = start
    try topic.skip(4)
    try plain(&topic, &out)
    out.append(",")
    guard try fitsOne(of: contract, .errorEnumeration, &cursor, &out) else {
      cursor = start
      out.truncate(to: length)
      return false
    }
    out.append("]")
    out.append(Self.dataKey)
    try plain(&cursor, &out)
    return true
  }

  // MARK: storage

  /// A key or value in a contract's storage.
  func stored(_ contract: Hash32, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    switch cursor.bytes.word(at: cursor.position) {
    case Tag.instance: try instance(contract, &cursor, &out)
    case Tag.map: if try !fitsOne(of: contract, .structure, &cursor, &out) { try plain(&cursor, &out) }
    case Tag.vec: if try !fitsOne(of: contract, .union, &cursor, &out) { try plain(&cursor, &out) }
    default: try plain(&cursor, &out)
    }
  }

  /// Writes a value as the declared type of that kind that it fits. Returns false, and reads and writes nothing, if it fits none,
  /// or if it fits several that would write it differently.
  private func fitsOne(
    of contract: Hash32, _ kind: ContractSpecs.Kind, _ cursor: inout Cursor, _ out: inout ByteBuffer
  ) throws(XDRError) -> Bool {
    let start = cursor
    let length = out.count
    var end: Int?
    for declaration in specs.declarations {
      guard specs.nodes[Int(declaration.type)].kind == kind,
        specs.applies(declaration.spec, to: contract, isLimited: true)
          || specs.applies(declaration.spec, to: contract, isLimited: false)
      else { continue }
      var attempt = start
      let from = out.count
      let fit = try fits(declaration.type, &attempt, &out)
      if fit, end == nil {
        end = out.count
        cursor = attempt
        continue
      }
      let isSame = end.map { out.bytes(length..<$0).equals(out.bytes(from..<out.count)) } ?? true
      out.truncate(to: from)
      if fit, !isSame {
        cursor = start
        out.truncate(to: length)
        return false
      }
    }
    return end != nil
  }

  /// The instance of a contract, with the keys and values in its storage.
  private func instance(_ contract: Hash32, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    let isSEP51 = renderer.style == .sep51
    try cursor.skip(4)
    out.append(isSEP51 ? #"{"contract_instance":{"executable":"# : #"{"executable":"#)
    try renderer.value(schema.contractExecutable.node, &cursor, &out)
    out.append(#","storage":"#)
    if try cursor.flag() {
      _ = try entries(try cursor.count(minimum: 8), &cursor, &out) { (_, cursor, out) throws(XDRError) in
        try self.stored(contract, &cursor, &out)
        return true
      }
    } else {
      out.append("null")
    }
    out.append(isSEP51 ? "}}" : "}")
  }
}
