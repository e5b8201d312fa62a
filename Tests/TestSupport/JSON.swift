// JSON as Foundation reads it: an independent check of what the tools write.

import Foundation

package indirect enum JSON: Equatable, Sendable {
  case null
  case bool(Bool)
  /// A decoded number; all numbers of our records fit into a Double.
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])
}

extension JSON: Decodable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([String: JSON].self) {
      self = .object(value)
    } else if let value = try? container.decode([JSON].self) {
      self = .array(value)
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else {
      self = .number(try container.decode(Double.self))
    }
  }

  package init(text: some Sequence<UInt8>) throws { self = try JSONDecoder().decode(JSON.self, from: Data(text)) }

  package init(text: String) throws { try self.init(text: text.utf8) }
}

extension JSON: Encodable {
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}

extension JSON: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) { self = .string(value) }
}

extension JSON {
  /// A member of an object; nil if this is not an object or the object has no such member.
  package subscript(name: String) -> JSON? {
    get {
      if case .object(let members) = self { return members[name] }
      return nil
    }
    set {
      guard case .object(var members) = self else { return }
      members[name] = newValue
      self = .object(members)
    }
  }

  package var elements: [JSON]? {
    if case .array(let elements) = self { return elements }
    return nil
  }

  package var text: String? {
    if case .string(let text) = self { return text }
    return nil
  }

  package var integer: Int? {
    if case .number(let number) = self { return Int(exactly: number) }
    return nil
  }

  /// The value at a JSON pointer (RFC 6901).
  package func at(pointer: String) -> JSON? {
    var value = self
    for step in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      let name = step.replacingOccurrences(of: "~1", with: "/").replacingOccurrences(of: "~0", with: "~")
      switch value {
      case .object(let members): guard let next = members[name] else { return nil }; value = next
      case .array(let elements):
        guard let index = Int(name), elements.indices.contains(index) else { return nil }
        value = elements[index]
      default: return nil
      }
    }
    return value
  }

  /// The name of the one member, of these names, that the object has.
  package func kind(among names: [String]) -> String? {
    let present = names.filter { self[$0] != nil }
    return present.count == 1 ? present[0] : nil
  }
}
