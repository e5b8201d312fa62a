// Invocations: the handwritten walks agree with the schema, and their output is valid records.

import Bytes
import Invocations
import Ledgers
import StellarJSON
import StellarXDR

private nonisolated(unsafe) let raw = Renderer(style: .raw)
private nonisolated(unsafe) let sep51 = Renderer(style: .sep51)
private let network = Network("local")
private let ledgerType = type("LedgerCloseMeta")
private let transactionType = type("LedgerTransaction")
let invocationType = type("ContractInvocation")
private let eventType = type("ContractEventRecord")

private func type(_ name: String) -> TypeID {
  guard let type = Schema.shared.type(named: name) else { fatalError("the schema has no \(name)") }
  return type
}

@Sendable func fuzzLedger(_ input: inout Input) {
  let bytes = input.bytes
  var ledger = LedgerCloseMeta()
  ledger.countsEvents = bytes.count & 4 != 0
  var problem: XDRError?
  do throws(XDRError) {
    var cursor = Cursor(bytes.bytes)
    try ledger.readHeader(&cursor)
    try ledger.readBody(&cursor, network: network)
    try Schema.shared.expectEnd(ledgerType, cursor)
  } catch { problem = error }
  let expected = error(ledgerType, bytes)
  require((problem == nil) == (expected == nil), "read: \(String(describing: problem)), skipped: \(String(describing: expected))")
  if let problem {
    require((0...bytes.count).contains(problem.offset), "the error is inside")
    _ = Schema.shared.path(toErrorIn: ledgerType, bytes.bytes)
    return
  }
  do throws(HashMismatch) { try ledger.verify(bytes.bytes, previous: nil) } catch {
    require(!error.description.isEmpty, "an error has words")
  }
  var pairing = Pairing()
  pairing.index(ledger.envelopes)
  var record = ByteBuffer(capacity: 1024)
  for index in ledger.processed.indices {
    // A mutated envelope has another hash: then take any envelope.
    let found = pairing.envelope(ledger.processed[index].hash, in: ledger.envelopes)
    guard let envelope = found ?? (ledger.envelopes.indices.contains(index) ? index : nil) else { continue }
    let transaction = LedgerTransaction(ledger, index, envelope: ledger.envelopes[envelope].range, network: network)
    record.truncate(to: 0)
    transaction.write(bytes.bytes, into: &record)
    extract(record.bytes.copied, choice: 0, mustSucceed: true)
  }
}

/// A LedgerTransaction, or a line with an RPC server's transaction, optionally with its events.
@Sendable func fuzzTransaction(_ input: inout Input) {
  let choice = input.word()
  if choice & 24 == 24 { return decode(events: input.bytes) }
  if choice & 8 != 0 { decode(input.bytes) } else { extract(input.bytes, choice: choice, mustSucceed: false) }
}

private func decode(_ line: [UInt8]) {
  let entries: [RPCTransaction]?
  do throws(JSONError) { entries = try RPCTransaction.all(in: line.bytes, line.indices) } catch {
    return require((0...line.count).contains(error.offset), "the error \(error) is inside")
  }
  require(isJSON(line.bytes) == true, "only JSON is read")
  var decoded = ByteBuffer(capacity: 1024)
  var parser = Parser()
  for entry in entries ?? [] {
    decoded.truncate(to: 0)
    do throws(DataError) {
      let transaction = try entry.decode(line.bytes, network, &parser, into: &decoded)
      extract(transaction, decoded.bytes.copied, choice: 0)
    } catch { require(!error.what.isEmpty, "an error has words") }
  }
}

private func decode(events line: [UInt8]) {
  let entries: [Range<Int>]?
  do throws(JSONError) { entries = try RPCEvent.all(in: line.bytes, line.indices) } catch {
    return require((0...line.count).contains(error.offset), "the error \(error) is inside")
  }
  require(isJSON(line.bytes) == true, "only JSON is read")
  var parser = Parser()
  var record = ByteBuffer(capacity: 1024)
  for entry in entries ?? [] {
    record.truncate(to: 0)
    guard let event = try? RPCEvent(line.bytes, at: entry) else { return require(false, "an entry can be read") }
    do throws(DataError) {
      try event.decode(line.bytes, &parser, into: &record)
      require(error(eventType, record.bytes.copied) == nil, "what is read is a record")
    } catch {
      require(!error.what.isEmpty && (0...line.count).contains(error.offset ?? 0), "an error has words, and is inside")
    }
  }
}

