import Bytes
import Invocations
import Ledgers
import StellarJSON
import StellarXDR

// The walk over a record. It reads what conditions test, skips the rest, and ends as soon as the verdict is known.

extension RecordFilter {
  // MARK: the record

  mutating func walk(record: RawSpan) throws(RecordError) {
    var source = XDRSource(record, shapes.schema)
    try walk(isEvent ? shapes.eventMeta : shapes.meta, &source, within: .meta)
    if isDone { return }
    conclude(.meta)
    if isDone { return }
    if isEvent {
      try walkEvent(.events, shapes.eventBody, &source)
    } else {
      let kind = try source.arm(of: shapes.body, count: shapes.bodies.count)
      examineCode(.kind, kind)
      if isDone { return }
      try walk(shapes.bodies[Int(kind)], &source, within: .body)
    }
    if !isDone { conclude(.all) }
  }

  mutating func walk(line: RawSpan) throws(RecordError) {
    let start = try line.firstNonBlank(from: 0)
    guard line[start] == UInt8(ascii: "{") else { throw line[start] == UInt8(ascii: "[") ? .array : .wrongLine }
    var source = LineSource(line, at: start)
    var members = try source.members()
    var hasSchema = false
    var hasBody = false
    while let name = try source.nextName(&members) {
      if line.equals("_schema", name) {
        try checkSchema(&source)
        hasSchema = true
        continue
      }
      if !hasSchema {
        // The meaning of the members depends on the schema.
        try findSchema(line, start)
        hasSchema = true
      }
      if line.equals("meta", name) {
        try walk(isEvent ? shapes.eventMeta : shapes.meta, &source, within: .meta)
        if !isDone { conclude(.meta) }
      } else if isEvent, line.equals("event", name) {
        hasBody = true
        try walkEvent(.events, shapes.eventBody, &source)
        if !isDone { conclude(.body) }
      } else if !isEvent, let kind = shapes.schema.number(of: name, line, in: shapes.body.node) {
        hasBody = true
        examineCode(.kind, kind)
        if isDone { return }
        try walk(shapes.bodies[Int(kind)], &source, within: .body)
        if !isDone { conclude(.body) }
      } else {
        try source.skip()
      }
      if isDone { return }
    }
    guard hasSchema, hasBody, ledger != nil else { throw .wrongLine }
    conclude(.all)
  }

  /// Finds the schema of a line that does not start with it.
  private mutating func findSchema(_ line: RawSpan, _ start: Int) throws(RecordError) {
    var source = LineSource(line, at: start)
    var members = try source.members()
    while let name = try source.nextName(&members) {
      if line.equals("_schema", name) { return try checkSchema(&source) }
      try source.skip()
    }
    throw .wrongLine
  }

  private mutating func checkSchema(_ source: inout LineSource) throws(RecordError) {
    let line = source.record
    guard try line.byte(at: source.position) == UInt8(ascii: "\""), let name = try source.string() else { throw .wrongLine }
    if line.equals("soroban-pipes.contract_invocation.v1", name) { return try identify(isEvent: false) }
    if line.equals("soroban-pipes.contract_event.v1", name) { return try identify(isEvent: true) }
    // Records with the names and types from a contract's specification.
    if line.equals("soroban-pipes.contract_invocation_spec.v1", name) { return try identify(isEvent: false) }
    if line.equals("soroban-pipes.contract_event_spec.v1", name) { return try identify(isEvent: true) }
    throw line.equals("soroban-pipes.ledger_transaction.v1", name) ? .wrongKind(.ledgerTransaction) : .wrongLine
  }

  // MARK: meta and body

  /// Walks the members of a structure while one of `subjects` is needed.
  private mutating func walk<Source: RecordSource & ~Escapable>(
    _ shape: Shape<Subject>, _ source: inout Source, within subjects: Subjects
  ) throws(RecordError) {
    var members = try source.members()
    while !wanted.isDisjoint(with: subjects) {
      guard let index = try source.next(&members, of: shape) else { return }
      guard let subject = shape.entries[index].role, wanted.contains(Subjects(subject)) else {
        try source.skip(shape.entries[index].node)
        continue
      }
      if try source.isNull(shape.entries[index]) {
        conclude(subject)
      } else {
        try walk(subject, shape.entries[index].value, &source)
      }
      if isDone { return }
    }
    try source.finish(&members, of: shape)
  }

