import Bytes
import StellarJSON
import StellarXDR

/// What an RPC server says instead of an answer; nil for a line that is no such response.
package func rpcError(in line: RawSpan) -> String? {
  var hits: [FieldPaths.Hit] = []
  try? FieldPaths(["error.message"])?.find(in: line, into: &hits)
  return hits.first.map { "the RPC server answered with an error: \(line.extracting($0.token.content).text)" }
}

/// An entry of an RPC server's `getTransactions`, or the result of `getTransaction`, as it stands in a line of JSON.
package struct RPCTransaction {
  private var envelope: JSONCursor.StringToken?
  private var result: JSONCursor.StringToken?
  private var meta: JSONCursor.StringToken?
  private var hash: JSONCursor.StringToken?
  package private(set) var ledger: UInt32?
  private var createdAt: UInt64?
  private var applicationOrder: UInt32?

  /// What keeps an entry from being a transaction.
  package enum Problem: Error, CustomStringConvertible {
    case noTransactions
    case missing(String)
    case notBase64(String)
    case badEnvelope(String)
    case wrongHash(passphrase: String)

    package var description: String {
      switch self {
      case .noTransactions: "object without envelopeXdr (an entry of getTransactions, or its response, was expected)"
      case .missing(let name): "entry without \(name)"
      case .notBase64(let name): "\(name) is not base64"
      case .badEnvelope(let message): message
      case .wrongHash(let passphrase):
        "the envelope does not hash to txHash: the network passphrase is likely wrong (it was \"\(passphrase)\"; see --network)"
      }
    }
  }

  /// The transactions of a line: an entry, a response to `getTransaction` or `getTransactions`, or the `result` of one. There may be none
  /// in a response; nil for an object that is none of these.
  package static func all(in line: RawSpan) throws(JSONError) -> [RPCTransaction]? {
    var cursor = JSONCursor(line)
    var found: [RPCTransaction] = []
    var isResponse = false
    try read(&cursor, into: &found, &isResponse)
    try cursor.expectEnd()
    return isResponse || !found.isEmpty ? found : nil
  }

  /// `isResponse` becomes true where a server says that it has no transaction (`"status":"NOT_FOUND"`), or how many.
  private static func read(
    _ cursor: inout JSONCursor, into found: inout [RPCTransaction], _ isResponse: inout Bool
  ) throws(JSONError) {
    var entry = RPCTransaction()
    try cursor.enter()
    if try cursor.beginObject() {
      repeat {
        let name = try cursor.memberName()
        let first = try cursor.peek()
        if first == UInt8(ascii: "{"), cursor.equals(name, "result") {
          try read(&cursor, into: &found, &isResponse)
        } else if first == UInt8(ascii: "["), cursor.equals(name, "transactions") {
          isResponse = true
          try cursor.enter()
          if try cursor.beginArray() {
            repeat {
              if try cursor.peek() == UInt8(ascii: "{") {
                try read(&cursor, into: &found, &isResponse)
              } else {
                try cursor.skipValue()
              }
            } while try cursor.next(before: UInt8(ascii: "]"))
          }
          cursor.depth -= 1
        } else {
          if cursor.equals(name, "status") { isResponse = true }
          try entry.readMember(name, first, &cursor)
        }
      } while try cursor.next(before: UInt8(ascii: "}"))
    }
    cursor.depth -= 1
    if entry.envelope != nil || entry.meta != nil { found.append(entry) }
  }

  private mutating func readMember(_ name: JSONCursor.StringToken, _ first: UInt8, _ cursor: inout JSONCursor) throws(JSONError) {
    let start = cursor.position
    try cursor.skipValue()
    if cursor.equals(name, "ledger") { ledger = Self.number(cursor, start).flatMap { UInt32(exactly: $0) } }
    if cursor.equals(name, "createdAt") { createdAt = Self.number(cursor, start) }
    if cursor.equals(name, "applicationOrder") { applicationOrder = Self.number(cursor, start).flatMap { UInt32(exactly: $0) } }
    guard first == UInt8(ascii: "\"") else { return }
    cursor.position = start
    let token = try cursor.string()
    if cursor.equals(name, "envelopeXdr") { envelope = token }
    if cursor.equals(name, "resultXdr") { result = token }
    if cursor.equals(name, "resultMetaXdr") { meta = token }
    if cursor.equals(name, "txHash") { hash = token }
  }

  /// A number, or a string that holds one, as servers of different age write it.
  private static func number(_ cursor: borrowing JSONCursor, _ start: Int) -> UInt64? {
    UInt64(cursor.slice(start..<cursor.position).text.filter { $0 != "\"" })
  }

  // MARK: decoding

  /// Appends the entry's XDR to `out` and says where its parts stand there. RPC tells neither protocol version nor fee changes.
  package func decode(_ line: RawSpan, _ network: Network, into out: inout ByteBuffer) throws(Problem) -> LedgerTransaction {
    guard let ledger else { throw .missing("ledger") }
    let envelopeRange = try Self.decode(envelope, "envelopeXdr", line, &out)
    let resultRange = try Self.decode(result, "resultXdr", line, &out)
    let metaRange = try Self.decode(meta, "resultMetaXdr", line, &out)
    let noChanges = out.count..<out.count + 4
    out.append(bigEndian: 0 as UInt32)
    let computed = try Self.hash(envelopeRange, network, out)
    if let hash, line.extracting(hash.content).text.lowercased() != computed.hex {
      throw .wrongHash(passphrase: network.passphrase)
    }
    return LedgerTransaction(
      networkID: network.id, ledgerSequence: ledger, closedAt: createdAt ?? 0, protocolVersion: nil, index: applicationOrder ?? 0,
      hash: computed, envelope: envelopeRange, result: resultRange, feeChanges: noChanges, meta: metaRange, postFeeChanges: nil)
  }

  private static func decode(
    _ token: JSONCursor.StringToken?, _ name: String, _ line: RawSpan, _ out: inout ByteBuffer
  ) throws(Problem) -> Range<Int> {
    guard let token else { throw .missing(name) }
    let start = out.count
    if token.isEscaped {
      var plain = ByteBuffer(capacity: token.content.count)
      guard (try? plain.append(unescaped: token, of: line)) != nil, out.append(decodingBase64: plain.bytes) == nil else {
        throw .notBase64(name)
      }
    } else if out.append(decodingBase64: line.extracting(token.content)) != nil {
      throw .notBase64(name)
    }
    return start..<out.count
  }

  private static func hash(_ range: Range<Int>, _ network: Network, _ out: borrowing ByteBuffer) throws(Problem) -> Hash32 {
    var envelope = TransactionEnvelope()
    let bytes = out.bytes(range)
    do throws(XDRError) {
      var cursor = Cursor(bytes)
      try envelope.read(&cursor)
    } catch {
      let type = Schema.shared.id("TransactionEnvelope")
      throw .badEnvelope(Schema.shared.message(for: error, in: type, bytes, under: "envelopeXdr"))
    }
    return network.transactionHash(envelope, bytes)
  }
}

extension Hash32 {
  /// In lower-case hex, for messages.
  package var hex: String {
    var text = ByteBuffer(capacity: 64)
    text.append(hex: self)
    return text.bytes.text
  }
}
