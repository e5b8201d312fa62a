import Bytes

/// The options of a session: the JSON object of soroban_open (see include/soroban.h).
struct WebOptions {
  enum Mode: String, CaseIterable { case invocations, events, transactions, ledgers }
  enum Style: String, CaseIterable { case raw, sep51, native, proto }

  var mode = Mode.invocations
  var style = Style.raw
  var network = Network("pubnet")
  var input = InputFormat.automatic
  var name = "standard input"
  var maximumRecord = 256 << 20
  var ledgers: [ClosedRange<UInt32>] = []
  var keepGoing = false
  var verifies = false
  var onlySoroban = false
  var hashes = Set<Hash32>()
  var extractor = Extraction()
  var filter: FilterOptions?
  var specs: ContractSpecs?

  /// Settings for `InvocationExtractor`.
  struct Extraction {
    var included: InvocationParts?
    var excluded: InvocationParts = []
    var types: Set<InvocationType>?
    var footprintOperations = false
    var omitsUnchanged = false
    var after: Int64?

    /// Whether any of these was set.
    var isNarrowed: Bool {
      included != nil || excluded != [] || types != nil || footprintOperations || omitsUnchanged || after != nil
    }
  }

  init(_ text: RawSpan) throws(UsageError) {
    var reader = OptionReader(text)
    var filter = FilterOptions()
    var isFiltering = false
    try reader.object { name, reader throws(UsageError) in
      switch name {
      case "mode": mode = try reader.word(Mode.self)
      case "style": style = try reader.word(Style.self)
      case "network":
        network = Network(try reader.string())
        if network.passphrase.isEmpty { throw reader.error("it takes a name such as testnet, or a passphrase") }
      case "input": input = try reader.word(InputFormat.self)
      case "name": self.name = try reader.string()
      case "maxRecord": maximumRecord = try reader.integer(atLeast: 1)
      case "ledgers": for range in try reader.strings() { ledgers.append(try Self.range(range, reader)) }
      case "keepGoing": keepGoing = try reader.bool()
      case "verify": verifies = try reader.bool()
      case "soroban": onlySoroban = try reader.bool()
      case "tx": for hash in try reader.strings() { hashes.insert(try Self.hash(hash, reader)) }
      case "include": extractor.included = try Self.parts(&reader)
      case "exclude": extractor.excluded = try Self.parts(&reader)
      case "type": extractor.types = try Self.types(&reader)
      case "footprintOps": extractor.footprintOperations = try reader.bool()
      case "omitUnchanged": extractor.omitsUnchanged = try reader.bool()
      case "after":
        guard let toid = Int64(try reader.string()), toid >= 0 else { throw reader.error("not a TOID in decimal") }
        extractor.after = toid
      case "request":
        filter.request = try reader.raw()
        isFiltering = true
      case "conditions":
        try filter.read(&reader)
        isFiltering = true
      case "specs": specs = try Self.specs(&reader)
      case "now": filter.now = try reader.seconds()
      default: return false
      }
      return true
    }
    try reader.end()
    filter.network = network
    if isFiltering { self.filter = filter }
    try checkTogether()
  }

  private func checkTogether() throws(UsageError) {
    let isOfTransactions = mode == .transactions
    if !isOfTransactions, onlySoroban || !hashes.isEmpty { throw UsageError("soroban and tx need the mode transactions") }
    if mode != .invocations, extractor.isNarrowed {
      throw UsageError("include, exclude, type, footprintOps, omitUnchanged and after need the mode invocations")
    }
    if mode != .invocations, style == .proto { throw UsageError("the style proto needs the mode invocations") }
    if mode == .transactions || mode == .ledgers {
      if filter != nil { throw UsageError("request and conditions need the mode invocations or events") }
      if specs != nil { throw UsageError("specs need the mode invocations or events") }
    }
    if specs != nil, style == .raw || style == .proto { throw UsageError("specs need the style sep51 or native") }
  }

  // MARK: members

