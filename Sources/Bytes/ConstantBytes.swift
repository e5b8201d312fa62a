/// Memory for constant bytes, such as a table that is built once.
@safe package final class ConstantMemory: @unchecked Sendable {
  private let memory: UnsafeMutableRawBufferPointer
  private let count: Int

  package init(_ bytes: RawSpan) {
    // A full block is readable after the last byte.
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.byteCount + ByteBuffer.block, alignment: 16)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
    unsafe bytes.withUnsafeBytes { unsafe memory.copyMemory(from: $0) }
    unsafe self.memory = memory
    count = bytes.byteCount
  }

  deinit { unsafe memory.deallocate() }

  package var bytes: ConstantBytes {
    unsafe ConstantBytes(base: UnsafeRawPointer(memory.baseAddress.unsafelyUnwrapped), count: count)
  }
}

/// Constant bytes, read at offsets that were stored when they were built. A copy is cheap because it does not retain the memory: the owner
/// must also keep the `ConstantMemory`.
@safe @frozen @usableFromInline package struct ConstantBytes: @unchecked Sendable {
  @usableFromInline let base: UnsafeRawPointer
  @usableFromInline let count: Int

  fileprivate init(base: UnsafeRawPointer, count: Int) {
    unsafe self.base = base
    self.count = count
  }

  /// The value that `ByteBuffer.append(stored:)` wrote at `offset`. Offsets are checked only in debug builds, as in `append`.
  @inlinable @inline(__always)
  package func load<Value: BitwiseCopyable>(_ type: Value.Type, at offset: Int) -> Value {
    assert(offset >= 0 && offset <= count - MemoryLayout<Value>.size)
    return unsafe base.loadUnaligned(fromByteOffset: offset, as: type)
  }

  /// Appends the `length` bytes at `start`.
  @inlinable @inline(__always)
  package func append(_ start: Int, _ length: Int, to out: inout ByteBuffer) {
    assert(start >= 0 && start + length <= count)
    unsafe out.append(blocks: base + start, count: length)
  }
}
