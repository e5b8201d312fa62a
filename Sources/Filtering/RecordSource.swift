import Bytes
import StellarJSON
import StellarXDR

/// A position in a record. XDR and JSON differ only in how the next part is read, so one walk serves both.
///
/// The walk is generic and specialised for each source, so these calls are direct function calls.
protocol RecordSource: ~Escapable {
  var record: RawSpan { @_lifetime(copy self) get }
  /// The offset of the next part.
  var position: Int { get }

  /// Begins a structure.
  mutating func members() throws(RecordError) -> Progress
  /// Moves to the value of the structure's next member, and returns its index in the shape; nil at the end of the structure.
  mutating func next<Role>(_ members: inout Progress, of shape: Shape<Role>) throws(RecordError) -> Int?
  /// Skips the rest of a structure.
  mutating func finish<Role>(_ members: inout Progress, of shape: Shape<Role>) throws(RecordError)

  /// Begins a list; nil if it is null.
  mutating func list(_ node: Int32) throws(RecordError) -> Progress?
  /// Moves to the next element; false at the end of the list.
  mutating func next(_ list: inout Progress) throws(RecordError) -> Bool

  /// Whether a member is null. If so, the null is skipped; otherwise the position is at the value inside the optional.
  mutating func isNull<Role>(_ entry: Shape<Role>.Entry) throws(RecordError) -> Bool
  mutating func skip(_ node: Int32) throws(RecordError)

  /// Skips a value, and returns its range.
  mutating func value(_ node: Int32) throws(RecordError) -> Range<Int>
  /// An address, account or contract.
  mutating func identifier(_ node: Int32, _ unescaped: inout ByteBuffer) throws(RecordError) -> Text?
  /// A name that a contract chose.
  mutating func name(_ unescaped: inout ByteBuffer) throws(RecordError) -> Text?
  /// The number of an enumeration's value.
  mutating func number(_ node: Int32) throws(RecordError) -> Int32?
  /// The same; nil for an unknown value.
  mutating func knownNumber(_ node: Int32) throws(RecordError) -> Int32?
  mutating func ledger() throws(RecordError) -> UInt32
  mutating func time() throws(RecordError) -> UInt64
  mutating func flag() throws(RecordError) -> Bool
  mutating func hash() throws(RecordError) -> Hash32?
}

extension RecordSource where Self: ~Escapable {
  /// Moves to the next member that has a role and is not null, and skips the others; nil at the end of the structure.
  @inline(__always)
  mutating func nextPart<Role>(
    _ members: inout Progress, of shape: Shape<Role>
  ) throws(RecordError) -> (role: Role, node: Int32)? {
    while let index = try next(&members, of: shape) {
      if let role = shape.entries[index].role {
        if try !isNull(shape.entries[index]) { return (role, shape.entries[index].value) }
      } else {
        try skip(shape.entries[index].node)
      }
    }
    return nil
  }
}

/// The progress in a structure or list.
struct Progress {
  /// For a structure: the expected next entry of the shape. For a list in XDR: the number of elements left.
  var next: Int
  var isFirst = true
}

/// The position in an XDR record.
struct XDRSource: RecordSource, ~Escapable {
  private let schema: Schema
  private var cursor: Cursor

  /// Starts after the mark of the record.
  @_lifetime(copy record)
  init(_ record: RawSpan, _ schema: Schema) {
    self.schema = schema
    cursor = Cursor(record, at: 4)
  }

  var record: RawSpan { @_lifetime(copy self) get { cursor.bytes } }
  var position: Int { cursor.position }

  @inline(__always)
  private mutating func read<T>(_ body: (inout Cursor) throws(XDRError) -> T) throws(RecordError) -> T {
    do throws(XDRError) { return try body(&cursor) } catch { throw .xdr(error) }
  }

  func members() -> Progress { Progress(next: 0) }

