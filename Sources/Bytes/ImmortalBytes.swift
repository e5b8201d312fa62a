/// Constant bytes that are never freed: a table that is made once, and read at offsets that its maker put into it.
@safe @frozen @usableFromInline package struct ImmortalBytes: @unchecked Sendable {
  // Behind the last byte is room for a whole block.
  @usableFromInline let base: UnsafeRawPointer
  @usableFromInline let count: Int

  package init(_ bytes: RawSpan) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.byteCount + ByteBuffer.block, alignment: 16)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
    unsafe bytes.withUnsafeBytes { unsafe memory.copyMemory(from: $0) }
    unsafe base = UnsafeRawPointer(memory.baseAddress.unsafelyUnwrapped)
    count = bytes.byteCount
  }

  /// What `ByteBuffer.append(stored:)` put at `offset`. Like those of `append`, offsets are only checked in debug builds.
  @inlinable @inline(__always)
  package func load<Value: BitwiseCopyable>(_ type: Value.Type, at offset: Int) -> Value {
    assert(offset >= 0 && offset <= count - MemoryLayout<Value>.size)
    return unsafe base.loadUnaligned(fromByteOffset: offset, as: type)
  }

  /// Appends the `length` bytes from `start` on.
  @inlinable @inline(__always)
  package func append(_ start: Int, _ length: Int, to out: inout ByteBuffer) {
    assert(start >= 0 && start + length <= count)
    unsafe out.append(blocks: base + start, count: length)
  }
}
