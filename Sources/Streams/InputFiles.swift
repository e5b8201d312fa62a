/// Whether a path leads to a directory.
package func isDirectory(_ path: String) -> Bool {
  if case .directory? = try? System.type(of: path) { true } else { false }
}

/// Whether a FILE has the name of an object of a data lake.
package func isLakeObject(_ path: String) -> Bool { LakeName(file: path) != nil }

/// The FILEs of a command line, in order; directories among them can be data lakes, and FILEs objects of one.
package struct InputFiles: Sendable {
  struct File {
    let path: String
    let lakeObject: LakeObject?
  }

  private enum Entry: Sendable {
    case file(String)
    case lake(DataLake)
  }

  private var waiting: ArraySlice<Entry>
  private let wantedLedgers: [ClosedRange<UInt32>]?
  private var lake: DataLake?
  /// The data lake that is read for ever; then there is nothing else.
  private(set) var follower: LakeFollower?
  /// How many FILEs are objects of a data lake that are not read in the order in which they were given.
  package private(set) var reordered = 0

  /// No FILE is standard input, `-` too.
  ///
  /// With `wantedLedgers` a directory stands for those of its SEP-54 objects whose names meet one of the ranges,
  /// in ascending order; without, it cannot be read. FILEs that follow each other and have the names of such objects are read as one lake, too:
  /// a shell lists the newest one first.
  package init(_ files: [String], wantedLedgers: [ClosedRange<UInt32>]? = nil) {
    self.wantedLedgers = wantedLedgers
    waiting = files.isEmpty ? [.file("-")] : []
    guard let wantedLedgers else {
      waiting += files.map(Entry.file)
      return
    }
    var objects: [String] = []
    for file in files {
      if LakeName(file: file) != nil {
        objects.append(file)
      } else {
        waiting += take(&objects, wantedLedgers)
        waiting.append(.file(file))
      }
    }
    waiting += take(&objects, wantedLedgers)
  }

  /// A data lake that is read for ever, or to the last wanted ledger.
  package init(following lake: String, wantedLedgers: [ClosedRange<UInt32>], _ options: FollowOptions) {
    self.wantedLedgers = wantedLedgers
    waiting = []
    follower = LakeFollower(lake, wanted: wantedLedgers, options: options)
  }

  /// What FILEs with the names of objects stand for: nothing, a FILE, or a lake of them.
  private mutating func take(_ objects: inout [String], _ wanted: [ClosedRange<UInt32>]) -> [Entry] {
    defer { objects = [] }
    // What one FILE holds is not judged by its name.
    if objects.count < 2 { return objects.map(Entry.file) }
    let all = DataLake(files: objects, wanted: [0...UInt32.max])
    if all.files != objects { reordered += objects.count }
    return [.lake(DataLake(files: objects, wanted: wanted))]
  }

  /// The bytes of all FILEs, if that can be known beforehand: if they are regular files.
  package var totalSize: Int? {
    var total = 0
    for entry in waiting {
      let paths =
        switch entry {
        case .file(let path): [path]
        case .lake(let lake): lake.files
        }
      for path in paths {
        let type = try? path == "-" ? System.type(of: 0) : System.type(of: path)
        guard case .regular(let size)? = type else { return nil }
        total += size
      }
    }
    return total
  }

  /// The last ledger that will be read, if that can be known beforehand: if the last FILE is a data lake.
  package var lastLedger: UInt32? {
    switch waiting.last {
    case .lake(let lake)?: return lake.lastLedger
    case .file(let path)?:
      guard let wantedLedgers, path != "-" else { return nil }
      return try? DataLake(path, wanted: wantedLedgers).lastLedger
    case nil: return nil
    }
  }

  /// The next FILE. Nil if there is none, or none yet where a lake is followed.
  mutating func next() throws(StreamError) -> File? {
    if let object = try follower?.find() { return File(path: object.path, lakeObject: object) }
    while true {
      if let object = try lake?.next() { return File(path: object.path, lakeObject: object) }
      lake = nil
      guard let entry = waiting.popFirst() else { return nil }
      switch entry {
      case .lake(let files): lake = files
      case .file(let path):
        guard let wantedLedgers, path != "-", isDirectory(path) else { return File(path: path, lakeObject: nil) }
        lake = try DataLake(path, wanted: wantedLedgers)
      }
    }
  }
}
