// Seed inputs for fuzzing, made from testdata/ and from values generated from the schema.

import Bytes
import Foundation
import Ledgers
import StellarJSON
import StellarXDR
import TestSupport

package struct Seeds {
  private let folder: String
  private var counts: [String: Int] = [:]

  /// Writes FOLDER/TARGET/seed-0 and so on, and prints the number of seeds per target. Tests/Fuzz defines the layout of a seed.
  package static func write(to folder: String) {
    var seeds = Seeds(folder: folder)
    seeds.containers()
    seeds.values()
    seeds.depths()
    seeds.texts()
    seeds.ledgers()
    seeds.records()
    for (target, count) in seeds.counts.sorted(by: { $0.key < $1.key }) { print("\(target): \(count)") }
  }

  private mutating func add(_ target: String, _ bytes: [UInt8]) {
    let place = "\(folder)/\(target)"
    if counts[target] == nil { try? FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true) }
    let number = counts[target, default: 0]
    counts[target] = number + 1
    guard FileManager.default.createFile(atPath: "\(place)/seed-\(number)", contents: Data(bytes)) else {
      fatalError("\(place) cannot be written")
    }
  }

  private func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// The two bytes that choose a type.
  private func choice(_ name: String) -> [UInt8] {
    guard let index = Schema.shared.types.firstIndex(where: { $0.name == name }) else { fatalError("the schema has no \(name)") }
    return [UInt8(index >> 8), UInt8(index & 0xFF)]
  }

  private mutating func containers() {
    let ledgers = markedRecords(Repository.bytes(Repository.testdata("ledgers.xdr"))).sorted { $0.count < $1.count }
    let small = Array(ledgers[..<3])
    add("containers", [0, 63] + small.flatMap(marked))
    add("containers", [1, 7] + small.joined())
    add("containers", [0, 20] + small.map { text(base64Text($0)) + [0x0A] }.joined())
    add("containers", [4, 2] + text("{\"a\":1}\n\n[2]\r\n\"AAAA\""))
    add("containers", [0, 3] + [0x80, 0, 0, 4, 1, 2, 3, 4, 0, 0, 0, 2, 5, 6, 0x80, 0, 0, 2, 7, 8])
    let lake = Repository.testdata("lake")
    for path in (FileManager.default.subpaths(atPath: lake) ?? []).filter({ $0.hasSuffix(".zst") }).sorted().prefix(3) {
      add("containers", [0, 63] + Repository.bytes("\(lake)/\(path)"))
    }
    add("containers", [8, 3] + text("\u{14}abcdefghijklmnopqrst\u{3}xyz\u{2}12"))
  }

  private mutating func values() {
    var generator = ValueGenerator(seed: 1)
    for type in Schema.shared.types {
      for size in [20, 200] {
        let value = generator.value(of: type.id, size: size)
        guard value.count < 4096 else { continue }
        add("xdr", choice(type.name) + [0, 9] + value)
        if let json = try? rendered(type.id, value), json.utf8.count < 4096 { add("parse", choice(type.name) + text(json)) }
      }
    }
    for line in Repository.lines(Repository.testdata("values.ndjson")) {
      guard let row = try? JSON(text: line), let name = row["type"]?.text, let xdr = row["xdr"]?.text,
        let json = row["json"]?.text
      else { continue }
      add("xdr", choice(name) + [0, 9] + base64(xdr))
      add("parse", choice(name) + text(json))
      add("text", [0, 9, 0] + text(json))
      add("text", [0, 9, 0] + text(xdr))
      if name == "SCVal" {
        add("text", [0, 9, 1] + text(#"{"a":[{"xdr":"\#(xdr)"},1],"topic":["\#(xdr)"],"value":"\#(xdr)"}"#))
        add("text", [0, 9, 2] + text(xdr))
      }
    }
  }

  /// Values of the maximum depth, and one level deeper.
  private mutating func depths() {
    for levels in [100, 499, 500, 501] {
      let value = Value.nestedVec(levels)
      add("xdr", choice("SCVal") + [0, 9] + value)
      add("text", [0, 9, 2] + text(#"{"xdr":"\#(base64Text(value))"}"#))
    }
    for levels in [500, 501, 2048, 2049] {
      add(
        "text",
        [0, 9, 0] + [UInt8](repeating: UInt8(ascii: "["), count: levels) + [UInt8](repeating: UInt8(ascii: "]"), count: levels))
      add(
        "parse",
        choice("SCVal")
          + text(String(repeating: #"{"vec":["#, count: levels) + #""void""# + String(repeating: "]}", count: levels)))
    }
  }

  private mutating func texts() {
    add("text", [0, 3, 0] + text(#"{"topic":["a","\u00e9\ud83d\ude00"],"value":-1.5e+3,"a":{"b":[{"c":"x"},null,true]}}"#))
    for key in [
      "GBV3T34I4MHE7Z6WFF2XQEFMW4J26YXVX6M26B6BJA5UPY4BUPJJ7SR3", "CDPPV57L6VC6BGROHZGEBDYP5FOHPIWI3SWCKQZ4LERDD73VZYJA5SH6",
      "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK",
      "PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAQACAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUPB6IBZGM",
      "BAAD6DBUX6J22DMZOHIEZTEQ64CVCHEDRKWZONFEUL5Q26QD7R76RGR4TU", "LA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUPJN",
    ] {
      for choice: UInt8 in 0..<8 { add("text", [0, 9, choice] + text(key)) }
    }
    for pattern in [
      "*", "a?c*", "/^a.*[0-9]$/", "hex:00ff", ">=-12", "2=x", "transfer/*/**", "1h30m", "2024-01-01T00:00:00.5Z", "call,create",
    ] {
      for choice: UInt8 in 0..<12 { add("conditions", [choice, 0, UInt8(pattern.utf8.count)] + text(pattern + "abc-12")) }
    }
    add(
      "conditions",
      [255]
        + text(
          #"{"startLedger":5,"end_ledger":"9","contractIds":["CDPPV57L6VC6BGROHZGEBDYP5FOHPIWI3SWCKQZ4LERDD73VZYJA5SH6"],"functionNames":["a"],"invokingAccounts":[],"successfulOnly":true,"typeFilter":"INVOCATION_TYPE_FILTER_CONTRACT_CALL","timeFilter":{"startTime":"2024-01-01T00:00:00Z","recentOnly":true},"stateFilter":{"operations":["STATE_CHANGE_OPERATION_CREATE",1],"durabilities":[],"hasTtlExtensions":true}}"#
        ))
    add(
      "conditions",
      [255]
        + text(
          #"{"contentFilter":{"topicFilters":[{"topicIndex":1,"exactMatch":"x"},{"bytesMatch":"AAE="},{"pattern":"^a"}],"dataPatterns":[{"location":"DATA_LOCATION_EVENT_DATA","stringPattern":"b"},{"typeFilter":2}],"hasDiagnosticEvents":true}}"#
        ))
  }

  private mutating func ledgers() {
    let network = Network("local")
    for record in ["ledgers.xdr", "events.xdr"].flatMap({ markedRecords(Repository.bytes(Repository.testdata($0))) }) {
      if record.count < 16_000 { add("ledger", record) }
      var ledger = LedgerCloseMeta()
      var cursor = Cursor(record.bytes)
      guard (try? ledger.readHeader(&cursor)) != nil, (try? ledger.readBody(&cursor, network: network)) != nil else { continue }
      var pairing = Pairing()
      pairing.index(ledger.envelopes)
      for index in ledger.processed.indices {
        guard let envelope = pairing.envelope(ledger.processed[index].hash, in: ledger.envelopes) else { continue }
        var out = ByteBuffer(capacity: 1024)
        LedgerTransaction(ledger, index, envelope: ledger.envelopes[envelope].range, network: network).write(
          record.bytes, into: &out)
        add("transaction", [0, 0] + out.bytes.copied)
      }
    }
    let events = Repository.bytes(Repository.testdata("rpc/getEvents.json"))
    for (number, event) in ((try? JSON(text: events))?["result"]?["events"]?.elements ?? []).enumerated() where number % 10 == 0 {
      guard let line = try? JSONEncoder().encode(event) else { continue }
      add("transaction", [0, 24] + [UInt8](line))
      add("transaction", [0, 24] + text(#"{"result":{"events":["#) + [UInt8](line) + text("]}}"))
    }
    let decoded = #"{"type":"contract","ledger":1032,"topicJson":[{"symbol":"value"}],"valueJson":{"bool":true}}"#
    add("transaction", [0, 24] + text(decoded))
    for name in ["getTransaction.ndjson", "getTransactions.ndjson"] {
      for line in Repository.lines(Repository.testdata("rpc/\(name)")) where line.count < 16_000 {
        add("transaction", [0, 8] + line)
      }
    }
  }

  private mutating func records() {
    let wasm = Repository.bytes(Repository.testdata("contract.wasm"))
    let length = { (file: [UInt8]) in [UInt8(file.count >> 8), UInt8(file.count & 0xFF)] }
    add("spec", [0] + length(wasm) + wasm)
    var generator = ValueGenerator(seed: 2)
    for size in [20, 60, 200, 600] {
      for _ in 0..<10 {
        let entry = generator.value(of: type("SCSpecEntry"), size: size)
        add("spec", [0] + length(entry) + entry)
      }
    }
    for (number, line) in Repository.lines(Repository.testdata("invocations.ndjson")).enumerated() {
      guard let record = try? parsed(type("ContractInvocation"), String(decoding: line, as: UTF8.self)) else { continue }
      let options = [UInt8(number & 7), UInt8(number % 26), UInt8(number * 7 % 26), UInt8(number * 11 % 26)]
      add("filter", [0] + options + record)
      if line.count < 8000 { add("filter", [1] + options + line) }
      if let decoded = try? rendered(type("ContractInvocation"), record), decoded.utf8.count < 8000 {
        add("filter", [1] + options + text(decoded))
      }
      if record.count < 4000 {
        add("spec", [UInt8(number & 1)] + length(wasm) + wasm + record)
      }
    }
  }
}
