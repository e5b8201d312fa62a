// Invocations and Filtering over ContractInvocation records: filters select the same in all forms of a record.

import Bytes
import ContractSpecs
import Filtering
import Ledgers
import Proto
import StellarJSON
import StellarXDR

private nonisolated(unsafe) let raw = Renderer(style: .raw)
private nonisolated(unsafe) let sep51 = Renderer(style: .sep51)
private nonisolated(unsafe) let native = RecordFilter.renderer()
private nonisolated(unsafe) var proto = ProtoRenderer()

private let contract = FilterOptions.Item("CDPPV57L6VC6BGROHZGEBDYP5FOHPIWI3SWCKQZ4LERDD73VZYJA5SH6")
private let account = FilterOptions.Item("GBV3T34I4MHE7Z6WFF2XQEFMW4J26YXVX6M26B6BJA5UPY4BUPJJ7SR3")

extension FilterOptions.Item: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { self.init(text) }
}

/// One condition of every kind, each on another part of a record.
private let options: [@Sendable (inout FilterOptions) -> Void] = [
  { _ in }, { $0["contract"] = [contract] }, { $0["involves"] = [contract] }, { $0["function"] = ["t*"] },
  {
    $0["function"] = ["/a|e/"]; $0["any-call"] = []
  }, { $0["account"] = [account] }, { $0["type"] = ["create,upload"] },
  { $0["succeeded"] = [] }, { $0["result"] = ["trapped"] }, { $0.ledgers = [1026...1030] },
  { $0["since"] = ["2024-01-01T00:00:30Z"] },
  { $0["topic"] = ["transfer/**"] },
  {
    $0["topic"] = ["1=hex:00"]; $0["event-type"] = ["diagnostic"]
  }, { $0["arg"] = ["*a*"] },
  { $0["arg"] = ["0=>5"] }, { $0["data"] = ["/[0-9]/"] },
  {
    $0["state"] = [">=1"]; $0["value-type"] = ["numeric"]
  },
  { $0["value-type"] = ["address"] }, { $0["has"] = ["events", "auth"] }, { $0["has"] = ["calls,diagnostics"] },
  { $0["change"] = ["create"] },
  {
    $0["durability"] = ["temporary"]; $0["affects"] = [contract]
  }, { $0["min-args"] = ["2"] }, { $0["max-args"] = ["1"] },
  { $0["tx"] = [FilterOptions.Item(String(repeating: "ab", count: 32))] }, { $0["state"] = ["hex:00ff"] },
]

/// One to three conditions, chosen by the input.
private struct Choice: Hashable {
  var numbers: [Int] = []
  var any: Bool

  init(_ input: inout Input) {
    let choice = input.byte()
    for _ in 0...(choice & 3) % 3 { numbers.append(input.byte() % options.count) }
    any = choice & 4 != 0
  }

  func filter(inverted: Bool) -> Filter {
    var chosen = FilterOptions()
    for number in numbers { options[number](&chosen) }
    chosen["any"] = any ? [] : nil
    chosen["invert-match"] = inverted ? [] : nil
    do throws(UsageError) { return try chosen.filter() } catch { fatalError("\(error)") }
  }
}

/// A filter and its opposite.
private struct Filters {
  let wanting, refusing: Filter
}

/// The filters of earlier choices: compiling one takes longer than using it.
private nonisolated(unsafe) var known: [Choice: Filters] = [:]

private func filters(_ choice: Choice) -> Filters {
  if let found = unsafe known[choice] { return found }
  if unsafe known.count == 4096 { unsafe known.removeAll() }
  let made = Filters(wanting: choice.filter(inverted: false), refusing: choice.filter(inverted: true))
  unsafe known[choice] = made
  return made
}

/// Whether the filter selects a record; nil if the record is invalid.
private func selects(_ filter: inout RecordFilter, record: [UInt8]) -> Bool? {
  do throws(RecordError) { return try filter.selects(record: record.bytes) } catch {
    require((0...record.count).contains(error.offset), "the error is inside")
    require(!error.description(of: record.bytes).isEmpty, "an error has words")
    return nil
  }
}

