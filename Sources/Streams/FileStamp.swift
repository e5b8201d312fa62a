/// What changes about a file when it is written, replaced or, as a directory, gets an entry. The default is that of no file.
struct FileStamp: Equatable, Sendable {
  var device: UInt64 = 0
  var inode: UInt64 = 0
  var size: Int = 0
  /// When it changed last, in nanoseconds since 1970.
  var changed: Int64 = 0
  /// When this was looked at.
  var seen: Int64 = 0

  init() {}

  init(device: UInt64, inode: UInt64, size: Int, changed: Int64, seen: Int64) {
    (self.device, self.inode, self.size, self.changed, self.seen) = (device, inode, size, changed, seen)
  }

  init(of path: String) { self = System.stamp(of: path) }

  static func == (left: FileStamp, right: FileStamp) -> Bool {
    left.device == right.device && left.inode == right.inode && left.size == right.size && left.changed == right.changed
  }

  /// Whether another change would show: the clocks of file systems tick in steps of up to two seconds.
  var isSettled: Bool { seen - changed > 2_500_000_000 }
}
