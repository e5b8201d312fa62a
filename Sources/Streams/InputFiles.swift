/// Whether a path is a directory.
package func isDirectory(_ path: String) -> Bool {
  if case .directory? = try? System.type(of: path) { true } else { false }
}

/// Whether a FILE has the name of a data lake's object.
package func isLakeObject(_ path: String) -> Bool { LakeName(file: path) != nil }

/// The FILEs of a command line, in order. Directories can be data lakes, and FILEs can be objects of a lake.
package struct InputFiles: Sendable {
  package struct File: Sendable {
    let path: String
    let lakeObject: LakeObject?

    /// Whether it is so small that one thread reads several of these together.
    package var isSmall: Bool {
      if case .regular(let size)? = try? System.type(of: path) { size < 32 << 10 } else { false }
    }
  }

  private enum Entry: Sendable {
    case file(String)
    case lake(DataLake)
    case object(File)
  }

  private var waiting: ArraySlice<Entry>
  private let wantedLedgers: [ClosedRange<UInt32>]?
  private var lake: DataLake?
  /// The data lake that is followed; then there are no other FILEs.
  private(set) var follower: LakeFollower?
  /// When the wait for the lake's next object began.
  var missingSince: ContinuousClock.Instant?
  /// The number of lake objects that are not read in the order in which they were given.
  package private(set) var reordered = 0

  /// An empty list is standard input, as is `-`.
  ///
  /// With `wantedLedgers` a directory stands for its SEP-54 objects whose names overlap one of the ranges, in ascending order;
  /// without, a directory cannot be read. Consecutive FILEs with the names of lake objects are read as one lake too, because a
  /// shell lists the newest first.
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

  /// Lake objects that another reader found.
  init(separate: [File]) {
    wantedLedgers = nil
    waiting = separate.map(Entry.object)[...]
  }

  /// A data lake that is followed: it is read without end, or up to the last wanted ledger.
  package init(following lake: String, wantedLedgers: [ClosedRange<UInt32>], _ options: FollowOptions) {
    self.wantedLedgers = wantedLedgers
    waiting = []
    follower = LakeFollower(lake, wanted: wantedLedgers, options: options)
  }

  /// Converts FILEs with the names of lake objects to entries: none, one FILE, or a lake.
  private mutating func take(_ objects: inout [String], _ wanted: [ClosedRange<UInt32>]) -> [Entry] {
    defer { objects = [] }
    // A single FILE is read completely: its name may be wrong.
    if objects.count < 2 { return objects.map(Entry.file) }
    let all = DataLake(files: objects, wanted: [0...UInt32.max])
    if all.files != objects { reordered += objects.count }
    return [.lake(DataLake(files: objects, wanted: wanted))]
  }

  /// The total size of all FILEs in bytes; nil if one of them is not a regular file.
  package var totalSize: Int? {
    var total = 0
    for entry in waiting {
      let paths =
        switch entry {
        case .file(let path): [path]
        case .lake(let lake): lake.files
        case .object(let file): [file.path]
        }
      for path in paths {
        let type = try? path == "-" ? System.type(of: 0) : System.type(of: path)
        guard case .regular(let size)? = type else { return nil }
        total += size
      }
    }
    return total
  }

  /// The last ledger that will be read; nil unless the last entry is a data lake.
  package var lastLedger: UInt32? {
    switch waiting.last {
    case .lake(let lake)?: return lake.lastLedger
    case .file(let path)?:
      guard let wantedLedgers, path != "-" else { return nil }
      return try? DataLake(path, wanted: wantedLedgers).lastLedger
    case .object?, nil: return nil
    }
  }

  /// The next FILE. Nil at the end, or if a followed lake does not have its next object yet.
  mutating func next() throws(StreamError) -> File? {
    if let object = try follower?.find() { return File(path: object.path, lakeObject: object) }
    while true {
      if let object = try lake?.next() { return File(path: object.path, lakeObject: object) }
      lake = nil
      guard let entry = waiting.popFirst() else { return nil }
      switch entry {
      case .lake(let files): lake = files
      case .object(let file): return file
      case .file(let path):
        guard let wantedLedgers, path != "-", isDirectory(path) else { return File(path: path, lakeObject: nil) }
        lake = try DataLake(path, wanted: wantedLedgers)
      }
    }
  }
}
