import Bytes
import Ledgers
import StellarJSON
import StellarXDR

// The walk over a line: as the one over XDR, but that members may come in any order, and that what no condition wants is passed over
// without being read.

extension RecordFilter {
  mutating func walk(line: RawSpan) throws(RecordError) {
    let start = try line.visible(from: 0)
    guard line[start] == UInt8(ascii: "{") else { throw line[start] == UInt8(ascii: "[") ? .array : .wrongLine }
    var scan = try ObjectScan(line, start)
    var hasSchema = false
    var hasBody = false
    while let name = try scan.nextName(line) {
      if line.says("_schema", name) {
        try checkSchema(line, &scan.position)
        hasSchema = true
        continue
      }
      if !hasSchema {
        // What the members are depends on it.
        try findSchema(line, start)
        hasSchema = true
      }
      if line.says("meta", name) {
        try walk(isEvent ? shapes.eventMeta : shapes.meta, line, &scan.position, within: .meta)
        if isDone { return }
        conclude(.meta)
      } else if isEvent {
        guard line.says("event", name) else {
          scan.position = try line.endOfValue(at: scan.position)
          continue
        }
        hasBody = true
        try lookAtEvent(.events, shapes.eventBody, line, &scan.position)
        if isDone { return }
        conclude(.body)
      } else if let kind = shapes.number(of: name, line, in: shapes.body) {
        hasBody = true
        look(kind: kind)
        if isDone { return }
        try walk(shapes.bodies[Int(kind)], line, &scan.position, within: .body)
        if isDone { return }
        conclude(.body)
      } else {
        scan.position = try line.endOfValue(at: scan.position)
      }
      if isDone { return }
    }
    guard hasSchema, hasBody, ledger != nil else { throw .wrongLine }
    conclude(.all)
  }

  /// Looks for the schema of a line that does not begin with it.
  private mutating func findSchema(_ line: RawSpan, _ start: Int) throws(RecordError) {
    var scan = try ObjectScan(line, start)
    while let name = try scan.nextName(line) {
      if line.says("_schema", name) { return try checkSchema(line, &scan.position) }
      scan.position = try line.endOfValue(at: scan.position)
    }
    throw .wrongLine
  }

  private mutating func checkSchema(_ line: RawSpan, _ position: inout Int) throws(RecordError) {
    guard try line.byte(at: position) == UInt8(ascii: "\"") else { throw .wrongLine }
    let name = try line.string(at: &position)
    if line.says("soroban-pipes.contract_invocation.v1", name) { return try identify(isEvent: false) }
    if line.says("soroban-pipes.contract_event.v1", name) { return try identify(isEvent: true) }
    // With the names and types that a contract's specification declares.
    if line.says("soroban-pipes.contract_invocation_spec.v1", name) { return try identify(isEvent: false) }
    if line.says("soroban-pipes.contract_event_spec.v1", name) { return try identify(isEvent: true) }
    throw line.says("soroban-pipes.ledger_transaction.v1", name) ? .wrongKind(.ledgerTransaction) : .wrongLine
  }

  /// Walks an object as long as something in it is wanted, and passes over the rest of it.
  private mutating func walk(
    _ shape: Shape<Subject>, _ line: RawSpan, _ position: inout Int, within subjects: Subjects
  ) throws(RecordError) {
    var scan = try ObjectScan(line, position)
    while !wanted.isDisjoint(with: subjects) {
      guard try scan.next(line, shapes.schema, shape) else {
        position = scan.position
        return
      }
      if scan.found >= 0, let subject = shape.entries[scan.found].role, wanted.contains(Subjects(subject)) {
        if shape.entries[scan.found].isNullable, try isNull(line, &scan.position) {
          conclude(subject)
        } else {
          try look(subject, line, &scan.position)
        }
        if isDone { return }
      } else {
        scan.position = try line.endOfValue(at: scan.position)
      }
    }
    position = try line.endOfNesting(from: scan.position)
  }

