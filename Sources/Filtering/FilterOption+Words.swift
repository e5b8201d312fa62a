import StellarXDR

// The words of options, each with its bit.

extension FilterOption {
  static let kinds: Words = [
    ("call", InvocationKinds.call.rawValue), ("create", InvocationKinds.create.rawValue),
    ("upload", InvocationKinds.upload.rawValue), ("extend", InvocationKinds.extend.rawValue),
    ("restore", InvocationKinds.restore.rawValue),
  ]
  static let classes: Words = [
    ("string", UInt32(ValueClasses.string.rawValue)), ("numeric", UInt32(ValueClasses.numeric.rawValue)),
    ("address", UInt32(ValueClasses.address.rawValue)), ("bytes", UInt32(ValueClasses.bytes.rawValue)),
  ]
  static let lists: Words = [
    ("events", Subjects(.events).rawValue), ("diagnostics", Subjects(.diagnostics).rawValue),
    ("calls", Subjects(.calls).rawValue), ("state", Subjects(.state).rawValue), ("ttl", Subjects(.extensions).rawValue),
    ("restorations", Subjects(.restorations).rawValue), ("auth", Subjects(.authorization).rawValue),
  ]
  static let eventTypes = members(of: "ContractEventType")

  /// The names of an enumeration of the schema.
  static func members(of enumeration: StaticString) -> Words {
    let schema = Schema.shared
    let node = schema.node(schema.id(enumeration).node)
    return (node.first..<node.first + node.count).map(schema.member).map { (schema.name($0), 1 << UInt32($0.value)) }
  }
}
