import Bytes
import StellarJSON
import StellarXDR

/// A `GetInvocationsRequest`, the filter message of the seed service, in protobuf-JSON. Names of members are in lowerCamelCase or
/// snake_case, and enumerations are given by name or number. `null` and default values set no condition. Lists are alternatives;
/// different filters must all match.
enum InvocationRequest {
  /// The clauses of a request, each with the name of the member that it comes from.
  static func clauses(of text: [UInt8], now: UInt64) throws(UsageError) -> [FilterOptions.Named] {
    var reader = RequestReader(text.bytes)
    var request = Request(now: now)
    try reader.message("GetInvocationsRequest") { name, reader throws(UsageError) in try request.read(name, &reader) }
    try reader.end()
    return request.clauses
  }

  private struct Request {
    let now: UInt64
    var clauses: [FilterOptions.Named] = []
    private var name = ""
    private var ledgers: (first: UInt32, last: UInt32) = (0, .max)
    private var closed: (first: UInt64, last: UInt64) = (0, .max)

    init(now: UInt64) { self.now = now }

    private mutating func add(_ condition: Condition) { add(anyOf: [condition]) }

    private mutating func add(anyOf conditions: [Condition]) {
      clauses.append(FilterOptions.Named(option: "--request \(name)", alternatives: conditions))
    }

    mutating func read(_ name: String, _ reader: inout RequestReader) throws(UsageError) -> Bool {
      self.name = name
      switch name {
      case "start_ledger":
        ledgers.first = try reader.uint32()
        try checkLedgers(reader)
        add(.ledgers([ledgers.first...UInt32.max]))
      case "end_ledger":
        // 0 means that there is no end.
        if case let last = try reader.uint32(), last > 0 {
          ledgers.last = last
          try checkLedgers(reader)
          add(.ledgers([0...last]))
        }
      case "contract_ids": if let ids = try reader.identifiers(.address) { add(.contract(ids)) }
      case "function_names":
        let names = try reader.strings()
        if !names.isEmpty { add(.function(names.map { .text(Literal(Array($0.utf8))) }, anyCall: false)) }
      case "invoking_accounts": if let ids = try reader.identifiers(.account) { add(.account(ids)) }
      case "successful_only": if try reader.bool() { add(.successful(true)) }
      case "type_filter":
        let names = ["ALL", "CONTRACT_CALL", "CREATE_CONTRACT", "UPLOAD_WASM"].map { "INVOCATION_TYPE_FILTER_\($0)" }
        if case let type = try reader.enumeration(names), type > 0 { add(.code(.kind, 1 << UInt32(type - 1))) }
      case "content_filter": try readContentFilter(&reader)
      case "time_filter": try readTimeFilter(&reader)
      case "state_filter": try readStateFilter(&reader)
      case "options": try RequestReader.refuseOptions(&reader)
      default: return false
      }
      return true
    }

    private func checkLedgers(_ reader: borrowing RequestReader) throws(UsageError) {
      if ledgers.first > ledgers.last {
        throw reader.failure("a range from ledger \(ledgers.first) to \(ledgers.last) is empty")
      }
    }

    /// Intersects the range of times with this one.
    private mutating func addTimes(_ range: ClosedRange<UInt64>, _ reader: borrowing RequestReader) throws(UsageError) {
      closed = (max(closed.first, range.lowerBound), min(closed.last, range.upperBound))
      if closed.first > closed.last { throw reader.failure("a time range that starts after its end is empty") }
      add(.closed(range))
    }

    // MARK: nested filters

    private mutating func readContentFilter(_ reader: inout RequestReader) throws(UsageError) {
      var topics: [TopicFilter] = []
      var arguments: [ValueCondition.Alternative] = []
      var data: [ValueCondition.Alternative] = []
      var values: [ValueCondition.Alternative] = []
      var lists: Subjects = []
      try reader.message("EventContentFilter") { name, reader throws(UsageError) in
        switch name {
        case "topic_filters":
          try reader.list { reader throws(UsageError) in topics.append(try Self.topicFilter(&reader)) }
        case "data_patterns":
          try reader.list { reader throws(UsageError) in
            switch try Self.dataPattern(&reader) {
            case (0, let alternative): arguments.append(alternative)
            case (1, let alternative): data.append(alternative)
            case (_, let alternative): values.append(alternative)
            }
          }
        case "has_diagnostic_events": if try reader.bool() { lists.insert(Subjects(.diagnostics)) }
        case "has_state_changes": if try reader.bool() { lists.insert(Subjects(.state)) }
        default: return false
        }
        return true
      }
      if !topics.isEmpty { add(.event(EventCondition(topics: topics))) }
      var anywhere: [Condition] = []
      if !arguments.isEmpty { anywhere.append(.argument(ValueCondition(alternatives: arguments))) }
      if !data.isEmpty { anywhere.append(.event(EventCondition(data: ValueCondition(alternatives: data)))) }
      if !values.isEmpty { anywhere.append(.state(ValueCondition(alternatives: values), keys: false)) }
      if !anywhere.isEmpty { add(anyOf: anywhere) }
      if !lists.isEmpty { add(.has([lists])) }
    }

