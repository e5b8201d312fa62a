import Bytes
import Foundation
import Invocations
import Ledgers
import StellarJSON
import StellarXDR
import TestSupport
import Testing

/// A hundred thousand damaged inputs for every reader of untrusted data. None may stop the program, and what is accepted must be
/// consistent. Another seed: MUTATION_SEED=7 swift test --filter Mutation
@Suite(.serialized) struct MutationTests {
  static let seed = ProcessInfo.processInfo.environment["MUTATION_SEED"].flatMap { UInt64($0) } ?? 1

  private func run(_ what: String, _ count: Int, salt: UInt64, _ body: (inout Mutator) throws -> Bool) rethrows {
    var mutator = Mutator(seed: Self.seed &* 1000 &+ salt)
    var accepted = 0
    for _ in 0..<count where try body(&mutator) { accepted += 1 }
    print("mutations: \(count) \(what), \(accepted) of them still good, seed \(Self.seed)")
    #expect(accepted > 0 && accepted < count)
  }

  /// Skip, render and parse agree on which values are valid.
  @Test func values() throws {
    let rows = try Repository.lines(Repository.testdata("values.ndjson")).map { line in
      let row = try JSON(text: line)
      return (type(row["type"]?.text ?? ""), base64(row["xdr"]?.text ?? ""))
    }.filter { $0.1.count < 600 }
    var parser = Parser()
    var text = ByteBuffer()
    var back = ByteBuffer()
    try run("values", 70_000, salt: 1) { mutator in
      let (id, xdr) = rows[mutator.random.below(rows.count)]
      let value = mutator.damaged(xdr, other: rows[mutator.random.below(rows.count)].1)
      text.truncate(to: 0)
      do throws(XDRError) {
        try Renderer(style: .sep51).render(id, value.bytes, into: &text)
      } catch {
        _ = error.description(.shared)
        #expect(TestSupport.error(in: value, as: id)?.fact == error.fact, "\(hexDigits(value))")
        if mutator.random.once(in: 10) { _ = path(toErrorIn: value, as: id) }
        return false
      }
      back.truncate(to: 0)
      try parser.parse(id, text.bytes, into: &back)
      let isSame = back.bytes.equals(value.bytes)
      #expect(isSame, "\(hexDigits(value))")
      if mutator.random.once(in: 4) { _ = try rendered(id, value, style: .native) }
      return true
    }
  }

  /// The records extracted from a damaged transaction are readable.
  @Test func transactions() throws {
    let records = try Testdata.transactions().filter { !(try invocations(of: $0, .all).isEmpty) }
    run("transactions", 12_000, salt: 2) { mutator in
      let record = damagedTransaction(records, &mutator)
      var transaction = LedgerTransaction.none
      do throws(XDRError) { transaction = try LedgerTransaction(record: record.bytes) } catch { return false }
      var extractor = InvocationExtractor()
      extractor.types = Set(InvocationType.allCases)
      extractor.parts = .standard.union(.raw)
      var out = ByteBuffer()
      do throws(XDRError) { try extractor.extract(transaction, record.bytes, into: &out) } catch {
        _ = transaction.words(for: error, record.bytes)
        return false
      }
      for range in extractor.records.map(\.range) {
        let invocation = out.bytes(range).copied
        let wrong = error(in: invocation, as: type("ContractInvocation"))
        #expect(wrong == nil, "\(base64Text(record))")
      }
      return !extractor.records.isEmpty
    }
  }

  /// Damage in one of the parts, whose length is then corrected, so that the part is read.
  private func damagedTransaction(_ records: [[UInt8]], _ mutator: inout Mutator) -> [UInt8] {
    let record = records[mutator.random.below(records.count)]
    if mutator.random.once(in: 8) { return mutator.damaged(record, other: records[mutator.random.below(records.count)]) }
    let view = XDRView("LedgerTransaction", record)
    let name = ["envelope_xdr", "result_xdr", "meta_xdr"][mutator.random.below(3)]
    let other = XDRView("LedgerTransaction", records[mutator.random.below(records.count)])[name].content
    let part = mutator.random.once(in: 6) ? other : mutator.damaged(view[name].content, other: other)
    return Array(record[..<view[name].range.lowerBound]) + counted(part) + record[view[name].range.upperBound...]
  }

