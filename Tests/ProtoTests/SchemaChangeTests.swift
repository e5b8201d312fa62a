// Schemas to come: records with members that no message has, and records without members that messages have.

import Bytes
import Invocations
import SpecSupport
import TestSupport
import Testing

@testable import Proto
@testable import StellarXDR

/// The schema with other lines for some types. `change` gets the name of a type and what follows `=`.
private func changedSchema(adding lines: [String] = [], _ change: (String, String) -> String) -> Schema {
  let changed = SchemaText.all.flatMap { $0.description.split(separator: "\n") }.map { line in
    let parts = line.split(separator: " = ", maxSplits: 1).map(String.init)
    return "\(parts[0]) = \(change(parts[0], parts[1]))"
  }
  return Schema(SchemaCompiler(Array((changed + lines).joined(separator: "\n").utf8)))
}

/// The structures of a ContractInvocation, which are all that Proto reads except values.
private let structures: Set = [
  "ContractInvocation", "InvocationMeta", "ArchiveRestoration", "ContractCall", "CreateContract", "ContractCreation",
  "UploadWasm", "ExtendTTL", "RestoreFootprint", "InvocationOutcome", "InvocationEvent", "InvocationDiagnosticEvent", "SubCall",
  "StateChange", "TTLExtension", "AuthEntry", "AuthInvocation", "InvocationResources",
]

/// A schema with an added member before, between and after all others in each structure of a record.
private struct Extended {
  /// Types of added members, with a value of each.
  private static let types: [(name: String, value: [UInt8])] = [
    ("u32", word(3)), ("u64", doubleWord(3)), ("string<>", counted("added")), ("SCVal", Value.symbol("added")),
    ("SCVal*", word(1) + Value.void), ("SCVal<>*?", word(1) + word(1) + array([Value.void, Value.u32(5)])), ("Hash*", word(0)),
    ("Hash?", word(1) + Array(repeating: 7, count: 32)), ("bool?", word(1) + word(1)), ("EntryKind*", word(1) + word(2)),
    ("Added<>", array([word(9) + word(1) + Value.vec([]), word(0) + word(0)])), ("Added?", word(0)), ("u32!", word(8)),
  ]

  let schema: Schema
  /// The types and values of the added members.
  private let added: [String: (name: String, value: [UInt8])]

  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var added: [String: (name: String, value: [UInt8])] = [:]
    func member(isFirst: Bool = false) -> String {
      // The first member of an object is never left out of JSON.
      let types = isFirst ? Self.types.filter { !"?!".contains($0.name.suffix(1)) } : Self.types
      let type = types[generator.below(types.count)]
      added["added_\(added.count)"] = type
      return "added_\(added.count - 1): \(type.name)"
    }
    schema = changedSchema(adding: ["Added = { number: u32; value: SCVal* }"]) { type, body in
      guard structures.contains(type) else { return body }
      // Some are recursive.
      let start = body.prefix { $0 != "{" }
      let members = body.dropFirst(start.count + 2).dropLast(2).split(separator: "; ").map { "\($0); \(member())" }
      // The mark stays the first word of a record.
      let first = type == "ContractInvocation" ? "" : "\(member(isFirst: true)); "
      return "\(start){ \(first)\(members.joined(separator: "; ")) }"
    }
    self.added = added
  }

  /// A record of the present schema as one of this schema.
  func record(_ record: [UInt8]) throws -> [UInt8] {
    var cursor = Cursor(record.bytes)
    var out: [UInt8] = []
    let type: StaticString = "ContractInvocation"
    try copy(Schema.shared.id(type).node, schema.id(type).node, &cursor, &out)
    try schema.validate(schema.id(type), out.bytes)
    return out
  }

  private func copy(_ old: Int32, _ new: Int32, _ cursor: inout Cursor, _ out: inout [UInt8]) throws(XDRError) {
    let (node, changed) = (Schema.shared.node(old), schema.node(new))
    let start = cursor.position
    switch node.kind {
    case .structure:
      var next = node.first
      for member in (changed.first..<changed.first + changed.count).map(schema.member) {
        guard let type = added[schema.name(member)] else {
          try copy(Schema.shared.member(next).node, member.node, &cursor, &out)
          next += 1
          continue
        }
        if !type.name.hasSuffix("!") || cursor.isSecondVersion { out += type.value }
      }
    case .union:
      let value = try cursor.int32()
      out += cursor.slice(start..<cursor.position).copied
      guard let arm = Schema.shared.member(of: node, value: value), Schema.shared.member(arm).node >= 0 else { return }
      let place = arm - node.first
      try copy(Schema.shared.member(arm).node, schema.member(changed.first + place).node, &cursor, &out)
    case .optional, .omittable, .array:
      let count = try cursor.uint32()
      out += word(count)
      for _ in 0..<count { try copy(node.element, changed.element, &cursor, &out) }
    case .versioned: if cursor.isSecondVersion { try copy(node.element, changed.element, &cursor, &out) }
    default:
      try Schema.shared.skip(old, &cursor)
      out += cursor.slice(start..<cursor.position).copied
    }
  }
}

/// What a renderer makes of a record; nil for a record that it leaves out.
private func text(_ record: [UInt8], _ renderer: inout ProtoRenderer) throws -> String? {
  var out = ByteBuffer()
  guard try renderer.render(record.bytes, into: &out) else { return nil }
  return out.bytes.text
}

@Suite struct SchemaChangeTests {
  @Test(arguments: 0..<6) func addedMembersAreSkippedWhereverTheyAre(seed: UInt64) throws {
    let extended = Extended(seed: seed)
    var renderer = ProtoRenderer()
    var other = ProtoRenderer(extended.schema)
    let lines = Repository.lines(Repository.testdata("invocations.ndjson")).map { String(decoding: $0, as: UTF8.self) }
    // The same in the second version of records.
    let second = lines.map { $0.replacing(#""resources":"#, with: #""metrics":{"cpu_insn":"7"},"resources":"#) }
    #expect(second.contains { $0.contains("metrics") })
    for line in lines + second {
      let record = try xdr("ContractInvocation", line)
      #expect(try text(extended.record(record), &other) == text(record, &renderer), "\(line)")
    }
    #expect(renderer.omissions.count == 14 && other.omissions.count == 14)
  }

  /// Each member that a message has, and each value and arm, renamed in the schema.
  @Test(arguments: Set(ProtoMessages.table.map(\.type.description)).sorted())
  func missingMembersAreFoundBeforeTheFirstRecord(type: String) throws {
    // Members can be declared in a structure that is spread in another, and arms are values of an enumeration.
    let spread = [
      "InvocationBody": ["InvocationType"], "ContractCall": ["InvocationOutcome"],
      "CreateContract": ["ContractCreation", "InvocationOutcome"],
    ]
    for (place, row) in ProtoMessages.table.enumerated() where row.type.description == type {
      let schema = changedSchema { name, body in
        guard name == type || spread[type]?.contains(name) == true else { return body }
        return body.replacing(" \(row.member):", with: " other:").replacing(" \(row.member)=", with: " other=")
      }
      #expect(ProtoMessages(schema).missing == place)
    }
    #expect(ProtoMessages(.shared).missing == nil)
  }

  @Test func aRendererOfSuchASchemaStopsTheProgram() async {
    await #expect(processExitsWith: .failure) {
      let schema = changedSchema { $0 == "StateChange" ? $1.replacing("durability:", with: "other:") : $1 }
      _ = ProtoRenderer(schema)
    }
  }
}
