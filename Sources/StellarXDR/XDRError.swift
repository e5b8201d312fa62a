/// An error in XDR, as facts; `description` makes the message.
@frozen @usableFromInline package struct XDRError: Error, Equatable {
  @frozen @usableFromInline package enum Fact: UInt8, Sendable {
    /// The bytes end inside the value. `value` is the minimum length that is needed.
    case truncated
    /// A count or length needs more bytes than are left. `value` is the minimum length that is needed.
    case countBeyondEnd
    /// A count or length exceeds the type's bound.
    case tooLong
    /// An enumeration has no such value.
    case unknownValue
    /// A union has no arm for this discriminant.
    case unknownDiscriminant
    /// A boolean, or the flag of an optional, is neither 0 nor 1.
    case notBoolean
    /// Padding bytes are not zero.
    case nonZeroPadding
    /// The nesting of recursive types exceeds `Schema.maximumDepth`.
    case tooDeep
    /// Bytes are left over after the value.
    case leftOver
  }

  @usableFromInline package var fact: Fact
  /// The offset in the given bytes.
  @usableFromInline package var offset: Int
  /// The schema node of the type; -1 if it is not known.
  @usableFromInline package var node: Int32
  @usableFromInline package var value: Int64

  @inlinable package init(_ fact: Fact, at offset: Int, node: Int32 = -1, value: Int64 = 0) {
    self.fact = fact
    self.offset = offset
    self.node = node
    self.value = value
  }

  /// Whether the value could be valid if more bytes followed.
  package var isTruncation: Bool { fact == .truncated || fact == .countBeyondEnd }
}

extension XDRError {
  /// The message, with the type if it helps.
  package func description(_ schema: Schema) -> String {
    let type = schema.describe(node: node)
    return switch fact {
    case .truncated: "ends inside \(type)"
    case .countBeyondEnd: "\(type) declares more data than is left"
    case .tooLong: "\(value) is too long for \(type)"
    case .unknownValue: "\(value) is not a valid \(type)"
    case .unknownDiscriminant: "\(type) has no arm \(value)"
    case .notBoolean: "expected 0 or 1, found \(value)"
    case .nonZeroPadding: "padding is not zero"
    case .tooDeep: "nested more than \(Schema.maximumDepth) levels deep"
    case .leftOver: "\(value) bytes left over after \(type)"
    }
  }
}