private func selects(_ filter: inout RecordFilter, line: [UInt8]) -> Bool? {
  do throws(RecordError) { return try filter.selects(line: line.bytes) } catch {
    require((0...line.count).contains(error.offset), "the error \(error) is inside")
    let words = error.description(of: line.bytes)
    require(!words.isEmpty, "an error has words")
    if case .malformed = error { require(false, "it is known what is wrong") }
    return nil
  }
}

/// A record as XDR, or as a line.
@Sendable func fuzzFilter(_ input: inout Input) {
  let isLine = input.byte() & 1 != 0
  let filters = filters(Choice(&input))
  if isLine { filter(filters, line: input.bytes) } else { filter(filters, record: input.bytes) }
}

private func filter(_ filters: Filters, record: [UInt8]) {
  let isGood = error(invocationType, record) == nil
  var wanting = unsafe RecordFilter(filters.wanting, native: native)
  var refusing = unsafe RecordFilter(filters.refusing, native: native)
  let isWanted = selects(&wanting, record: record)
  let isRefused = selects(&refusing, record: record)
  if isWanted == true || isRefused == true { require(isGood, "only a good record is passed on") }
  var out = ByteBuffer(capacity: 1024)
  do throws(XDRError) {
    let isWritten = try unsafe proto.render(record.bytes, into: &out)
    require(isGood, "only a good record is written")
    require(isWritten ? isJSON(out.bytes) != false : out.isEmpty, "what is written is JSON: \(out.bytes.text)")
  } catch { require(!isGood, "a good record is written: \(error)") }
  guard isGood else { return }
  require(isWanted != nil && isRefused == isWanted.map { !$0 }, "a good record is wanted or not: \(String(describing: isWanted))")
  for renderer in unsafe [raw, sep51] {
    guard let line = json(renderer, invocationType, record) else { return require(false, "a good record is rendered") }
    guard isJSON(line.bytes) == true else { continue }
    let isLineWanted = selects(&wanting, line: line)
    require(
      isLineWanted == isWanted,
      "wanted as XDR: \(String(describing: isWanted)), as \(line.bytes.text): \(String(describing: isLineWanted))")
  }
}

private func filter(_ filters: Filters, line: [UInt8]) {
  var wanting = unsafe RecordFilter(filters.wanting, native: native)
  var refusing = unsafe RecordFilter(filters.refusing, native: native)
  let isWanted = selects(&wanting, line: line)
  let isRefused = selects(&refusing, line: line)
  require(isWanted != true || isRefused != true, "a line is wanted or not")
  if isWanted == true || isRefused == true { require(isJSON(line.bytes) == true, "only JSON is passed on") }
  // A line leaves no state for the next one.
  require(selects(&wanting, line: line) == isWanted, "the same line is told the same way")
}

// MARK: user input

/// A pattern for any option, or a complete request.
@Sendable func fuzzConditions(_ input: inout Input) {
  let choice = input.byte()
  if choice == 255 { request(input.bytes) } else { pattern(&input, choice: choice) }
}

private func request(_ text: [UInt8]) {
  guard isTame(text) else { return }
  var options = FilterOptions()
  options.request = text
  options.now = 1_800_000_000
  do throws(UsageError) { try unsafe match(RecordFilter(options.filter(), native: native), "x", "y") } catch {
    require(!error.description.isEmpty, "an error has words")
  }
}

/// Without nested repetitions: glibc compiles `a{9}{9}{9}` as often as it says. Users ask that of their own machine only.
private func isTame(_ text: [UInt8]) -> Bool {
  zip(text, text.dropFirst()).count { $0 == UInt8(ascii: "{") && (48..<58).contains($1) } < 2
}

