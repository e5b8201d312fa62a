import Bytes
import StellarJSON
import StellarXDR

/// The error message of an RPC server's response; nil for a line that is not an error response.
package func rpcError(in line: RawSpan) -> String? {
  var hits: [FieldPaths.Hit] = []
  try? FieldPaths(["error.message"])?.find(in: line, into: &hits)
  return hits.first.map { "the RPC server answered with an error: \(line.extracting($0.token.content).text)" }
}

/// An entry of `getTransactions`, or the result of `getTransaction`, in a line of an RPC server's JSON.
package struct RPCTransaction {
  fileprivate struct Part {
    var base64: RPCValue?
    var json: RPCValue?

    /// The base64 if both forms are present.
    var value: RPCValue? { base64 ?? json }
  }

  private var envelope = Part()
  private var result = Part()
  private var meta = Part()
  // The ranges of these values.
  private var hash: Range<Int>?
  private var ledger: Range<Int>?
  private var createdAt: Range<Int>?
  private var applicationOrder: Range<Int>?
  private var status: Range<Int>?
  private var isObject = true

  /// The transactions in a range of a line: an entry, a response to `getTransaction` or `getTransactions`, or the `result` of
  /// one. A response can have none; nil for an object that is none of these.
  package static func all(in line: RawSpan, _ part: Range<Int>) throws(JSONError) -> [RPCTransaction]? {
    var cursor = JSONCursor(line.extracting(0..<part.upperBound), at: part.lowerBound)
    var found: [RPCTransaction] = []
    var isResponse = false
    try read(&cursor, isEntry: false, into: &found, &isResponse)
    try cursor.expectEnd()
    return isResponse || !found.isEmpty ? found : nil
  }

  /// Sets `isResponse` if the server says that it does not have the transaction (`"status":"NOT_FOUND"`), or returns a list, even
  /// an empty one.
  private static func read(
    _ cursor: inout JSONCursor, isEntry: Bool, into found: inout [RPCTransaction], _ isResponse: inout Bool
  ) throws(JSONError) {
    var entry = RPCTransaction()
    if try cursor.beginObject() {
      repeat {
        let name = try cursor.memberName()
        let first = try cursor.peek()
        if first == UInt8(ascii: "{"), !isEntry, cursor.equals(name, "result") {
          try read(&cursor, isEntry: false, into: &found, &isResponse)
        } else if !isEntry, first == UInt8(ascii: "[") || first == UInt8(ascii: "n"), cursor.equals(name, "transactions") {
          isResponse = true
          try readEntries(&cursor, into: &found, &isResponse)
        } else {
          try entry.readMember(name, &cursor)
        }
      } while try cursor.next(before: UInt8(ascii: "}"))
    }
    let isKnown = entry.envelope.value != nil || entry.meta.value != nil
    if let status = entry.status, !isKnown, cursor.slice(status).equals("\"NOT_FOUND\"") {
      isResponse = true
    } else if isKnown || isEntry || entry.status != nil {
      found.append(entry)
    }
  }

  /// Reads the value of `transactions`; some servers write an empty page as null.
  private static func readEntries(
    _ cursor: inout JSONCursor, into found: inout [RPCTransaction], _ isResponse: inout Bool
  ) throws(JSONError) {
    guard try cursor.peek() == UInt8(ascii: "[") else { return try cursor.literal("null") }
    if try cursor.beginArray() {
      repeat {
        if try cursor.peek() == UInt8(ascii: "{") {
          try read(&cursor, isEntry: true, into: &found, &isResponse)
        } else {
          try cursor.skipValue()
          var entry = RPCTransaction()
          entry.isObject = false
          found.append(entry)
        }
      } while try cursor.next(before: UInt8(ascii: "]"))
    }
  }

  private mutating func readMember(_ name: JSONCursor.StringToken, _ cursor: inout JSONCursor) throws(JSONError) {
    if cursor.equals(name, "envelopeXdr") {
      envelope.base64 = try RPCValue(&cursor, isJSON: false)
    } else if cursor.equals(name, "envelopeJson") {
      envelope.json = try RPCValue(&cursor, isJSON: true)
    } else if cursor.equals(name, "resultXdr") {
      result.base64 = try RPCValue(&cursor, isJSON: false)
    } else if cursor.equals(name, "resultJson") {
      result.json = try RPCValue(&cursor, isJSON: true)
    } else if cursor.equals(name, "resultMetaXdr") {
      meta.base64 = try RPCValue(&cursor, isJSON: false)
    } else if cursor.equals(name, "resultMetaJson") {
      meta.json = try RPCValue(&cursor, isJSON: true)
    } else {
      let start = cursor.position
      try cursor.skipValue()
      let value = start..<cursor.position
      // A null member counts as absent.
      if cursor.slice(value).equals("null") { return }
      if cursor.equals(name, "ledger") { ledger = value }
      if cursor.equals(name, "createdAt") { createdAt = value }
      if cursor.equals(name, "applicationOrder") { applicationOrder = value }
      if cursor.equals(name, "txHash") { hash = value }
      if cursor.equals(name, "status") { status = value }
    }
  }

  // MARK: decoding

  /// Whether the entry has its hash, which can confirm the network passphrase.
  package var hasHash: Bool { hash != nil }

  /// Appends the entry's XDR to `out` and returns the transaction with positions in it. RPC provides neither the protocol version
  /// nor the fee changes.
  package func decode(
    _ line: RawSpan, _ network: Network, _ parser: inout Parser, into out: inout ByteBuffer
  ) throws(DataError) -> LedgerTransaction {
    guard isObject else { throw DataError("entry of transactions that is not an object") }
    if let status, envelope.value == nil, meta.value == nil {
      let words = Self.words(line, status)
      throw DataError("status is \(words), but there is neither envelopeXdr nor envelopeJson")
    }
    let sequence = try number(ledger, "ledger", 1...0x7FFF_FFFF, line)
    do throws(DataError) {
      let names = LedgerTransaction.PartNames(
        envelope: envelope.name("envelopeXdr", "envelopeJson"), result: result.name("resultXdr", "resultJson"),
        meta: meta.name("resultMetaXdr", "resultMetaJson"))
      let envelopeRange = try envelope.decode("TransactionEnvelope", names.envelope, line, &parser, &out)
      let resultRange = try result.decode("TransactionResult", names.result, line, &parser, &out)
      let metaRange = try meta.decode("TransactionMeta", names.meta, line, &parser, &out)
      let noChanges = out.count..<out.count + 4
      out.append(bigEndian: 0 as UInt32)
      let hash = try checkedHash(envelopeRange, names.envelope, line, network, out)
      let closedAt = try time(line)
      let index = try number(applicationOrder, "applicationOrder", 1...0xF_FFFF, line)
      return LedgerTransaction(
        networkID: network.id, ledgerSequence: sequence, closedAt: closedAt, protocolVersion: nil, index: index, hash: hash,
        envelope: envelopeRange, result: resultRange, feeChanges: noChanges, meta: metaRange, postFeeChanges: nil, names: names)
    } catch {
      throw DataError(error.what, at: error.offset, ledger: sequence)
    }
  }

  /// The transaction's hash. The hash in the entry must equal it or, for a fee bump, the hash of the inner transaction: a server
  /// returns the hash that was requested.
  private func checkedHash(
    _ range: Range<Int>, _ name: StaticString, _ line: RawSpan, _ network: Network, _ out: borrowing ByteBuffer
  ) throws(DataError) -> Hash32 {
    var envelope = TransactionEnvelope()
    let bytes = out.bytes(range)
    do throws(XDRError) {
      var cursor = Cursor(bytes)
      try envelope.read(&cursor)
    } catch {
      let type = Schema.shared.id("TransactionEnvelope")
      throw DataError(Schema.shared.message(for: error, in: type, bytes, under: name.description))
    }
    let computed = network.transactionHash(envelope, bytes)
    guard let hash else { return computed }
    let stated = line.extracting(hash).text.lowercasedASCII
    guard stated.utf8.count == 66, stated.utf8.dropFirst().dropLast().allSatisfy({ hexValue($0) != nil }) else {
      throw DataError("txHash: expected 64 hex digits, found \(Self.words(line, hash))", at: hash.lowerBound)
    }
    let inner = network.innerHash(envelope, bytes)
    guard stated == "\"\(computed.hex)\"" || inner.map({ stated == "\"\($0.hex)\"" }) == true else {
      throw DataError(
        "the envelope does not hash to txHash: the network passphrase is likely wrong (it was \"\(network.passphrase)\"; see --network)"
      )
    }
    return computed
  }

  private func number(
    _ value: Range<Int>?, _ name: String, _ accepted: ClosedRange<UInt32>, _ line: RawSpan
  ) throws(DataError) -> UInt32 {
    guard let value else { throw DataError("entry without \(name)") }
    guard let number = Self.number(line, value).flatMap({ UInt32(exactly: $0) }), accepted.contains(number) else {
      throw DataError(
        "\(name): expected a number from \(accepted.lowerBound) to \(accepted.upperBound), found \(Self.words(line, value))",
        at: value.lowerBound)
    }
    return number
  }

  /// `createdAt`: Unix seconds or RFC 3339.
  private func time(_ line: RawSpan) throws(DataError) -> UInt64 {
    guard let createdAt else { throw DataError("entry without createdAt") }
    if let seconds = Self.number(line, createdAt) { return seconds }
    let inside = createdAt.lowerBound + 1..<max(createdAt.lowerBound + 1, createdAt.upperBound - 1)
    if line[createdAt.lowerBound] == UInt8(ascii: "\""), let seconds = unixSeconds(rfc3339: line.extracting(inside)) {
      return seconds
    }
    throw DataError(
      "createdAt: expected Unix seconds or a time such as 2026-06-20T11:02:33Z, found \(Self.words(line, createdAt))",
      at: createdAt.lowerBound)
  }

  /// An unsigned integer, or a string that contains one; this differs between server versions.
  private static func number(_ line: RawSpan, _ value: Range<Int>) -> UInt64? {
    var digits = line.extracting(value).text[...]
    if digits.hasPrefix("\""), digits.count > 1 { digits = digits.dropFirst().dropLast() }
    return digits.utf8.allSatisfy { (48...57).contains($0) } ? UInt64(digits) : nil
  }

  /// The text of a value in the line, shortened.
  private static func words(_ line: RawSpan, _ value: Range<Int>) -> String {
    let text = line.extracting(value).text.map { $0.isNewline ? " " : $0 }
    return text.count > 40 ? String(text.prefix(40)) + "…" : String(text)
  }
}

extension RPCTransaction.Part {
  /// The name of the form that was read.
  fileprivate func name(_ base64Name: StaticString, _ jsonName: StaticString) -> StaticString {
    base64 == nil && json != nil ? jsonName : base64Name
  }

  fileprivate func decode(
    _ type: StaticString, _ name: StaticString, _ line: RawSpan, _ parser: inout Parser, _ out: inout ByteBuffer
  ) throws(DataError) -> Range<Int> {
    guard let value else { throw DataError("entry without \(name)") }
    do throws(DataError) {
      let range = try value.decode(Schema.shared.id(type), name, line, &parser, into: &out)
      // So that the position of an error at the end of a part is not the start of the next part.
      out.append(bigEndian: 0 as UInt32)
      return range
    } catch {
      if case .base64(let token) = value, !token.content.isEmpty { throw DataError("\(name) is not base64") }
      throw error
    }
  }
}
