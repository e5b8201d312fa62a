import Bytes
import Ledgers
import StellarJSON
import StellarXDR

/// An entry of an RPC server's `getEvents` in a line of JSON, with values in base64 or SEP-51 (`xdrFormat: json`).
///
/// What the entry does not contain is null in the resulting record.
package struct RPCEvent {
  private var type: JSONCursor.StringToken?
  private var contract: JSONCursor.StringToken?
  private var id: JSONCursor.StringToken?
  private var hash: JSONCursor.StringToken?
  private var closedAt: JSONCursor.StringToken?
  private var operationIndex: UInt32?
  private var transactionIndex: UInt32?
  private var inSuccessfulCall: Bool?
  /// The ranges of the values in the line.
  private var topics: (name: String, ranges: [Range<Int>])?
  private var value: (name: String, range: Range<Int>)?
  package private(set) var ledger: UInt32?

  /// The ranges of the events in an element of a line: an entry, or the events of a response to `getEvents` or of its `result`. A
  /// response can have none; nil for an object that is none of these.
  package static func all(in line: RawSpan, _ element: Range<Int>) throws(JSONError) -> [Range<Int>]? {
    var cursor = JSONCursor(line.extracting(0..<element.upperBound))
    cursor.position = element.lowerBound
    var found: [Range<Int>] = []
    var isResponse = false
    try find(&cursor, &found, &isResponse)
    try cursor.expectEnd()
    return isResponse || !found.isEmpty ? found : nil
  }

  /// Sets `isResponse` if there is an array of events.
  private static func find(_ cursor: inout JSONCursor, _ found: inout [Range<Int>], _ isResponse: inout Bool) throws(JSONError) {
    guard try cursor.peek() == UInt8(ascii: "{") else { return try cursor.skipValue() }
    let start = cursor.position
    var isEntry = false
    if try cursor.beginObject() {
      repeat {
        let name = try cursor.memberName()
        let first = try cursor.peek()
        if first == UInt8(ascii: "{"), cursor.equals(name, "result") {
          try find(&cursor, &found, &isResponse)
        } else if first == UInt8(ascii: "["), cursor.equals(name, "events") {
          isResponse = true
          try findElements(&cursor, &found)
        } else {
          if first == UInt8(ascii: "["), cursor.equals(name, "topic") || cursor.equals(name, "topicJson") { isEntry = true }
          try cursor.skipValue()
        }
      } while try cursor.next(before: UInt8(ascii: "}"))
    }
    if isEntry { found.append(start..<cursor.position) }
  }

  private static func findElements(_ cursor: inout JSONCursor, _ found: inout [Range<Int>]) throws(JSONError) {
    if try cursor.beginArray() {
      repeat {
        let isObject = try cursor.peek() == UInt8(ascii: "{")
        let start = cursor.position
        try cursor.skipValue()
        if isObject { found.append(start..<cursor.position) }
      } while try cursor.next(before: UInt8(ascii: "]"))
    }
  }

  /// Reads the entry at `range` of a line.
  package init(_ line: RawSpan, at range: Range<Int>) throws(JSONError) {
    var cursor = JSONCursor(line.extracting(0..<range.upperBound))
    cursor.position = range.lowerBound
    guard try cursor.beginObject() else { return }
    repeat {
      let name = try cursor.memberName()
      try readMember(name, try cursor.peek(), &cursor)
    } while try cursor.next(before: UInt8(ascii: "}"))
  }

  private mutating func readMember(_ name: JSONCursor.StringToken, _ first: UInt8, _ cursor: inout JSONCursor) throws(JSONError) {
    let start = cursor.position
    try cursor.skipValue()
    let range = start..<cursor.position
    if cursor.equals(name, "ledger") { ledger = Self.number(cursor, range) }
    if cursor.equals(name, "operationIndex") { operationIndex = Self.number(cursor, range) }
    if cursor.equals(name, "transactionIndex") { transactionIndex = Self.number(cursor, range) }
    if cursor.equals(name, "inSuccessfulContractCall"), first == UInt8(ascii: "t") || first == UInt8(ascii: "f") {
      inSuccessfulCall = first == UInt8(ascii: "t")
    }
    if first == UInt8(ascii: "[") {
      for known in ["topic", "topicJson"] where cursor.slice(name.content).equals(Array(known.utf8).bytes) {
        cursor.position = start
        topics = (known, try cursor.elements())
      }
    }
    if cursor.equals(name, "valueJson") { value = ("valueJson", range) }
    guard first == UInt8(ascii: "\"") else { return }
    cursor.position = start
    let token = try cursor.string()
    if cursor.equals(name, "value") { value = ("value", range) }
    if cursor.equals(name, "type") { type = token }
    if cursor.equals(name, "contractId") { contract = token }
    if cursor.equals(name, "id") { id = token }
    if cursor.equals(name, "txHash") { hash = token }
    if cursor.equals(name, "ledgerClosedAt") { closedAt = token }
  }

  /// A number, or a string that contains one.
  private static func number(_ cursor: borrowing JSONCursor, _ range: Range<Int>) -> UInt32? {
    UInt32(cursor.slice(range).text.filter { $0 != "\"" })
  }
}

