import Bytes
import StellarXDR

/// Describes the schema's types as JSON Schema (draft 2020-12): the fourth interpreter, *describe*.
///
/// ```
///   Price = { n: i32; d: i32 }     {"title":"Price","type":"object","properties":{"n":…,"d":…},"required":["n","d"]}
/// ```
/// A validator accepts what `Renderer` writes in the same style, and rejects everything else as far as patterns can; patterns
/// cannot check the checksum of a strkey. Unknown members are accepted, because later versions may add some. Each named type
/// appears once in `$defs`, under its name, which is also its title.
package struct JSONSchema {
  private let schema = Schema.shared
  private let style: ValueStyle
  /// Whether values and names are those of contract specifications.
  private let isNamed: Bool
  private let names: [Int32: String]
  private var definitions: [(String, String)] = []

  private init(_ style: ValueStyle, isNamed: Bool) {
    self.style = style
    self.isNamed = isNamed
    names = Dictionary(schema.types.map { ($0.id.node, $0.name) }, uniquingKeysWith: { first, _ in first })
  }

  /// The schema of the record whose `_schema` member is `id`; nil if there is no such record. `holdsValues` says whether the
  /// record depends on the style.
  package static func ofRecord(_ id: String, values style: ValueStyle) -> (text: String, holdsValues: Bool)? {
    let plain = plainID(id)
    var describer = JSONSchema(style, isNamed: plain != id)
    guard let type = describer.schema.types.first(where: { describer.recordMark(of: $0.id) == plain }) else { return nil }
    let root = describer.reference(type.id.node)
    let text = JSONText.object([
      ("$schema", JSONText.string("https://json-schema.org/draft/2020-12/schema")), ("title", JSONText.string(id)),
      ("$ref", root), ("$defs", JSONText.object(describer.definitions)),
    ])
    let scval = describer.schema.scval.node
    return (text, !describer.isNamed && describer.definitions.contains { $0.0 == describer.names[scval] })
  }

  /// The id of the plain record that corresponds to a record with declared names; for other ids the id itself.
  private static func plainID(_ id: String) -> String {
    for (named, plain) in [RecordID.invocation, RecordID.event].map({ ($0.named, $0.plain) }) where id == named { return plain }
    return id
  }

  /// The constant value of a record's first member, `_schema`.
  private func recordMark(of type: TypeID) -> String? {
    let node = schema.node(type.node)
    guard node.kind == .structure else { return nil }
    let first = schema.member(node.first)
    guard first.node >= 0, schema.name(first) == "_schema" else { return nil }
    return schema.name(schema.member(schema.node(first.node).first))
  }

  // MARK: types

  /// `{"$ref":…}` for a named type, which is defined at its first use; otherwise the description itself.
  private mutating func describe(_ index: Int32) -> String {
    names[index] == nil ? shape(index) : JSONText.object([("$ref", reference(index))])
  }

  /// The pointer to a named type, in quotes.
  private mutating func reference(_ index: Int32) -> String {
    let name = names[index] ?? ""
    if !definitions.contains(where: { $0.0 == name }) {
      // Reserve the place first, because a type can contain itself.
      definitions.append((name, ""))
      let place = definitions.count - 1
      let about = RecordDescriptions.of(type: name).map { [("description", $0)] } ?? []
      definitions[place].1 = annotated(value(index), [("title", name)] + about)
    }
    return JSONText.string("#/$defs/\(name)")
  }

  /// A description with `notes` as its first members.
  private func annotated(_ description: String, _ notes: [(String, String)]) -> String {
    guard !notes.isEmpty else { return description }
    return JSONText.object(notes.map { ($0.0, JSONText.string($0.1)) }).dropLast() + "," + description.dropFirst()
  }

  /// A member with its type and its description.
  private func property(_ name: String, of type: String?, _ description: String) -> (String, String) {
    let about = type.flatMap { RecordDescriptions.of(member: name, in: $0) }
    return (name, annotated(description, about.map { [("description", $0)] } ?? []))
  }

  private mutating func value(_ index: Int32) -> String {
    let node = schema.node(index)
    switch node.form {
    case .plain: return shape(index)
    case .scval where isNamed: return nativeValue(index)
    case .scval where style == .raw:
      return object(Members(properties: [("xdr", text(Pattern.base64))], required: ["xdr"]))
    case .scval where style == .native: return nativeValue(index)
    case .scval: return shape(index)
    case .address:
      // An address kind without a strkey keeps its shape.
      return either([text(Pattern.address), union(node) { $0.form == .plain }])
    case .byteArray:
      let size = "\(node.size)"
      return JSONText.object([
        ("type", #""array""#), ("items", integer(0...255)), ("minItems", size), ("maxItems", size),
      ])
    case .metrics:
      let name = schema.member(schema.node(node.element).first).node
      return JSONText.object([
        ("type", #""object""#), ("propertyNames", shape(name)), ("additionalProperties", text(Pattern.decimal(digits: 20))),
      ])
    default: return text(Pattern.of(node.form))
    }
  }

  /// Plain JSON, which does not show the original type. Only 32-bit integers are JSON numbers.
  private mutating func nativeValue(_ index: Int32) -> String {
    let inside = JSONText.object([("$ref", JSONText.string("#/$defs/\(names[index] ?? "")"))])
    return either([
      JSONText.object([("type", #"["null","boolean","string"]"#)]), integer(Int64(Int32.min)...Int64(UInt32.max)),
      JSONText.object([("type", #""array""#), ("items", inside)]),
      JSONText.object([("type", #""object""#), ("additionalProperties", inside)]),
    ])
  }

  private mutating func shape(_ index: Int32) -> String {
    let node = schema.node(index)
    let limit = node.size == .max ? nil : Int(node.size)
    switch node.kind {
    case .uint32: return integer(0...Int64(UInt32.max))
    case .int32: return integer(Int64(Int32.min)...Int64(Int32.max))
    case .uint64: return text(Pattern.decimal(digits: 20))
    case .int64: return text(Pattern.decimal(digits: 19, isSigned: true))
    case .bool: return JSONText.object([("type", #""boolean""#)])
    case .fixedOpaque: return text(Pattern.hex(exactly: Int(node.size)))
    case .opaque: return text(Pattern.hex(atMost: limit))
    case .string: return text(Pattern.escaped(atMost: limit))
    case .optional, .omittable, .versioned: return either([describe(node.element), #"{"type":"null"}"#])
    case .array, .fixedArray:
      var members = [("type", #""array""#), ("items", describe(node.element))]
      if node.kind == .fixedArray { members.append(("minItems", "\(node.size)")) }
      if let limit { members.append(("maxItems", "\(limit)")) }
      return JSONText.object(members)
    case .structure: return object(members(of: index))
    case .union: return union(node)
    case .enumeration:
      // All versions of a record's mark have the same name.
      var names: [String] = []
      for name in arms(of: node).map({ schema.name($0) }) where !names.contains(name) { names.append(name) }
      if isNamed { names = names.map { name in RecordID.named(name) ?? name } }
      return enumeration(names)
    case .alias: return describe(node.element)
    }
  }

  // MARK: objects

  private struct Members {
    var properties: [(String, String)] = []
    var required: [String] = []
    /// Exactly one of these groups is present: the arms of a union whose members are in the object itself.
    var alternatives: [Members] = []
  }

  private func arms(of node: Node) -> [Member] { (node.first..<node.first + node.count).map { schema.member($0) } }

  private mutating func members(of index: Int32) -> Members {
    let type = names[index]
    var all = Members()
    for member in arms(of: schema.node(index)) {
      let inside = schema.node(member.node)
      if member.isSpread, inside.kind == .union {
        precondition(all.alternatives.isEmpty, "an object with two unions in it")
        let union = names[member.node]
        for arm in arms(of: inside) { all.alternatives.append(arm.isSpread ? members(of: arm.node) : single(arm, of: union)) }
      } else if member.isSpread {
        let more = members(of: member.node)
        all.properties += more.properties
        all.required += more.required
        all.alternatives += more.alternatives
      } else {
        let name = schema.name(member)
        let isOmittable = inside.kind == .omittable || inside.kind == .versioned
        all.properties.append(property(name, of: type, describe(isOmittable ? inside.element : member.node)))
        if !isOmittable { all.required.append(name) }
        all.properties += declaredNames(behind: name, type)
      }
    }
    return all
  }

  private mutating func single(_ member: Member, of union: String?) -> Members {
    let name = schema.name(member)
    return Members(properties: [property(name, of: union, describe(member.node))], required: [name])
  }

  /// The members that name what a contract's specification declares. They are present only if a declaration applies.
  private func declaredNames(behind name: String, _ type: String?) -> [(String, String)] {
    guard isNamed else { return [] }
    let texts = JSONText.object([("type", #""array""#), ("items", text(Pattern.escaped(atMost: nil)))])
    let isEvent = ["InvocationEvent", "InvocationDiagnosticEvent", "EventBody"].contains(type)
    let added: [(String, String)] =
      switch name {
      case "arguments": [("argument_names", texts)]
      case "constructor_args": [("constructor_arg_names", texts)]
      case "topics" where isEvent:
        [
          (
            "topic_names",
            JSONText.object([
              ("type", #""array""#), ("items", either([text(Pattern.escaped(atMost: nil)), #"{"type":"null"}"#])),
            ])
          ), ("event_name", text(Pattern.escaped(atMost: nil))),
        ]
      case "data" where isEvent: [("data_name", text(Pattern.escaped(atMost: nil))), ("data_names", texts)]
      default: []
      }
    return added.map { property($0.0, of: "Names", $0.1) }
  }

  private func object(_ members: Members) -> String {
    let chosen = members.alternatives.flatMap { $0.properties }
    var parts = [
      ("type", #""object""#), ("properties", JSONText.object(members.properties + chosen)),
      ("required", JSONText.array(members.required.map(JSONText.string))),
    ]
    if !members.alternatives.isEmpty {
      let choices = members.alternatives.map { own in
        let others = chosen.filter { other in !own.properties.contains { $0.0 == other.0 } }
        return JSONText.object([
          ("required", JSONText.array(own.required.map(JSONText.string))),
          ("properties", JSONText.object(others.map { ($0.0, "false") })),
        ])
      }
      parts.append(("oneOf", JSONText.array(choices)))
    }
    return JSONText.object(parts)
  }

  /// SEP-51: the name of an arm that has no value, or an object with the arm as its only member.
  private mutating func union(_ node: Node, _ isWanted: (Node) -> Bool = { _ in true }) -> String {
    var names: [String] = []
    var properties: [(String, String)] = []
    for arm in arms(of: node) where arm.node < 0 || isWanted(schema.node(arm.node)) {
      if arm.node < 0 { names.append(schema.name(arm)) } else { properties.append((schema.name(arm), describe(arm.node))) }
    }
    let object = JSONText.object([
      ("type", #""object""#), ("properties", JSONText.object(properties)), ("additionalProperties", "false"),
      ("minProperties", "1"), ("maxProperties", "1"),
    ])
    return either((names.isEmpty ? [] : [enumeration(names)]) + (properties.isEmpty ? [] : [object]))
  }

  // MARK: parts

  private func either(_ choices: [String]) -> String {
    choices.count == 1 ? choices[0] : JSONText.object([("anyOf", JSONText.array(choices))])
  }

  private func enumeration(_ names: [String]) -> String {
    JSONText.object([("enum", JSONText.array(names.map(JSONText.string)))])
  }

  private func integer(_ range: ClosedRange<Int64>) -> String {
    JSONText.object([("type", #""integer""#), ("minimum", "\(range.lowerBound)"), ("maximum", "\(range.upperBound)")])
  }

  private func text(_ pattern: String) -> String {
    JSONText.object([("type", #""string""#), ("pattern", JSONText.string("^(?:\(pattern))$"))])
  }
}

/// Regular expressions (ECMA-262, as JSON Schema requires) for restricted texts.
private enum Pattern {
  static let base64 = "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
  static let account = strkey("G", 54)
  static let contract = strkey("C", 54)
  static let address = "\(account)|\(contract)|\(muxedAccount)|\(claimableBalance)|\(liquidityPool)"
  private static let muxedAccount = strkey("M", 67)
  private static let claimableBalance = "BA[A-Z2-7]{56}"
  private static let liquidityPool = strkey("L", 54)

  /// The first character is five bits of the version; the second is its last three bits, which are zero, and two payload bits.
  private static func strkey(_ letter: String, _ rest: Int) -> String { "\(letter)[A-D][A-Z2-7]{\(rest)}" }

  static func decimal(digits: Int, isSigned: Bool = false) -> String {
    "0|\(isSigned ? "-?" : "")[1-9][0-9]{0,\(digits - 1)}"
  }

  static func hex(exactly count: Int) -> String { "[0-9a-f]{\(count * 2)}" }

  static func hex(atMost count: Int?) -> String { "(?:[0-9a-f]{2})\(repeats(0, count))" }

  /// Bytes in SEP-51's form: printable ASCII and escapes.
  static func escaped(_ least: Int = 0, atMost count: Int?) -> String {
    #"(?:[ -\[\]-~]|\\(?:[0tnr\\]|x[0-9a-f]{2}))"# + repeats(least, count)
  }

  private static func repeats(_ least: Int, _ most: Int?) -> String {
    guard let most else { return least == 0 ? "*" : "{\(least),}" }
    return "{\(least),\(most)}"
  }

  static func of(_ form: Form) -> String {
    switch form {
    case .account: account
    case .contract: contract
    case .liquidityPool: liquidityPool
    case .claimableBalance: claimableBalance
    case .muxedAccount: "\(account)|\(muxedAccount)"
    case .muxedAccountParts: muxedAccount
    case .address: address
    case .signerKey: "\(account)|\(strkey("T", 54))|\(strkey("X", 54))|\(of(.signedPayload))"
    // The payload has 0 to 64 bytes.
    case .signedPayload: "P[A-D][A-Z2-7]{61,163}"
    case .assetCode4: escaped(atMost: 4)
    case .assetCode12: escaped(5, atMost: 12)
    case .assetCode: escaped(atMost: 12)
    case .assetName: "native|\(escaped(atMost: 12)):\(account)"
    case .u128: decimal(digits: 39)
    case .i128: decimal(digits: 39, isSigned: true)
    case .u256: decimal(digits: 78)
    case .i256: decimal(digits: 77, isSigned: true)
    case .time:
      "[0-9]{4,}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
    case .base64: base64
    case .plain, .scval, .byteArray, .metrics: preconditionFailure("described by their shape")
    }
  }
}
