import Bytes
import StellarJSON
import StellarXDR

// The walk over an XDR record: what no condition wants is skipped by the schema.

extension RecordFilter {
  mutating func walk(_ record: RawSpan) throws(XDRError) {
    var cursor = Cursor(record, at: 4)
    if isEvent { return try walk(event: &cursor, record) }
    try walk(shapes.meta, &cursor, record)
    if isDone { return }
    conclude(.meta)
    if isDone { return }
    let kind = try cursor.int32()
    guard shapes.bodies.indices.contains(Int(kind)) else {
      throw XDRError(.unknownDiscriminant, at: cursor.position - 4, node: shapes.body.node, value: Int64(kind))
    }
    look(kind: kind)
    try walk(shapes.bodies[Int(kind)], &cursor, record)
    if !isDone { conclude(.all) }
  }

  private mutating func walk(event cursor: inout Cursor, _ record: RawSpan) throws(XDRError) {
    try walk(shapes.eventMeta, &cursor, record)
    if isDone { return }
    conclude(.meta)
    if isDone { return }
    try lookAtEvent(.events, shapes.eventBody, &cursor, record)
    if !isDone { conclude(.all) }
  }

  private mutating func walk(_ shape: Shape<Subject>, _ cursor: inout Cursor, _ record: RawSpan) throws(XDRError) {
    for entry in shape.entries {
      if isDone { return }
      if entry.isOmittable, try !cursor.flag() { continue }
      guard let subject = entry.role, wanted.contains(Subjects(subject)) else {
        try shapes.schema.skip(entry.node, &cursor)
        continue
      }
      if entry.isNullable, try !cursor.flag() {
        conclude(subject)
      } else {
        try look(subject, entry.value, &cursor, record)
      }
    }
  }

  private mutating func look(
    _ subject: Subject, _ node: Int32, _ cursor: inout Cursor, _ record: RawSpan
  ) throws(XDRError) {
    switch subject {
    case .ledger: look(ledger: try cursor.uint32())
    case .closedAt: look(closedAt: try cursor.uint64())
    case .successful: look(successful: try cursor.flag())
    case .hash: look(.hash, hash: try cursor.hash())
    case .innerHash: look(.innerHash, hash: try cursor.hash())
    // The code is looked up in the schema before any condition sees it.
    case .resultCode: look(resultCode: try number(node, &cursor))
    case .contract, .account:
      look(subject, identifier: Text(range: try range(node, &cursor)), record)
    case .function: look(function: try name(&cursor), record)
    case .arguments: try lookAtArguments(&cursor, record)
    case .events, .diagnostics, .calls, .state, .extensions, .authorization, .restorations:
      try lookAtList(subject, node, &cursor, record)
    case .kind, .stage: break
    }
  }

  private mutating func lookAtArguments(_ cursor: inout Cursor, _ record: RawSpan) throws(XDRError) {
    let count = try cursor.count(minimum: 4)
    look(argumentCount: count)
    for place in 0..<count {
      let range = try range(shapes.schema.scval.node, &cursor)
      try Self.compare { () throws(RecordError) in try look(argument: range, at: place, record) }
      if isDone { return }
    }
    conclude(.arguments)
  }

  private mutating func lookAtList(
    _ subject: Subject, _ node: Int32, _ cursor: inout Cursor, _ record: RawSpan
  ) throws(XDRError) {
    let array = shapes.schema.node(node)
    let count = try cursor.count(minimum: Int(shapes.schema.node(array.element).minimum), atMost: array.size, node: node)
    if count > 0 { note(subject) }
    for _ in 0..<count where !isDone {
      switch subject {
      case .events: try lookAtEvent(subject, shapes.event, &cursor, record)
      case .diagnostics: try lookAtEvent(subject, shapes.diagnostic, &cursor, record)
      case .calls: try lookAtCall(&cursor, record)
      case .state: try lookAtChange(&cursor, record)
      default: try shapes.schema.skip(array.element, &cursor)
      }
    }
    if !isDone { conclude(subject) }
  }