  private mutating func look(_ subject: Subject, _ line: RawSpan, _ position: inout Int) throws(RecordError) {
    let start = position
    switch subject {
    case .ledger:
      guard let sequence = line.natural(at: &position), let sequence = UInt32(exactly: sequence) else {
        throw .member("not a ledger sequence", offset: start)
      }
      // At the end of the line, it was cut off.
      if position == line.byteCount { throw .malformed }
      look(ledger: sequence)
    case .closedAt:
      guard let text = try string(line, &position), let time = unixSeconds(rfc3339: line.extracting(text.content)) else {
        throw .member("not an RFC 3339 time", offset: start)
      }
      look(closedAt: time)
    case .successful:
      position = try line.endOfValue(at: start)
      let word = line.extracting(start..<position)
      guard word.equals("true") || word.equals("false") else { throw .member("neither true nor false", offset: start) }
      look(successful: word.equals("true"))
    case .hash, .innerHash: look(subject, hash: try hash(line, &position))
    case .resultCode:
      let name = try string(line, &position)
      look(resultCode: name.flatMap { shapes.number(of: $0, line, in: shapes.resultCode) })
    case .contract, .account: look(subject, identifier: try text(line, &position), line)
    case .function:
      guard let name = try text(line, &position) else { throw .member("not a function name", offset: start) }
      look(function: name, line)
    case .arguments: try lookAtArguments(line, &position)
    case .events, .diagnostics, .calls, .state, .extensions, .authorization, .restorations:
      try lookAtList(subject, line, &position)
    case .kind, .stage: break
    }
  }

  // MARK: lists

  private mutating func lookAtArguments(_ line: RawSpan, _ position: inout Int) throws(RecordError) {
    guard var list = try ListScan(line, &position) else { return conclude(.arguments) }
    var count = 0
    while try list.next(line) {
      let start = list.position
      list.position = try line.endOfValue(at: start)
      try look(argument: start..<list.position, at: count, line)
      if isDone { return }
      count += 1
    }
    look(argumentCount: count)
    position = list.position
    if !isDone { conclude(.arguments) }
  }

  private mutating func lookAtList(_ subject: Subject, _ line: RawSpan, _ position: inout Int) throws(RecordError) {
    guard var list = try ListScan(line, &position) else { return conclude(subject) }
    var isFirst = true
    while try list.next(line) {
      if isFirst { note(subject) }
      isFirst = false
      switch subject {
      case _ where isDone || !wanted.contains(Subjects(subject)): list.position = try line.endOfValue(at: list.position)
      case .events: try lookAtEvent(subject, shapes.event, line, &list.position)
      case .diagnostics: try lookAtEvent(subject, shapes.diagnostic, line, &list.position)
      case .calls: try lookAtCall(line, &list.position)
      case .state: try lookAtChange(line, &list.position)
      default: list.position = try line.endOfValue(at: list.position)
      }
      if isDone { return }
    }
    position = list.position
    conclude(subject)
  }

  private mutating func lookAtEvent(
    _ subject: Subject, _ shape: Shape<EventPart>, _ line: RawSpan, _ position: inout Int
  ) throws(RecordError) {
    var event = EventFacts(isPublished: subject == .events)
    topics.removeAll(keepingCapacity: true)
    var scan = try ObjectScan(line, position)
    while try scan.next(line, shapes.schema, shape) {
      let start = scan.position
      switch scan.found >= 0 ? shape.entries[scan.found].role : nil {
      case .stage:
        if let stage = try number(line, &scan.position, shapes.stage) { look(stage: stage) }
        if isDone { return }
      case .contract:
        event.contract = try text(line, &scan.position)
        if isEvent {
          look(.contract, identifier: event.contract, line)
          if isDone { return }
        }
      case .type: event.type = try number(line, &scan.position, shapes.eventType)
      case .topics:
        guard var list = try ListScan(line, &scan.position) else { continue }
        while try list.next(line) {
          let start = list.position
          list.position = try line.endOfValue(at: start)
          topics.append(start..<list.position)
        }
        scan.position = list.position
      case .data:
        scan.position = try line.endOfValue(at: start)
        event.data = start..<scan.position
      case nil: scan.position = try line.endOfValue(at: start)
      }
    }
    position = scan.position
    try look(subject, event: event, line)
  }

