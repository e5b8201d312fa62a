#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(WebLibrary)
  import WebLibrary
#endif

/// A growable byte array. Every stage reads its input and writes its records through one.
///
/// It is a single allocation that doubles when it is full and is reused for the next record, so nothing is allocated per value.
/// All pointers of the project that write are in this file; each `unsafe` is next to the `reserve` that guarantees its capacity.
///
/// ```
///   base            base + count        base + capacity
///   |  written bytes  |  not initialised        |
/// ```
@safe @frozen @usableFromInline package struct ByteBuffer: ~Copyable {
  @usableFromInline var base: UnsafeMutableRawPointer
  /// Bytes written so far.
  @usableFromInline package var count: Int
  @usableFromInline package var capacity: Int
  /// The start of the constant tables of `Tables`.
  @usableFromInline let tables: UnsafePointer<UInt16>

  package init(capacity: Int = 4096) {
    self.capacity = Self.room(max(capacity, 16))
    unsafe base = Self.memory(nil, self.capacity)
    count = 0
    unsafe tables = Tables.shared
  }

  deinit { unsafe free(base - Self.lead) }

  @inlinable package var isEmpty: Bool { count == 0 }

  /// The bytes written so far, borrowed: they are valid until the next mutation.
  @inlinable package var bytes: RawSpan {
    @_lifetime(borrow self)
    get {
      let span = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The bytes from `start` up to `end`.
  @inlinable @_lifetime(borrow self)
  package func bytes(_ range: Range<Int>) -> RawSpan {
    let whole = bytes
    return unsafe _overrideLifetime(whole.extracting(range), borrowing: self)
  }

  /// Reserves capacity for `extra` more bytes; at least doubles the capacity when it grows.
  @inlinable @inline(__always)
  package mutating func reserve(_ extra: Int) {
    if capacity &- count < extra { grow(extra) }
  }

  @usableFromInline @inline(never)
  mutating func grow(_ extra: Int) {
    resize(max(capacity &* 2, count + extra))
  }

  private mutating func resize(_ length: Int) {
    capacity = Self.room(length)
    unsafe base = Self.memory(base, capacity)
  }

  /// The system moves a large buffer without copying, and reclaims freed pages at once.
  private static func memory(_ old: UnsafeMutableRawPointer?, _ room: Int) -> UnsafeMutableRawPointer {
    guard let block = unsafe realloc(old.map { unsafe $0 - lead }, lead + room) else { fatalError("no memory for \(room) bytes") }
    if room >= largeRoom { unsafe preferLargePages(block, lead + room) }
    return unsafe block + lead
  }

  /// Bytes of the block before `base`. malloc(3) places a large block 16 bytes after the start of a page, but some processors take four times
  /// as long to copy from the start of a page (a kernel page, in `read`) to less than 32 bytes after the start of another.
  private static let lead = 48

  /// Buffers of this size and above use huge pages, if the system has them. Without them a record of 100 MB takes twice the time, because
  /// the first write to each small page is a page fault.
  private static let largeRoom = 8 << 20

  /// The capacity of a buffer for `length` bytes. A large buffer, with malloc's header, is a multiple of the huge page size: Linux then aligns
  /// it to a huge page, and moves whole pages when the buffer grows instead of splitting them.
  private static func room(_ length: Int) -> Int {
    let (largePage, overhead) = (2 << 20, lead + 32)
    return length < largeRoom ? length : (length + overhead + largePage - 1) / largePage * largePage - overhead
  }

  private static func preferLargePages(_ block: UnsafeMutableRawPointer, _ length: Int) {
    #if os(Linux)
      // The start of the block's first page. The system may ignore the advice.
      let offset = Int(bitPattern: block) & (4096 - 1)
      unsafe madvise(block - offset, length + offset, MADV_HUGEPAGE)
    #endif
  }

  /// Removes everything after the first `length` bytes; the capacity stays.
  @inlinable package mutating func truncate(to length: Int) {
    precondition(length >= 0 && length <= count)
    count = length
  }

  /// Frees unused capacity above `limit` bytes, so that one huge record does not keep memory for ever.
  package mutating func shrink(above limit: Int) {
    if capacity > Self.room(limit), count <= limit { resize(limit) }
  }

  /// Removes the first `length` bytes and moves the rest to the front.
  package mutating func removeFirst(_ length: Int) { remove(0..<length) }

  /// Removes the bytes of `range` and moves the following bytes down.
  package mutating func remove(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    unsafe (base + range.lowerBound).copyMemory(from: base + range.upperBound, byteCount: count - range.upperBound)
    count -= range.count
  }

  /// Copies the bytes of `range` to `offset`; the two ranges may overlap.
  package mutating func move(_ range: Range<Int>, to offset: Int) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    precondition(offset >= 0 && offset <= count - range.count)
    unsafe (base + offset).copyMemory(from: base + range.lowerBound, byteCount: range.count)
  }

  // MARK: writing

  /// Marks `length` bytes after the end as written; the caller has reserved them and fills them in.
  @inlinable @inline(__always)
  mutating func advance(_ length: Int) {
    count &+= length
    assert(count <= capacity)
  }

  @inlinable @inline(__always)
  package mutating func append(_ byte: UInt8) {
    reserve(1)
    unsafe base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count &+= 1
  }

  @inlinable package mutating func append(_ bytes: RawSpan) {
    let length = bytes.byteCount
    reserve(length)
    unsafe bytes.withUnsafeBytes { source in
      if let start = source.baseAddress { unsafe (base + count).copyMemory(from: start, byteCount: length) }
    }
    count &+= length
  }

  /// Appends a copy of the bytes at `range`.
  package mutating func append(again range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    reserve(range.count)
    unsafe (base + count).copyMemory(from: base + range.lowerBound, byteCount: range.count)
    count &+= range.count
  }

  /// How much `append(blocks:)` copies at once.
  @usableFromInline package static var block: Int { @inlinable get { 32 } }

  /// Appends short byte strings in full blocks, which is faster than copying the exact length. The last full block must be readable.
  @unsafe @inlinable @inline(__always)
  package mutating func append(blocks source: UnsafeRawPointer, count length: Int) {
    reserve(length &+ Self.block)
    var offset = 0
    repeat {
      let block = unsafe source.loadUnaligned(fromByteOffset: offset, as: SIMD32<UInt8>.self)
      unsafe base.storeBytes(of: block, toByteOffset: count &+ offset, as: SIMD32<UInt8>.self)
      offset &+= Self.block
    } while offset < length
    count &+= length
  }

  /// A string literal.
  @inlinable package mutating func append(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    reserve(length)
    unsafe (base + count).copyMemory(from: text.utf8Start, byteCount: length)
    count &+= length
  }

  package mutating func append(utf8 text: some StringProtocol) {
    for byte in text.utf8 { append(byte) }
  }

  /// Appends in big-endian order, as in XDR.
  @inlinable package mutating func append(bigEndian value: UInt32) {
    reserve(4)
    unsafe base.storeBytes(of: value.bigEndian, toByteOffset: count, as: UInt32.self)
    count &+= 4
  }

  @inlinable package mutating func append(bigEndian value: UInt64) {
    reserve(8)
    unsafe base.storeBytes(of: value.bigEndian, toByteOffset: count, as: UInt64.self)
    count &+= 8
  }

  /// Appends the memory representation, for `ConstantBytes.load`.
  package mutating func append<Value: BitwiseCopyable>(stored value: Value) {
    reserve(MemoryLayout<Value>.size)
    unsafe base.storeBytes(of: value, toByteOffset: count, as: Value.self)
    count += MemoryLayout<Value>.size
  }

  /// Overwrites four bytes, such as a length that is known only later.
  @inlinable package mutating func replace(at offset: Int, bigEndian value: UInt32) {
    precondition(offset >= 0 && offset <= count - 4)
    unsafe base.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt32.self)
  }

  /// Lets `body` write up to `length` bytes at the end; `body` returns how many it wrote.
  /// The pointer is valid only inside `body`. For calls such as `read(2)`, in Streams.
  @unsafe @inlinable package mutating func withFreeCapacity<E: Error>(
    _ length: Int, _ body: (UnsafeMutableRawBufferPointer) throws(E) -> Int
  ) throws(E) -> Int {
    reserve(length)
    let written = try unsafe body(UnsafeMutableRawBufferPointer(start: base + count, count: length))
    precondition(written >= 0 && written <= length)
    count &+= written
    return written
  }
}
