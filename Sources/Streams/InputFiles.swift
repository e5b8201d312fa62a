/// The FILEs of a command line, in order; directories among them can be data lakes.
package struct InputFiles: Sendable {
  struct File {
    let path: String
    let lakeObject: LakeObject?
  }

  private var waiting: ArraySlice<String>
  private let wantedLedgers: [ClosedRange<UInt32>]?
  private var lake: DataLake?

  /// No FILE is standard input, `-` too.
  ///
  /// With `wantedLedgers` a directory stands for those of its SEP-54 objects whose names meet one of the ranges,
  /// in ascending order; without, it cannot be read.
  package init(_ files: [String], wantedLedgers: [ClosedRange<UInt32>]? = nil) {
    waiting = files.isEmpty ? ["-"] : files[...]
    self.wantedLedgers = wantedLedgers
  }

  /// The bytes of all FILEs, if that can be known beforehand: if they are regular files.
  package var totalSize: Int? {
    var total = 0
    for path in waiting {
      let type = try? path == "-" ? System.type(of: 0) : System.type(of: path)
      guard case .regular(let size)? = type else { return nil }
      total += size
    }
    return total
  }

  /// The last ledger that will be read, if that can be known beforehand: if the last FILE is a data lake.
  package var lastLedger: UInt32? {
    guard let wantedLedgers, let path = waiting.last, path != "-" else { return nil }
    return try? DataLake(path, wanted: wantedLedgers).lastLedger
  }

  mutating func next() throws(StreamError) -> File? {
    while true {
      if let object = try lake?.next() { return File(path: object.path, lakeObject: object) }
      lake = nil
      guard let path = waiting.popFirst() else { return nil }
      guard let wantedLedgers, path != "-", case .directory? = try? System.type(of: path) else {
        return File(path: path, lakeObject: nil)
      }
      lake = try DataLake(path, wanted: wantedLedgers)
    }
  }
}
