import Bytes
import StellarJSON
import StellarXDR

/// A `getEvents` request to an RPC server: the complete JSON-RPC request, its `params`, or its `filters`. Filters are
/// alternatives; all members of one filter must match.
///
/// ```
///   {"jsonrpc":"2.0","id":1,"method":"getEvents","params":{"startLedger":50000000,"filters":[
///     {"type":"contract","contractIds":["C…"],"topics":[["AAAADwAAAAh0cmFuc2Zlcg==","*","**"]]}]}}
/// ```
enum EventsRequest {
  /// Members that distinguish it from a `GetInvocationsRequest`.
  private static let ownMembers: Set<String> = ["jsonrpc", "method", "params", "filters", "pagination", "xdr_format"]

  /// Whether a text is such a request, judged by the names of its members.
  static func isOne(_ text: [UInt8]) -> Bool {
    var reader = RequestReader(text.bytes)
    var isOne = false
    do throws(UsageError) {
      try reader.message("") { name, reader throws(UsageError) in
        if ownMembers.contains(name) { isOne = true }
        try reader.skip()
        return true
      }
    } catch {}
    return isOne
  }

  /// The clauses of a request, each with the name of the member that it comes from.
  static func clauses(of text: [UInt8]) throws(UsageError) -> [FilterOptions.Named] {
    var reader = RequestReader(text.bytes)
    var params = Params()
    try reader.message("a getEvents request") { name, reader throws(UsageError) in
      switch name {
      case "jsonrpc", "id": try reader.skip()
      case "method":
        if case let method = try reader.string(), method != "getEvents" {
          throw reader.failure("'\(method)' is not the method getEvents")
        }
      case "params":
        try reader.message("params") { name, reader throws(UsageError) in try params.read(name, &reader) }
      default: return try params.read(name, &reader)
      }
      return true
    }
    try reader.end()
    return params.clauses
  }

  private struct Params {
    var clauses: [FilterOptions.Named] = []
    private var ledgers: (first: UInt32, end: UInt32?) = (0, nil)

    mutating func read(_ name: String, _ reader: inout RequestReader) throws(UsageError) -> Bool {
      switch name {
      case "start_ledger":
        ledgers.first = try reader.uint32()
        try checkLedgers(reader)
        add("startLedger", .ledgers([ledgers.first...UInt32.max]))
      case "end_ledger":
        // The end is exclusive; 0 means that there is none.
        if case let end = try reader.uint32(), end > 0 {
          ledgers.end = end
          try checkLedgers(reader)
          add("endLedger", .ledgers([0...end - 1]))
        }
      case "filters":
        var filters: [EventCondition] = []
        try reader.list { reader throws(UsageError) in filters.append(try Self.filter(&reader)) }
        if !filters.isEmpty { add("filters", .anyEvent(filters)) }
      case "pagination":
        try reader.message("pagination") { name, reader throws(UsageError) in
          switch name {
          // A page size does not change which events match.
          case "limit": _ = try reader.uint32()
          case "cursor":
            _ = try reader.string()
            throw reader.failure("a cursor is valid for one server only; use startLedger to say where to begin")
          default: return false
          }
          return true
        }
      // The records have the format of the input, or the one of -o.
      case "xdr_format": _ = try reader.string()
      default: return false
      }
      return true
    }

    private mutating func add(_ name: String, _ condition: Condition) {
      clauses.append(FilterOptions.Named(option: "--request \(name)", alternatives: [condition]))
    }

    private func checkLedgers(_ reader: borrowing RequestReader) throws(UsageError) {
      if let end = ledgers.end, ledgers.first >= end {
        throw reader.failure("a range from ledger \(ledgers.first) to before \(end) is empty")
      }
    }

    private static func filter(_ reader: inout RequestReader) throws(UsageError) -> EventCondition {
      var filter = EventCondition()
      try reader.message("a filter") { name, reader throws(UsageError) in
        switch name {
        case "type": (filter.types, filter.effective) = try types(&reader)
        case "contract_ids": filter.contracts = try reader.identifiers(.address)
        case "topics": try reader.list { reader throws(UsageError) in filter.topics.append(try topics(&reader)) }
        default: return false
        }
        return true
      }
      return filter
    }

    /// The types, and those types of which servers return only events that took effect.
    private static func types(_ reader: inout RequestReader) throws(UsageError) -> (wanted: UInt32, effective: UInt32) {
      let text = try reader.string()
      var bits: UInt32 = 0
      var effective: UInt32 = 0
      for word in text.split(separator: ",", omittingEmptySubsequences: false) {
        guard let index = FilterOption.eventTypes.firstIndex(where: { $0 == word }) else {
          throw reader.failure("'\(word)' is not one of contract, system, diagnostic")
        }
        bits |= 1 << UInt32(index)
        if word != "diagnostic" { effective |= 1 << UInt32(index) }
      }
      return (bits, effective)
    }

    /// One topic filter: segments that are values, `*` for any topic, and at the end `**` for any further topics.
    private static func topics(_ reader: inout RequestReader) throws(UsageError) -> TopicFilter {
      var patterns: [Pattern] = []
      var isOpen = false
      try reader.list { reader throws(UsageError) in
        let text = try reader.string()
        if isOpen { throw reader.failure("'**' matches all topics that follow, so only the last segment can be '**'") }
        switch text {
        case "**": isOpen = true
        case "*": patterns.append(.anything)
        default: patterns.append(.value(try value(text, reader)))
        }
      }
      if patterns.isEmpty, !isOpen { throw reader.failure("a topic filter needs at least one segment") }
      return .segments(patterns, isOpen: isOpen)
    }

    private static func value(_ text: String, _ reader: borrowing RequestReader) throws(UsageError) -> ExactValue {
      do throws(UsageError) { if let value = try ExactValue(base64: text) { return value } } catch {}
      throw reader.failure("'\(text)' is neither base64 of an SCVal nor *")
    }
  }
}