extension RPCEvent {
  /// Appends the ContractEvent record of the entry, in XDR form.
  package func decode(_ line: RawSpan, _ parser: inout Parser, into out: inout ByteBuffer) throws(DataError) {
    guard let ledger else { throw DataError("entry without ledger") }
    let place = try Place(self, ledger, line)
    let isInOperation = place.stage == .operation
    out.append(bigEndian: RecordKind.contractEventMark)
    out.append(bigEndian: ledger)
    let seconds = closedAt.flatMap { unixSeconds(rfc3339: line.extracting($0.content)) }
    if let closedAt, seconds == nil { throw DataError("ledgerClosedAt is not an RFC 3339 time", at: closedAt.content.lowerBound) }
    out.append(flag: seconds != nil)
    if let seconds { out.append(bigEndian: seconds) }
    try appendHash(line, into: &out)
    out.append(optional: place.transaction)
    out.append(optional: place.operation)
    // An operation has events only if it took effect. For other events `inSuccessfulContractCall` says nothing about the
    // operation.
    out.append(flag: isInOperation && inSuccessfulCall != nil)
    if isInOperation, let inSuccessfulCall { out.append(flag: inSuccessfulCall) }
    out.append(optional: place.toid)
    // Null: protocol version, success of the transaction, both codes, inner hash, both accounts, fee.
    for _ in 0..<8 { out.append(flag: false) }
    out.append(flag: place.text != nil)
    if let text = place.text { out.append(opaque: text.bytes) }
    out.append(optional: place.stage?.rawValue)
    out.append(optional: place.operation)
    out.append(optional: place.index)
    try appendContract(line, into: &out)
    try appendType(line, into: &out)
    try appendValues(line, &parser, into: &out)
    out.append(flag: false)
  }

  /// The position of the event, as far as the entry contains it.
  private struct Place {
    /// The id.
    var text: [UInt8]?
    var stage: EventStage?
    var transaction: UInt32?
    var operation: UInt32?
    var index: UInt32?
    var toid: Int64?

    init(_ entry: RPCEvent, _ ledger: UInt32, _ line: RawSpan) throws(DataError) {
      var id: EventID?
      if let token = entry.id {
        var plain = ByteBuffer(capacity: 64)
        do throws(JSONError) { try plain.append(unescaped: token, of: line) } catch {
          throw DataError("id: \(error.description)", at: error.offset)
        }
        text = plain.bytes.copied
        id = EventID(plain.bytes)
        index = id?.index
      } else if let transaction = entry.transactionIndex, let operation = entry.operationIndex {
        // The server derives both numbers from the id.
        id = EventID(ledger, transaction, operation, index: 0)
      }
      guard let id, id.ledger == ledger else {
        index = nil
        return
      }
      stage = id.stage
      if stage == .operation || stage == .afterTransaction { transaction = id.transaction }
      guard stage == .operation else { return }
      operation = id.operation
      toid = Int64(ledger & 0x7FFF_FFFF) << 32 | Int64(id.transaction) << 12 | Int64(id.operation + 1)
    }
  }

  private func appendHash(_ line: RawSpan, into out: inout ByteBuffer) throws(DataError) {
    let known = hash.flatMap { Hash32(hex: line.extracting($0.content)) }
    if let hash, known == nil { throw DataError("txHash is not 64 hex digits", at: hash.content.lowerBound) }
    out.append(optional: known)
  }

  /// An event without a contract has an empty id.
  private func appendContract(_ line: RawSpan, into out: inout ByteBuffer) throws(DataError) {
    guard let contract, !contract.content.isEmpty else { return out.append(flag: false) }
    out.append(flag: true)
    guard Strkey.decode(line.extracting(contract.content), into: &out) == Strkey.contract else {
      throw DataError("contractId is not a C… address", at: contract.content.lowerBound)
    }
  }

  private func appendType(_ line: RawSpan, into out: inout ByteBuffer) throws(DataError) {
    guard let type else { throw DataError("entry without type") }
    let name = line.extracting(type.content)
    let names: [StaticString] = ["system", "contract", "diagnostic"]
    guard let number = names.firstIndex(where: { name.equals($0) }) else {
      throw DataError("type is neither contract, system nor diagnostic", at: type.content.lowerBound)
    }
    out.append(bigEndian: UInt32(number))
  }

  // MARK: values

  private func appendValues(_ line: RawSpan, _ parser: inout Parser, into out: inout ByteBuffer) throws(DataError) {
    guard let topics else { throw DataError("entry without topic") }
    guard let value else { throw DataError("entry without value") }
    out.append(bigEndian: UInt32(topics.ranges.count))
    for (index, range) in topics.ranges.enumerated() {
      try append("\(topics.name)[\(index)]", range, topics.name == "topicJson", line, &parser, into: &out)
    }
    try append(value.name, value.range, value.name == "valueJson", line, &parser, into: &out)
  }

  /// One value: SEP-51, or a string of base64.
  private func append(
    _ name: String, _ range: Range<Int>, _ isJSON: Bool, _ line: RawSpan, _ parser: inout Parser, into out: inout ByteBuffer
  ) throws(DataError) {
    let scval = Schema.shared.scval
    let text = line.extracting(range)
    if isJSON {
      do throws(JSONError) { return try parser.parse(scval, text, into: &out) } catch {
        throw DataError("\(name): \(error.description)", at: range.lowerBound + error.offset)
      }
    }
    let start = out.count
    var cursor = JSONCursor(text)
    guard text[0] == UInt8(ascii: "\""), let token = try? cursor.string() else {
      throw DataError("\(name) is not a string", at: range.lowerBound)
    }
    var wrong: Int?
    do throws(JSONError) { wrong = try out.append(decodingBase64: token, of: text) } catch { wrong = 0 }
    if wrong != nil { throw DataError("\(name) is not base64", at: range.lowerBound) }
    let bytes = out.bytes(start..<out.count)
    do throws(XDRError) { try Schema.shared.validate(scval, bytes) } catch {
      throw DataError(Schema.shared.message(for: error, in: scval, bytes, under: name), at: range.lowerBound)
    }
  }
}
