/// Short texts that a program writes again and again, kept together so that each is copied in whole blocks.
@safe @frozen @usableFromInline package struct LiteralPool: @unchecked Sendable {
  // Immortal. Behind the last text is room for a whole block.
  @usableFromInline let base: UnsafeRawPointer
  @usableFromInline let count: Int

  package init(_ bytes: [UInt8]) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count + ByteBuffer.block, alignment: 16)
    for offset in memory.indices { unsafe memory[offset] = offset < bytes.count ? bytes[offset] : 0 }
    unsafe base = UnsafeRawPointer(memory.baseAddress.unsafelyUnwrapped)
    count = bytes.count
  }

  /// Appends the `length` bytes from `start` on.
  @inlinable @inline(__always)
  package func append(_ start: UInt32, _ length: UInt16, to out: inout ByteBuffer) {
    let (start, length) = (Int(start), Int(length))
    precondition(start &+ length <= count)
    unsafe out.append(blocks: base + start, count: length)
  }
}