  private mutating func walk<Source: RecordSource & ~Escapable>(
    _ subject: Subject, _ node: Int32, _ source: inout Source
  ) throws(RecordError) {
    let start = source.position
    switch subject {
    case .ledger: examineLedger(try source.ledger())
    case .closedAt: examineTime(try source.time())
    case .successful: examineSuccess(try source.flag())
    case .hash, .innerHash: examineHash(subject, try source.hash())
    case .resultCode: examineCode(.resultCode, try source.knownNumber(node))
    case .contract, .account: examineIdentifier(subject, try source.identifier(node, &unescaped), source.record)
    case .function:
      guard let name = try source.name(&unescaped) else { throw .member("not a function name", offset: start) }
      examineFunction(name, source.record)
    case .arguments: try walkArguments(node, &source)
    case .events, .diagnostics, .calls, .state, .extensions, .authorization, .restorations:
      try walkList(subject, node, &source)
    case .kind, .stage: break
    }
  }

  // MARK: lists

  private mutating func walkArguments<Source: RecordSource & ~Escapable>(
    _ node: Int32, _ source: inout Source
  ) throws(RecordError) {
    guard var list = try source.list(node) else { return conclude(.arguments) }
    // In XDR the number of arguments is known in advance.
    let count = list.next
    if form == .xdr { examineArgumentCount(count) }
    var place = 0
    while try source.next(&list) {
      try examineArgument(try source.value(shapes.schema.scval.node), at: place, source.record)
      if isDone { return }
      place += 1
    }
    if form == .json { examineArgumentCount(place) }
    if !isDone { conclude(.arguments) }
  }

  private mutating func walkList<Source: RecordSource & ~Escapable>(
    _ subject: Subject, _ node: Int32, _ source: inout Source
  ) throws(RecordError) {
    guard var list = try source.list(node) else { return conclude(subject) }
    while case let isFirst = list.isFirst, try source.next(&list) {
      if isFirst { note(subject) }
      if isDone { return }
      switch subject {
      case .events where wanted.contains(Subjects(subject)): try walkEvent(subject, shapes.event, &source)
      case .diagnostics where wanted.contains(Subjects(subject)): try walkEvent(subject, shapes.diagnostic, &source)
      case .calls where wanted.contains(Subjects(subject)): try walkCall(&source)
      case .state where wanted.contains(Subjects(subject)): try walkChange(&source)
      default: try source.skip(shapes.schema.node(node).element)
      }
      if isDone { return }
    }
    conclude(subject)
  }

  private mutating func walkEvent<Source: RecordSource & ~Escapable>(
    _ subject: Subject, _ shape: Shape<EventPart>, _ source: inout Source
  ) throws(RecordError) {
    var event = EventFacts(isPublished: subject == .events)
    topics.removeAll(keepingCapacity: true)
    var members = try source.members()
    while let index = try source.next(&members, of: shape) {
      guard let role = shape.entries[index].role else {
        try source.skip(shape.entries[index].node)
        continue
      }
      let isNull = try source.isNull(shape.entries[index])
      let node = shape.entries[index].value
      switch role {
      case .stage:
        if !isNull, let stage = try source.number(node) { examineCode(.stage, stage) }
        if isDone { return }
      case .contract:
        event.contract = isNull ? nil : try source.identifier(node, &unescaped)
        if isEvent { examineIdentifier(.contract, event.contract, source.record) }
        if isDone { return }
      case .type: event.type = isNull ? nil : try source.number(node)
      case .topics:
        guard !isNull, var list = try source.list(node) else { continue }
        while try source.next(&list) { topics.append(try source.value(shapes.schema.scval.node)) }
      case .data: event.data = isNull ? nil : try source.value(node)
      }
    }
    try examineEvent(subject, event, source.record)
  }

  private mutating func walkCall<Source: RecordSource & ~Escapable>(_ source: inout Source) throws(RecordError) {
    var call = CallFacts()
    var members = try source.members()
    while let (role, node) = try source.nextPart(&members, of: shapes.call) {
      switch role {
      case .from: call.from = try source.identifier(node, &unescaped)
      case .to: call.to = try source.identifier(node, &unescaped)
      case .function: call.function = try source.name(&unescaped)
      }
    }
    examineCall(call, source.record)
  }

  private mutating func walkChange<Source: RecordSource & ~Escapable>(_ source: inout Source) throws(RecordError) {
    var change = ChangeFacts()
    var members = try source.members()
    while let (role, node) = try source.nextPart(&members, of: shapes.change) {
      switch role {
      case .contract: change.contract = try source.identifier(node, &unescaped)
      case .key: change.key = try source.value(node)
      case .oldValue: change.oldValue = try source.value(node)
      case .newValue: change.newValue = try source.value(node)
      case .operation: change.operation = try source.number(node)
      case .durability: change.durability = try source.number(node)
      }
    }
    try examineChange(change, source.record)
  }
}