  @inline(__always)
  mutating func next<Role>(_ members: inout Progress, of shape: Shape<Role>) throws(RecordError) -> Int? {
    while members.next < shape.entries.count {
      let index = members.next
      members.next &+= 1
      if !shape.entries[index].isOmittable { return index }
      if try flag() { return index }
    }
    return nil
  }

  mutating func finish<Role>(_ members: inout Progress, of shape: Shape<Role>) throws(RecordError) {
    while let index = try next(&members, of: shape) { try skip(shape.entries[index].node) }
  }

  mutating func list(_ node: Int32) throws(RecordError) -> Progress? {
    let array = schema.node(node)
    let minimum = Int(schema.node(array.element).minimum)
    return Progress(
      next: try read { cursor throws(XDRError) in try cursor.count(minimum: minimum, atMost: array.size, node: node) })
  }

  @inline(__always)
  func next(_ list: inout Progress) -> Bool {
    guard list.next > 0 else { return false }
    list.next &-= 1
    return true
  }

  @inline(__always)
  mutating func isNull<Role>(_ entry: Shape<Role>.Entry) throws(RecordError) -> Bool { entry.isNullable ? try !flag() : false }

  @inline(__always)
  mutating func skip(_ node: Int32) throws(RecordError) {
    do throws(XDRError) { try schema.skip(node, &cursor) } catch { throw .xdr(error) }
  }

  mutating func value(_ node: Int32) throws(RecordError) -> Range<Int> {
    let start = cursor.position
    try skip(node)
    return start..<cursor.position
  }

  mutating func identifier(_ node: Int32, _ unescaped: inout ByteBuffer) throws(RecordError) -> Text? {
    Text(range: try value(node))
  }

  /// The name as it is in NDJSON, where bytes that are not plain text are escaped.
  mutating func name(_ unescaped: inout ByteBuffer) throws(RecordError) -> Text? {
    let range = try read { cursor throws(XDRError) in try cursor.opaqueRange() }
    let bytes = cursor.slice(range)
    if bytes.plainPrefix(from: 0) == range.count { return Text(range: range) }
    return Text(range: unescaped.append(asInJSON: bytes), isUnescaped: true)
  }

  mutating func number(_ node: Int32) throws(RecordError) -> Int32? {
    try skip(node)
    return Int32(bitPattern: cursor.bytes.word(at: cursor.position - 4))
  }

  mutating func knownNumber(_ node: Int32) throws(RecordError) -> Int32? { try number(node) }
  mutating func ledger() throws(RecordError) -> UInt32 { try read { cursor throws(XDRError) in try cursor.uint32() } }
  mutating func time() throws(RecordError) -> UInt64 { try read { cursor throws(XDRError) in try cursor.uint64() } }
  @inline(__always)
  mutating func flag() throws(RecordError) -> Bool { try read { cursor throws(XDRError) in try cursor.flag() } }
  mutating func hash() throws(RecordError) -> Hash32? { try read { cursor throws(XDRError) in try cursor.hash() } }

  /// The number of a union's arm, which must be from 0 to `count` - 1.
  mutating func arm(of type: TypeID, count: Int) throws(RecordError) -> Int32 {
    try read { cursor throws(XDRError) in
      let arm = try cursor.int32()
      guard (0..<count).contains(Int(arm)) else {
        throw XDRError(.unknownDiscriminant, at: cursor.position - 4, node: type.node, value: Int64(arm))
      }
      return arm
    }
  }
}

extension ByteBuffer {
  /// Appends bytes in the text form of NDJSON, and returns the range.
  fileprivate mutating func append(asInJSON bytes: RawSpan) -> Range<Int> {
    let start = count
    var json = ByteBuffer(capacity: 2 * bytes.byteCount)
    json.append(escaped: bytes)
    let token = JSONCursor.StringToken(content: 0..<json.count, isEscaped: true)
    // Text that was just escaped is valid.
    do throws(JSONError) { try append(unescaped: token, of: json.bytes) } catch {}
    return start..<count
  }
}
