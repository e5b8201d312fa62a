/// The last value of a type that consecutive records often share, such as the transaction of several events, in XDR and as JSON.
/// If the next value has the same bytes, its text is copied.
@safe package final class RecentValue {
  private struct Value: ~Copyable {
    var bytes = ByteBuffer(capacity: 256)
    var text = ByteBuffer(capacity: 1024)

    /// XDR values are self-delimiting, so equal bytes are the complete value.
    func append(_ input: RawSpan, at offset: Int, to out: inout ByteBuffer) -> Int {
      let length = bytes.count
      guard length > 0, length <= input.byteCount &- offset else { return 0 }
      guard input.extracting(offset..<offset &+ length).equals(bytes.bytes) else { return 0 }
      out.append(text.bytes)
      return length
    }

    mutating func keep(_ value: RawSpan, _ written: RawSpan) {
      bytes.truncate(to: 0)
      bytes.append(value)
      text.truncate(to: 0)
      text.append(written)
    }
  }

  // A pointer, because every access to a class's stored properties has an exclusivity check.
  private let value = UnsafeMutablePointer<Value>.allocate(capacity: 1)

  package init() { unsafe value.initialize(to: Value()) }

  deinit {
    unsafe value.deinitialize(count: 1)
    unsafe value.deallocate()
  }

  /// If the value at the offset is the same, appends its text and returns its length in XDR; otherwise returns 0.
  package func append(_ input: RawSpan, at offset: Int, to out: inout ByteBuffer) -> Int {
    unsafe value.pointee.append(input, at: offset, to: &out)
  }

  /// Replaces the last value and its text.
  package func keep(_ bytes: RawSpan, _ text: RawSpan) { unsafe value.pointee.keep(bytes, text) }
}