  /// The hand-written walk over a ledger accepts what the table accepts.
  @Test func ledgers() throws {
    let ledgers = Testdata.ledgers().filter { $0.count < 12_000 }
    run("ledgers", 3000, salt: 3) { mutator in
      let ledger = mutator.damaged(
        ledgers[mutator.random.below(ledgers.count)], other: ledgers[mutator.random.below(ledgers.count)])
      var found: XDRError?
      do throws(XDRError) {
        var cursor = Cursor(ledger.bytes)
        var meta = LedgerCloseMeta()
        try meta.readHeader(&cursor)
        try meta.readBody(&cursor, network: Testdata.network)
        try Schema.shared.expectEnd(type("LedgerCloseMeta"), cursor)
      } catch { found = error }
      let expected = error(in: ledger, as: type("LedgerCloseMeta"))
      #expect((found == nil) == (expected == nil), "\(expected.map { "\($0)" } ?? "good") \(base64Text(ledger))")
      return expected == nil
    }
  }

  /// Lines of JSON: embedded values, records, entries of an RPC server.
  @Test func lines() throws {
    let names = ["invocations.ndjson", "transactions.ndjson", "rpc/getTransactions.ndjson", "values.ndjson"]
    let lines = names.flatMap { Repository.lines(Repository.testdata($0)) }.filter { $0.count < 3000 }
    var rewriter = LineRewriter(renderer: Renderer(style: .native), type: Schema.shared.scval)
    var out = ByteBuffer()
    let fields = try #require(FieldPaths(["xdr", "contract_call.arguments[].xdr", "meta_xdr"]))
    run("lines", 20_000, salt: 4) { mutator in
      let line = mutator.damaged(lines[mutator.random.below(lines.count)], other: lines[mutator.random.below(lines.count)])
      out.truncate(to: 0)
      var isGood = false
      do throws(JSONError) {
        try rewriter.rewrite(embedded: line.bytes, into: &out)
        isGood = true
      } catch { _ = "\(error)" }
      if mutator.random.once(in: 4) { _ = try? rewriter.rewrite(line.bytes, fields: fields, into: &out) }
      if mutator.random.once(in: 4) { readRPC(line, &out) }
      return isGood
    }
  }

  private func readRPC(_ line: [UInt8], _ out: inout ByteBuffer) {
    guard let entries = try? RPCTransaction.all(in: line.bytes, line.indices) ?? [] else { return }
    var parser = Parser()
    for entry in entries { _ = try? entry.decode(line.bytes, Testdata.network, &parser, into: &out) }
  }

  /// SEP-51 text and our own records to XDR: accepted text gives a valid value, which renders and parses to itself.
  @Test func texts() throws {
    let records = Repository.lines(Repository.testdata("invocations.ndjson")).filter { $0.count < 3500 }
    let values = try Repository.lines(Repository.testdata("values.ndjson")).map { line in
      let row = try JSON(text: line)
      return (type(row["type"]?.text ?? ""), Array((row["json"]?.text ?? "").utf8))
    }.filter { $0.1.count < 600 }
    let texts = values + records.map { (type("ContractInvocation"), $0) }
    var parser = Parser()
    run("texts", 12_500, salt: 5) { mutator in
      let (id, text) = texts[mutator.random.below(texts.count)]
      var damaged = mutator.damaged(text, other: texts[mutator.random.below(texts.count)].1)
      if mutator.random.once(in: 2) {
        // A replaced character leaves the text parsable more often.
        damaged = text
        damaged[mutator.random.below(text.count)] = text[mutator.random.below(text.count)]
      }
      var out = ByteBuffer()
      do throws(JSONError) { try parser.parse(id, damaged.bytes, into: &out) } catch {
        _ = error.message(in: damaged.bytes)
        return false
      }
      let wrong = error(in: out.bytes.copied, as: id)
      #expect(wrong == nil, "\(String(decoding: damaged, as: UTF8.self))")
      return true
    }
  }
}