private func pattern(_ input: inout Input, choice: Int) {
  let pattern = input.part()
  guard isTame(pattern) else { return }
  let text = pattern.bytes.text
  let value = input.bytes.bytes.text
  var options = FilterOptions()
  switch choice % 12 {
  case 0: options["function"] = [FilterOptions.Item(text)]
  case 1: options["arg"] = [FilterOptions.Item(text)]
  case 2: options["topic"] = [FilterOptions.Item(text)]
  case 3: options["data"] = [FilterOptions.Item(text)]
  case 4: options["state"] = [FilterOptions.Item(text)]
  case 5: options["since"] = [FilterOptions.Item(text)]
  case 6: options["recent"] = [FilterOptions.Item(text)]
  case 7: options["contract"] = [FilterOptions.Item(text)]
  case 8: options["type"] = [FilterOptions.Item(text)]
  case 9: options["tx"] = [FilterOptions.Item(text)]
  case 10: options["has"] = [FilterOptions.Item(text)]
  default: options["until"] = [FilterOptions.Item(text)]
  }
  do throws(UsageError) {
    let isFound = try unsafe match(RecordFilter(options.filter(), native: native), value, value)
    if choice % 12 == 0, let expected = glob(text, value) {
      require(isFound == expected, "'\(text)' matches '\(value)': \(expected)")
    }
  } catch { require(!error.description.isEmpty, "an error has words") }
}

/// Whether the filter selects a call of `function` with `value` as its argument, event data and state.
@discardableResult
private func match(_ filter: consuming RecordFilter, _ function: String, _ value: String) -> Bool? {
  func quoted(_ text: String) -> [UInt8] {
    var out = ByteBuffer(capacity: 64)
    out.append(UInt8(ascii: "\""))
    out.append(escaped: Array(text.utf8).bytes)
    out.append(UInt8(ascii: "\""))
    return out.bytes.copied
  }
  let scval = Array(#"{"string":"#.utf8) + quoted(value) + Array("}".utf8)
  let line: [UInt8] =
    Array(
      #"{"_schema":"soroban-pipes.contract_invocation.v1","meta":{"ledger_sequence":5,"closed_at":"2024-01-01T00:00:00Z"},"contract_call":{"function_name":"#
        .utf8)
    + quoted(function) + Array(#","arguments":["#.utf8) + scval + Array(#"],"events":[{"type":"contract","topics":["#.utf8)
    + scval
    + Array(#"],"data":"#.utf8) + scval + Array(#"}],"state_changes":[{"key":"#.utf8) + scval
    + Array(#","operation":"create"}]}}"#.utf8)
  return selects(&filter, line: line)
}

/// A glob in the simplest implementation; nil if the pattern is not a glob, or not plain text.
private func glob(_ pattern: String, _ text: String) -> Bool? {
  let plain = { (byte: UInt8) in byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "\\") }
  guard pattern.utf8.allSatisfy(plain), text.utf8.allSatisfy(plain), pattern.utf8.count + text.utf8.count < 200 else {
    return nil
  }
  if pattern.hasPrefix("hex:") || pattern.hasPrefix("/") || ["<", ">", "="].contains(pattern.prefix(1)) { return nil }
  let text = Array(text.utf8)
  var reached = [true] + Array(repeating: false, count: text.count)
  for byte in pattern.utf8 {
    if byte == UInt8(ascii: "*") {
      for offset in 1..<reached.count where reached[offset - 1] { reached[offset] = true }
    } else {
      for offset in reached.indices.reversed() {
        reached[offset] = offset > 0 && reached[offset - 1] && (byte == UInt8(ascii: "?") || byte == text[offset - 1])
      }
    }
  }
  return reached[text.count]
}

// MARK: contract specifications

private nonisolated(unsafe) let specRenderers = (
  sep51: SpecRenderer.renderer(style: .sep51), native: SpecRenderer.renderer(style: .native)
)

/// Any specification changes how a record is written, but not whether it is.
@Sendable func fuzzSpec(_ input: inout Input) {
  let plain = unsafe input.byte() & 1 == 0 ? specRenderers.sep51 : specRenderers.native
  let file = input.part()
  let record = input.bytes
  var specs = ContractSpecs()
  do throws(DataError) { try specs.add(file.bytes) } catch {
    require(!error.what.isEmpty, "an error has words")
    if let offset = error.offset { require((0...file.count).contains(offset), "the error is inside: \(offset)") }
    return
  }
  var renderer = SpecRenderer(specs, renderer: plain)
  var out = ByteBuffer(capacity: 1024)
  let isGood = error(invocationType, record) == nil
  do throws(XDRError) {
    _ = try renderer.render(record.bytes, into: &out)
    require(isGood, "only a good record is written")
    require(isJSON(out.bytes) != false, "what is written is JSON: \(out.bytes.text)")
  } catch { require(!isGood, "a good record is written: \(error)") }
}
