/// The last value of a type that neighbouring records often share (what the events of one transaction have in common), in XDR and as JSON:
/// where the same bytes come again the text is copied.
@safe package final class RecentValue {
  private struct Value: ~Copyable {
    var bytes = ByteBuffer(capacity: 256)
    var text = ByteBuffer(capacity: 1024)

    /// A value tells itself where it ends: the same bytes are the whole of it.
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

  // A pointer, because a class's own variables are checked at every access for another one at the same time.
  private let value = UnsafeMutablePointer<Value>.allocate(capacity: 1)

  package init() { unsafe value.initialize(to: Value()) }

  deinit {
    unsafe value.deinitialize(count: 1)
    unsafe value.deallocate()
  }

  /// Appends the text if the value at an offset is the same, and returns its length in XDR; 0 for any other.
  package func append(_ input: RawSpan, at offset: Int, to out: inout ByteBuffer) -> Int {
    unsafe value.pointee.append(input, at: offset, to: &out)
  }

  /// Keeps a value, and its text, in place of the last one.
  package func keep(_ bytes: RawSpan, _ text: RawSpan) { unsafe value.pointee.keep(bytes, text) }
}
