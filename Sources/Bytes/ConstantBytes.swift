/// Memory for constant bytes: a table that is made once.
@safe package final class ConstantMemory: @unchecked Sendable {
  private let memory: UnsafeMutableRawBufferPointer
  private let count: Int

  package init(_ bytes: RawSpan) {
    // Behind the last byte is space for a whole block.
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

/// Constant bytes, read at offsets that their maker put into them. They do not keep the memory alive, so that a copy costs nothing: whoever
/// has them has the `ConstantMemory`, too.
@safe @frozen @usableFromInline package struct ConstantBytes: @unchecked Sendable {
  @usableFromInline let base: UnsafeRawPointer
  @usableFromInline let count: Int

  fileprivate init(base: UnsafeRawPointer, count: Int) {
    unsafe self.base = base
    self.count = count
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