  private static func range(_ text: String, _ reader: borrowing OptionReader) throws(UsageError) -> ClosedRange<UInt32> {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    func number(_ text: Substring, ifEmpty: UInt32) -> UInt32? {
      if text.isEmpty { return ifEmpty }
      return text.utf8.allSatisfy { (48...57).contains($0) } ? UInt32(text) : nil
    }
    guard (1...2).contains(ends.count), ends.contains(where: { !$0.isEmpty }), let first = ends.first, let last = ends.last,
      let lower = number(first, ifEmpty: 0), let upper = number(last, ifEmpty: .max)
    else { throw reader.error("not a range of ledgers, such as 5-9, 5-, -9 or 5") }
    guard lower <= upper else { throw reader.error("the range is reversed; write \(upper)-\(lower)") }
    return lower...upper
  }

  private static func hash(_ text: String, _ reader: borrowing OptionReader) throws(UsageError) -> Hash32 {
    guard let hash = Hash32(hex: Array(text.utf8).bytes) else {
      throw reader.error("'\(text)' is not a transaction hash, which has 64 hex digits")
    }
    return hash
  }

  private static func parts(_ reader: inout OptionReader) throws(UsageError) -> InvocationParts {
    var parts: InvocationParts = []
    for name in try reader.strings() {
      guard let known = InvocationParts.named.first(where: { $0.name == name }) else {
        throw reader.error("'\(name)' is not one of \(InvocationParts.named.map { $0.name }.joined(separator: ", "))")
      }
      parts.formUnion(known.part)
    }
    return parts
  }

  private static func types(_ reader: inout OptionReader) throws(UsageError) -> Set<InvocationType> {
    let named: [(name: String, type: InvocationType)] = [("call", .call), ("create", .create), ("upload", .upload)]
    var types: Set<InvocationType> = []
    for name in try reader.strings() {
      guard let known = named.first(where: { $0.name == name }) else {
        throw reader.error("'\(name)' is not one of call, create, upload")
      }
      types.insert(known.type)
    }
    return types
  }

  private static func specs(_ reader: inout OptionReader) throws(UsageError) -> ContractSpecs {
    var specs = ContractSpecs()
    try reader.list { reader throws(UsageError) in
      var contract: Hash32?
      var file = ByteBuffer()
      var hasData = false
      try reader.object { name, reader throws(UsageError) in
        switch name {
        case "contract":
          var id = ByteBuffer(capacity: 64)
          let text = try reader.string()
          guard Strkey.decode(Array(text.utf8).bytes, into: &id) == Strkey.contract else {
            throw reader.error("'\(text)' is not a C… address")
          }
          contract = Hash32(id.bytes)
        case "data":
          hasData = true
          if file.append(decodingBase64: Array(try reader.string().utf8).bytes) != nil { throw reader.error("not base64") }
        default: return false
        }
        return true
      }
      guard hasData else { throw reader.error("a contract interface without data") }
      do throws(DataError) { try specs.add(file.bytes, contract: contract) } catch {
        throw reader.error(error.what + (error.offset.map { " (byte \($0))" } ?? ""))
      }
    }
    do throws(DataError) { try specs.addAssetEvents() } catch { throw reader.error(error.what) }
    return specs
  }
}

extension FilterOptions {
  /// Reads the conditions by the names of event-filter's options.
  fileprivate mutating func read(_ reader: inout OptionReader) throws(UsageError) {
    try reader.object { name, reader throws(UsageError) in
      guard let option = FilterOption.all.first(where: { $0.name == name }) else { return false }
      let texts: [String]?
      switch option.value {
      case .flag: texts = try reader.bool() ? [] : nil
      case .text: texts = [try reader.string()]
      case .number: texts = ["\(try reader.integer(atLeast: 0))"]
      case .items: texts = try reader.strings()
      case .texts, .words:
        let strings = try reader.strings()
        texts = strings.isEmpty ? nil : strings
      // Options of the session, not of the filter.
      case .network, .ledgers, .request: return false
      }
      self[name] = texts.map { $0.map { Item($0) } }
      return true
    }
  }
}