  private mutating func lookAtCall(_ line: RawSpan, _ position: inout Int) throws(RecordError) {
    var call = CallFacts()
    var scan = try ObjectScan(line, position)
    while try scan.next(line, shapes.schema, shapes.call) {
      switch scan.found >= 0 ? shapes.call.entries[scan.found].role : nil {
      case .from: call.from = try text(line, &scan.position)
      case .to: call.to = try text(line, &scan.position)
      case .function: call.function = try text(line, &scan.position)
      case nil: scan.position = try line.endOfValue(at: scan.position)
      }
    }
    position = scan.position
    look(call: call, line)
  }

  private mutating func lookAtChange(_ line: RawSpan, _ position: inout Int) throws(RecordError) {
    var change = ChangeFacts()
    var scan = try ObjectScan(line, position)
    while try scan.next(line, shapes.schema, shapes.change) {
      switch scan.found >= 0 ? shapes.change.entries[scan.found].role : nil {
      case .contract: change.contract = try text(line, &scan.position)
      case .key: change.key = try value(line, &scan.position)
      case .oldValue: change.oldValue = try value(line, &scan.position)
      case .newValue: change.newValue = try value(line, &scan.position)
      case .operation: change.operation = try number(line, &scan.position, shapes.operation)
      case .durability: change.durability = try number(line, &scan.position, shapes.durability)
      case nil: scan.position = try line.endOfValue(at: scan.position)
      }
    }
    position = scan.position
    try look(change: change, line)
  }

  // MARK: places

  /// Whether a value is null: then it is passed over.
  private func isNull(_ line: RawSpan, _ position: inout Int) throws(RecordError) -> Bool {
    guard try line.byte(at: position) == UInt8(ascii: "n") else { return false }
    let end = try line.endOfValue(at: position)
    guard line.extracting(position..<end).equals("null") else { return false }
    position = end
    return true
  }

  /// Where a string stands; nil for null.
  private func string(_ line: RawSpan, _ position: inout Int) throws(RecordError) -> JSONCursor.StringToken? {
    let start = position
    if try line.byte(at: start) == UInt8(ascii: "\"") { return try line.string(at: &position) }
    position = try line.endOfValue(at: start)
    guard line.extracting(start..<position).equals("null") else { throw .member("neither a string nor null", offset: start) }
    return nil
  }

  /// The text of a string; nil for null.
  private mutating func text(_ line: RawSpan, _ position: inout Int) throws(RecordError) -> Text? {
    guard let token = try string(line, &position) else { return nil }
    guard token.isEscaped else { return Text(range: token.content) }
    let start = unescaped.count
    do throws(JSONError) { try unescaped.append(unescaped: token, of: line) } catch {
      throw .member("not a string", offset: token.content.lowerBound)
    }
    return Text(range: start..<unescaped.count, isUnescaped: true)
  }

  /// The value of an enumeration by its name; nil for null.
  private func number(_ line: RawSpan, _ position: inout Int, _ type: TypeID) throws(RecordError) -> Int32? {
    let start = position
    guard let name = try string(line, &position) else { return nil }
    guard let number = shapes.number(of: name, line, in: type) else {
      throw .member("not a valid \(shapes.schema.describe(node: type.node))", offset: start)
    }
    return number
  }

  /// Where a state change's value stands; nil for null, which in native style is a void as well: both match nothing.
  private func value(_ line: RawSpan, _ position: inout Int) throws(RecordError) -> Range<Int>? {
    let start = position
    position = try line.endOfValue(at: start)
    return line.extracting(start..<position).equals("null") ? nil : start..<position
  }

  private mutating func hash(_ line: RawSpan, _ position: inout Int) throws(RecordError) -> Hash32? {
    let start = position
    guard let token = try string(line, &position) else { return nil }
    decoded.truncate(to: 0)
    guard decoded.append(decodingHex: line.extracting(token.content)) == nil, decoded.count == 32 else {
      throw .member("not a hash", offset: start)
    }
    return Hash32(decoded.bytes)
  }
}
