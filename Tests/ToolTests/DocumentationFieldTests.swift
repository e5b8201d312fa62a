import Foundation
import StellarJSON
import StellarXDR
import TestSupport
import Testing

/// The pages of the formats list the members of the schema.
@Suite struct DocumentationFieldTests {
  /// A list of members in a page, and the types that have these members.
  struct FieldList {
    let type: String
    var members: [String] = []
  }

  /// The lists after a comment `.\" schema TYPE`, with items `.It Va member No (type)`, or several members separated by commas.
  static func lists(_ page: String) -> [FieldList] {
    var lists: [FieldList] = []
    var isInside = false
    for line in Documentation.lines(page) {
      if line.hasPrefix(".\\\" schema "), !line.hasSuffix(" text") {
        lists.append(FieldList(type: String(line.dropFirst(".\\\" schema ".count))))
        isInside = true
      } else if line == ".El" {
        isInside = false
      } else if isInside, line.hasPrefix(".It Va ") {
        let names = line.dropFirst(".It Va ".count).components(separatedBy: " No ")[0].split(separator: " ")
        lists[lists.count - 1].members += names.filter { $0 != "," }.map(String.init)
      }
    }
    return lists
  }

  private let schema = Schema.shared

  /// The names of a type's members, in order; inlined types contribute their own members.
  private func members(_ node: Int32) -> [String] {
    let node = schema.node(node)
    switch node.kind {
    case .structure, .union:
      return (node.first..<node.first + node.count).flatMap { index -> [String] in
        let member = schema.member(index)
        if member.isSpread { return members(member.node) }
        return [schema.name(member)]
      }
    case .optional, .omittable, .versioned: return members(node.element)
    default: return []
    }
  }

  @Test(arguments: Documentation.formats)
  func listsEqualTheSchema(page: String) throws {
    let lists = Self.lists(page)
    #expect(!lists.isEmpty)
    for list in lists {
      let type = try #require(schema.type(named: list.type), "\(list.type)")
      // An authorised creation is described by the members of a creation.
      #expect(list.members == members(type.node), "\(page): \(list.type)")
    }
  }

  /// The JSON Schema describes what the pages describe: each member in a list of a page has a description there, in the type of
  /// the list or in an inlined type.
  @Test(arguments: Documentation.formats)
  func membersAreDescribedInTheSchema(page: String) throws {
    var described: [String: Set<String>] = [:]
    for (type, member) in RecordDescriptions.members { described[type, default: []].insert(member) }
    for list in Self.lists(page) {
      let known = described[list.type, default: []].union(inserted(list.type).flatMap { described[$0, default: []] })
      #expect(known.isSuperset(of: list.members), "\(page): \(list.type): \(Set(list.members).subtracting(known))")
    }
  }

  /// The types that are inlined in a type.
  private func inserted(_ type: String) -> [String] {
    guard let node = schema.type(named: type).map({ schema.node($0.node) }) else { return [] }
    return (node.first..<node.first + node.count).map { schema.member($0) }.filter(\.isSpread).compactMap { member in
      schema.types.first { $0.id.node == member.node }?.name
    }
  }

  /// Every structure of our own in a record is described, except for inlined ones and those that a sentence describes.
  @Test func allTypesAreDescribed() throws {
    let described = Set(Documentation.formats.flatMap(Self.lists).map(\.type))
    let elsewhere: Set = [
      "InvocationBody", "ContractCreation", "ExternalReference", "AuthDelegate", "AuthInvocation", "AuthFunction",
      "InvocationMetric", "EventTransaction", "EventTransactionOutcome",
    ]
    for line in try sourceLines() {
      let name = String(line.prefix { $0 != " " })
      if line.contains("= {"), !elsewhere.contains(name) { #expect(described.contains(name), "\(name)") }
    }
  }

  /// The lines of the schema's text that define our own records.
  private func sourceLines() throws -> [String] {
    let source = Documentation.lines("Sources/StellarXDR/Schema/Records.swift").joined(separator: "\n")
    let parts = source.components(separatedBy: "\"\"\"")
    return try #require(parts.count == 3 ? parts[1] : nil).split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
  }

  /// The displays after a comment `.\" schema text` are the schema's text, wrapped for a terminal.
  @Test func thePagesContainTheSchema() throws {
    var shown: [String] = []
    for page in Documentation.formats {
      var isInside = false
      var isMarked = false
      for line in Documentation.lines(page) {
        if line == ".\\\" schema text" {
          isMarked = true
        } else if isMarked, line.hasPrefix(".Bd") {
          isInside = true
        } else if line == ".Ed" {
          isInside = false
          isMarked = false
        } else if isInside {
          let text = Documentation.printed(line)
          if text.hasPrefix(" ") {
            shown[shown.count - 1] += " " + text.trimmingCharacters(in: .whitespaces)
          } else {
            shown.append(text)
          }
        }
      }
    }
    #expect(Set(shown) == Set(try sourceLines()))
  }
}
