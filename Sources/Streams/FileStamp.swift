/// The attributes of a file that change when it is written or replaced, or when a directory gets an entry. The default value
/// stands for a missing file.
struct FileStamp: Equatable, Sendable {
  var device: UInt64 = 0
  var inode: UInt64 = 0
  var size: Int = 0
  /// Time of the last change, in nanoseconds since 1970.
  var changed: Int64 = 0
  /// When these attributes were read, in nanoseconds since 1970.
  var seen: Int64 = 0

  init() {}

  init(device: UInt64, inode: UInt64, size: Int, changed: Int64, seen: Int64) {
    (self.device, self.inode, self.size, self.changed, self.seen) = (device, inode, size, changed, seen)
  }

  init(of path: String) { self = System.stamp(of: path) }

  static func == (left: FileStamp, right: FileStamp) -> Bool {
    left.device == right.device && left.inode == right.inode && left.size == right.size && left.changed == right.changed
  }

  /// Whether a later change would alter the stamp: file systems record times in steps of up to two seconds.
  var isSettled: Bool { seen - changed > 2_500_000_000 }
}