/// Extracts the events of a transaction and the claims that they allow. A valid transaction must be accepted.
private func extractEvents(_ transaction: LedgerTransaction, _ bytes: [UInt8], isGood: Bool) {
  var extractor = EventExtractor()
  var out = ByteBuffer(capacity: 1024)
  out.append(UInt8(7))
  do throws(XDRError) { try extractor.extract(transaction, bytes.bytes, into: &out) } catch {
    require(!isGood, "a good transaction can be read: \(error)")
    require(out.count == 1 && extractor.records.isEmpty, "an error leaves the buffer as it was")
    return
  }
  require(isGood, "only a good transaction is read")
  for range in extractor.records {
    require(error(eventType, Array(out.bytes.copied[range])) == nil, "what is written is a record")
  }
  do throws(XDRError) {
    let found = try ResultProof.check(transaction, bytes.bytes)
    for exception in found.exceptions { require(!exception.description.isEmpty, "an exception has words") }
  } catch { require(false, "a good transaction can be checked: \(error)") }
}

/// Extracts the invocations of a LedgerTransaction. Its values are checked when they are used; a valid one must be accepted.
private func extract(_ record: [UInt8], choice: Int, mustSucceed: Bool) {
  let expected = error(transactionType, record)
  let transaction: LedgerTransaction
  do throws(XDRError) { transaction = try LedgerTransaction(record: record.bytes) } catch {
    require(!mustSucceed, "our own record can be read: \(error)")
    return require(expected != nil, "a good record can be read: \(error)")
  }
  require(expected == nil, "only a good record is read: \(String(describing: expected))")
  var again = ByteBuffer(capacity: 1024)
  transaction.write(record.bytes, into: &again)
  require(again.bytes.equals(record.bytes), "a record is written as it was read")
  extract(transaction, record, choice: choice)
}

private func extract(_ transaction: LedgerTransaction, _ bytes: [UInt8], choice: Int) {
  var extractor = InvocationExtractor()
  extractor.parts = choice & 1 == 0 ? .standard.union(.raw) : InvocationParts(rawValue: choice >> 4 & 0x1FF)
  extractor.types = Set(InvocationType.allCases)
  extractor.omitsUnchanged = choice & 2 != 0
  if choice & 4 != 0 { extractor.after = transaction.toid(ofOperation: choice >> 12) }
  let parts = [
    ("TransactionEnvelope", transaction.envelope), ("TransactionResult", transaction.result),
    ("TransactionMeta", transaction.meta),
  ]
  let problems = parts.map { error(type($0.0), Array(bytes[$0.1])) }
  extractEvents(transaction, bytes, isGood: problems.allSatisfy { $0 == nil })
  var out = ByteBuffer(capacity: 1024)
  out.append(UInt8(7))
  do throws(XDRError) { try extractor.extract(transaction, bytes.bytes, into: &out) } catch {
    require(problems.contains { $0 != nil }, "a good transaction can be read: \(error)")
    require(out.count == 1 && extractor.records.isEmpty, "an error leaves the buffer as it was")
    require((0...bytes.count).contains(error.offset), "the error is inside")
    require(!transaction.words(for: error, bytes.bytes).isEmpty, "an error has words")
    return
  }
  var end = 1
  for record in extractor.records {
    require(record.range.lowerBound == end, "records stand one behind the other")
    end = record.range.upperBound
    check(invocation: out.bytes(record.range).copied)
  }
  require(end == out.count, "nothing stands behind the last record")
  if !extractor.records.isEmpty {
    for (part, problem) in zip(parts, problems) {
      require(problem == nil, "only a good \(part.0) makes records: \(String(describing: problem))")
    }
  }
  // No state of one transaction reaches the next.
  var second = ByteBuffer(capacity: 1024)
  second.append(UInt8(7))
  do throws(XDRError) { try extractor.extract(transaction, bytes.bytes, into: &second) } catch {
    require(false, "once more: \(error)")
  }
  require(second.bytes.equals(out.bytes), "the same transaction gives the same records")
}

/// A record that our code writes is valid in every form.
private func check(invocation record: [UInt8]) {
  let problem = error(invocationType, record)
  require(
    problem == nil,
    "what is written is a record: \(Schema.shared.path(toErrorIn: invocationType, record.bytes)) \(String(describing: problem))")
  for renderer in unsafe [raw, sep51] {
    guard let text = json(renderer, invocationType, record) else { return require(false, "a record can be rendered") }
    var parser = Parser()
    var again = ByteBuffer(capacity: 1024)
    do throws(JSONError) { try parser.parse(invocationType, text.bytes, into: &again) } catch {
      if error.fact == .tooDeep { continue }
      require(false, "a record's NDJSON can be read: \(error.description) in \(text.bytes.text)")
    }
    require(again.bytes.equals(record.bytes), "a record's NDJSON is read as it was")
  }
}