    private static func topicFilter(_ reader: inout RequestReader) throws(UsageError) -> TopicFilter {
      var index: UInt32 = 0
      var patterns: [Pattern] = []
      try reader.message("TopicFilter") { name, reader throws(UsageError) in
        switch name {
        case "topic_index": index = try reader.uint32()
        case "exact_match": patterns.append(.text(Literal(Array(try reader.string().utf8))))
        case "bytes_match": patterns.append(.bytes(try reader.bytes()))
        case "pattern": patterns.append(.expression(try reader.expression()))
        default: return false
        }
        return true
      }
      if patterns.count > 1 { throw reader.failure("a TopicFilter has only one of exactMatch, bytesMatch and pattern") }
      return .position(Int(clamping: index), patterns.first ?? .anything)
    }

    /// A pattern, and the number of the location that it tests.
    private static func dataPattern(_ reader: inout RequestReader) throws(UsageError) -> (Int, ValueCondition.Alternative) {
      var location = 0
      var alternatives: [ValueCondition.Alternative] = []
      try reader.message("DataPatternFilter") { name, reader throws(UsageError) in
        switch name {
        case "location":
          location = try reader.enumeration(["ARGUMENTS", "EVENT_DATA", "STATE_VALUES"].map { "DATA_LOCATION_\($0)" })
        case "string_pattern": alternatives.append(.init(pattern: .expression(try reader.expression())))
        case "bytes_pattern": alternatives.append(.init(pattern: .bytes(try reader.bytes())))
        case "type_filter":
          let classes: [ValueClasses?] = [nil, .string, .numeric, .address, .bytes]
          let names = ["ANY", "STRING", "NUMERIC", "ADDRESS", "BYTES"].map { "SC_VALUE_TYPE_FILTER_\($0)" }
          alternatives.append(.init(classes: classes[try reader.enumeration(names)]))
        default: return false
        }
        return true
      }
      if alternatives.count > 1 {
        throw reader.failure("a DataPatternFilter has only one of stringPattern, bytesPattern and typeFilter")
      }
      return (location, alternatives.first ?? .init())
    }

    private mutating func readTimeFilter(_ reader: inout RequestReader) throws(UsageError) {
      try reader.message("TimeFilter") { name, reader throws(UsageError) in
        switch name {
        case "start_time": try addTimes(try reader.seconds(roundingUp: true)...UInt64.max, reader)
        case "end_time": try addTimes(0...(try reader.seconds(roundingUp: false)), reader)
        // The last hour.
        case "recent_only": if try reader.bool() { try addTimes(now - min(now, 3600)...UInt64.max, reader) }
        default: return false
        }
        return true
      }
    }

    private mutating func readStateFilter(_ reader: inout RequestReader) throws(UsageError) {
      var change = ChangeCondition()
      try reader.message("StateChangeFilter") { name, reader throws(UsageError) in
        switch name {
        case "operations":
          change.operations = try reader.bits(["CREATE", "UPDATE", "DELETE"].map { "STATE_CHANGE_OPERATION_\($0)" })
        case "durabilities":
          change.durabilities = try reader.bits(["TEMPORARY", "PERSISTENT"].map { "CONTRACT_DATA_DURABILITY_\($0)" })
        case "affected_contracts": change.affects = try reader.identifiers(.address)
        case "has_ttl_extensions": if try reader.bool() { add(.has([Subjects(.extensions)])) }
        default: return false
        }
        return true
      }
      if change.operations != nil || change.durabilities != nil || change.affects != nil { add(.change(change)) }
    }
  }
}