  private mutating func lookAtEvent(
    _ subject: Subject, _ shape: Shape<EventPart>, _ cursor: inout Cursor, _ record: RawSpan
  ) throws(XDRError) {
    var event = EventFacts(isPublished: subject == .events)
    topics.removeAll(keepingCapacity: true)
    for entry in shape.entries {
      switch entry.role {
      case .stage:
        let isKnown = entry.isNullable ? try cursor.flag() : true
        if isKnown { look(stage: try number(entry.value, &cursor)) }
        if isDone { return }
      case .contract:
        event.contract = try identifier(entry.node, &cursor)
        if isEvent {
          look(.contract, identifier: event.contract, record)
          if isDone { return }
        }
      case .type: event.type = try number(entry.node, &cursor)
      case .topics:
        for _ in 0..<(try cursor.count(minimum: 4)) { topics.append(try range(shapes.schema.scval.node, &cursor)) }
      case .data: event.data = try range(entry.node, &cursor)
      case nil: try shapes.schema.skip(entry.node, &cursor)
      }
    }
    try Self.compare { () throws(RecordError) in try look(subject, event: event, record) }
  }

  private mutating func lookAtCall(_ cursor: inout Cursor, _ record: RawSpan) throws(XDRError) {
    var call = CallFacts()
    for entry in shapes.call.entries {
      switch entry.role {
      case .from: call.from = try identifier(entry.node, &cursor)
      case .to: call.to = try identifier(entry.node, &cursor)
      case .function: call.function = try name(&cursor)
      case nil: try shapes.schema.skip(entry.node, &cursor)
      }
    }
    look(call: call, record)
  }

  private mutating func lookAtChange(_ cursor: inout Cursor, _ record: RawSpan) throws(XDRError) {
    var change = ChangeFacts()
    for entry in shapes.change.entries {
      switch entry.role {
      case .contract: change.contract = try identifier(entry.node, &cursor)
      case .key: change.key = try optional(entry.node, &cursor)
      case .oldValue: change.oldValue = try optional(entry.node, &cursor)
      case .newValue: change.newValue = try optional(entry.node, &cursor)
      case .operation: change.operation = try number(entry.node, &cursor)
      case .durability: change.durability = try number(entry.node, &cursor)
      case nil: try shapes.schema.skip(entry.node, &cursor)
      }
    }
    try Self.compare { () throws(RecordError) in try look(change: change, record) }
  }

  /// What goes wrong with comparing a value of an XDR record is its XDR, and nothing is wrong with a value that was skipped before.
  private static func compare(_ body: () throws(RecordError) -> Void) throws(XDRError) {
    do throws(RecordError) { try body() } catch {
      if case .xdr(let error) = error { throw error }
    }
  }

  // MARK: places

  private func range(_ node: Int32, _ cursor: inout Cursor) throws(XDRError) -> Range<Int> {
    let start = cursor.position
    try shapes.schema.skip(node, &cursor)
    return start..<cursor.position
  }

  /// What an optional holds.
  private func optional(_ node: Int32, _ cursor: inout Cursor) throws(XDRError) -> Range<Int>? {
    try cursor.flag() ? try range(shapes.schema.node(node).element, &cursor) : nil
  }

  private func identifier(_ node: Int32, _ cursor: inout Cursor) throws(XDRError) -> Text? {
    if shapes.schema.node(node).kind == .optional { return try optional(node, &cursor).map { Text(range: $0) } }
    return Text(range: try range(node, &cursor))
  }

  /// The value of an enumeration.
  private func number(_ node: Int32, _ cursor: inout Cursor) throws(XDRError) -> Int32 {
    try shapes.schema.skip(node, &cursor)
    return Int32(bitPattern: cursor.bytes.word(at: cursor.position - 4))
  }

  /// A name that a contract chose: it is matched as NDJSON has it, where bytes that are no plain text are escaped.
  private mutating func name(_ cursor: inout Cursor) throws(XDRError) -> Text {
    let range = try cursor.opaqueRange()
    let bytes = cursor.slice(range)
    if bytes.plainPrefix(from: 0) == range.count { return Text(range: range) }
    decoded.truncate(to: 0)
    decoded.append(escaped: bytes)
    let start = unescaped.count
    Self.unescape(decoded, into: &unescaped)
    return Text(range: start..<unescaped.count, isUnescaped: true)
  }

  private static func unescape(_ json: borrowing ByteBuffer, into out: inout ByteBuffer) {
    let token = JSONCursor.StringToken(content: 0..<json.count, isEscaped: true)
    // What was just escaped can be read.
    do throws(JSONError) { try out.append(unescaped: token, of: json.bytes) } catch { return }
  }
}
