import StellarXDR

// Options whose values are words.

extension FilterOptions {
  static let kinds: KeyValuePairs<String, UInt32> = [
    "call": InvocationKinds.call.rawValue, "create": InvocationKinds.create.rawValue, "upload": InvocationKinds.upload.rawValue,
    "extend": InvocationKinds.extend.rawValue, "restore": InvocationKinds.restore.rawValue,
  ]
  static let classes: KeyValuePairs<String, UInt32> = [
    "string": UInt32(ValueClasses.string.rawValue), "numeric": UInt32(ValueClasses.numeric.rawValue),
    "address": UInt32(ValueClasses.address.rawValue), "bytes": UInt32(ValueClasses.bytes.rawValue),
  ]
  static let lists: KeyValuePairs<String, UInt32> = [
    "events": Subjects(.events).rawValue, "diagnostics": Subjects(.diagnostics).rawValue, "calls": Subjects(.calls).rawValue,
    "state": Subjects(.state).rawValue, "ttl": Subjects(.extensions).rawValue, "restorations": Subjects(.restorations).rawValue,
    "auth": Subjects(.authorization).rawValue,
  ]

  static let eventTypes = members(of: "ContractEventType")
  static let stages = members(of: "EventStage")
  static let operations = members(of: "StateOperation")
  static let durabilities = members(of: "ContractDataDurability")
  static let resultCodes = members(of: "InvocationResultCode")

  /// The names of an enumeration, each with its bit.
  private static func members(of enumeration: StaticString) -> [(key: String, value: UInt32)] {
    let schema = Schema.shared
    let node = schema.node(schema.id(enumeration).node)
    return (node.first..<node.first + node.count).map(schema.member).map { (schema.name($0), 1 << UInt32($0.value)) }
  }

  /// The bits of all words; nil if there are none. A value can be several words separated by commas.
  func words(
    _ values: [String], _ option: String, _ table: some Collection<(key: String, value: UInt32)>
  ) throws(UsageError) -> UInt32? {
    if values.isEmpty { return nil }
    var bits: UInt32 = 0
    for value in values { bits |= try Self.bits(value, option, table) }
    return bits
  }

  static func lists(_ list: String) throws(UsageError) -> Subjects { Subjects(rawValue: try bits(list, "--has", lists)) }

  private static func bits(
    _ list: String, _ option: String, _ table: some Collection<(key: String, value: UInt32)>
  ) throws(UsageError) -> UInt32 {
    var bits: UInt32 = 0
    for word in list.split(separator: ",", omittingEmptySubsequences: false) {
      guard let bit = table.first(where: { $0.key == word })?.value else {
        throw UsageError("\(option): '\(word)' is not one of \(table.map { $0.key }.joined(separator: ", "))")
      }
      bits |= bit
    }
    return bits
  }
}
