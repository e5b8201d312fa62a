import Bytes

/// How to wait for new objects of a data lake (`--follow`).
package struct FollowOptions: Sendable {
  /// The interval between checks where the file system does not notify.
  let poll: Duration
  /// How long a broken object may take to become readable, and how long a missing one may take before a warning.
  let patience: Duration

  package init(poll: Duration, patience: Duration) {
    self.poll = poll
    self.patience = patience
  }
}

/// The objects of a data lake in ledger order, without end: after the newest one it waits for the next. It skips none.
///
/// It first tries the name that the next object has if it is like the previous one. It lists the directory only if no such object
/// exists, because a partition may contain tens of thousands of names.
struct LakeFollower {
  let directory: String
  let options: FollowOptions
  private let wanted: [ClosedRange<UInt32>]
  /// A descriptor that becomes readable when a watched directory changes; -1 if the system has no notifications.
  let notifier: Int32
  /// The next wanted ledger; nil after the last.
  private(set) var next: UInt32?
  /// The object that was returned last, and its partition.
  private var last: LakeName?
  private var partition: LakeName?
  /// The directories whose last listing did not contain the object, with their attributes at that time.
  private var listed: [String: FileStamp] = [:]
  private var watched: Set<String> = []
  /// The earliest time for another listing: listing may use at most a twentieth of the time.
  private var nextListing: ContinuousClock.Instant?
  /// How long to wait for a change before the next check.
  private(set) var pause: Duration
  /// Whether the lake contains later ledgers but not the next one.
  private(set) var hasGap = false

  init(_ directory: String, wanted: [ClosedRange<UInt32>], options: FollowOptions) {
    self.directory = directory.hasSuffix("/") ? String(directory.dropLast()) : directory
    self.wanted = wanted
    self.options = options
    pause = options.poll
    notifier = System.makeNotifier()
    next = wanted.first?.lowerBound
  }

  /// The next object, if it exists. A change after the start of this call wakes the notifier.
  mutating func find() throws(StreamError) -> LakeObject? {
    guard let next else { return nil }
    pause = options.poll
    watch(directory)
    if let last, let found = objectLike(last, at: next) { return take(found.name, in: found.partition) }
    if !listed.isEmpty, listed.allSatisfy({ $0.value.isSettled && FileStamp(of: $0.key) == $0.value }) { return nil }
    let now = ContinuousClock.now
    if let nextListing, now < nextListing {
      pause = min(pause, nextListing - now)
      return nil
    }
    listed = [:]
    let found = try findByListing(next)
    nextListing = .now + (.now - now) * 19
    guard let found else { return nil }
    return take(found.name, in: found.partition)
  }

  private mutating func take(_ name: LakeName, in partition: LakeName?) -> LakeObject {
    (last, self.partition, hasGap) = (name, partition, false)
    listed = [:]
    let end = name.ledgers.upperBound
    next = wanted.first { $0.upperBound > end }.map { max($0.lowerBound, end + 1) }
    return LakeObject(directory: directory, path: path(of: name, in: partition), ledgers: name.ledgers)
  }

  // MARK: by name

  /// The object that begins with `ledger` and whose name is otherwise like `last`.
  private mutating func objectLike(_ last: LakeName, at ledger: UInt32) -> (name: LakeName, partition: LakeName?)? {
    let size = UInt32(last.ledgers.count)
    guard ledger <= .max - size else { return nil }
    var place: LakeName?
    if let partition {
      // The current partition if it contains the ledger, else the next one of the same size.
      let span = UInt32(clamping: partition.ledgers.count)
      guard let like = partition.ledgers.contains(ledger) ? partition : LakeName(partitionOf: span, holding: ledger) else {
        return nil
      }
      place = like
      watch("\(directory)/\(like)")
    }
    for suffix in [last.suffix] + LakeName.Suffix.allCases where suffix != .partition {
      let name = LakeName(ledgers: ledger...ledger + size - 1, hasLast: last.hasLast, suffix: suffix)
      if case .regular? = try? System.type(of: path(of: name, in: place)) { return (name, place) }
    }
    return nil
  }

  private func path(of name: LakeName, in partition: LakeName?) -> String {
    partition.map { "\(directory)/\($0)/\(name)" } ?? "\(directory)/\(name)"
  }

  // MARK: by listing

  private mutating func findByListing(_ ledger: UInt32) throws(StreamError) -> (name: LakeName, partition: LakeName?)? {
    var found: (name: LakeName, partition: LakeName?)?
    var isLater = false
    // With no first ledger given and no object read yet, any object can be the first.
    let beginsAnywhere = last == nil && ledger == 0
    func consider(_ name: LakeName, _ partition: LakeName?) {
      isLater = isLater || name.ledgers.lowerBound > ledger
      let isWanted = beginsAnywhere || name.ledgers.contains(ledger)
      if isWanted, found.map({ name.order < $0.name.order }) ?? true { found = (name, partition) }
    }
    var partitions: [LakeName] = []
    try list(directory) { name in
      if name.isPartition { partitions.append(name) } else { consider(name, nil) }
    }
    // Only the partition that contains the ledger is listed, even if it is still empty. Before the first object any partition
    // will do.
    for name in partitions.sorted(by: { $0.order < $1.order }) {
      if beginsAnywhere ? found != nil : !name.ledgers.contains(ledger) {
        isLater = isLater || name.ledgers.lowerBound > ledger
        continue
      }
      watch("\(directory)/\(name)")
      try list("\(directory)/\(name)") { object in
        if !object.isPartition { consider(object, name) }
      }
    }
    hasGap = found == nil && isLater && ledger > 0
    return found
  }

  /// Calls `body` with each lake name in a directory.
  private mutating func list(_ path: String, _ body: (LakeName) -> Void) throws(StreamError) {
    listed[path] = FileStamp(of: path)
    do throws(SystemError) {
      try System.forEachEntry(of: path) { name in
        if let name = LakeName(name) { body(name) }
      }
    } catch {
      // A partition may be removed or renamed during the listing; the lake may not.
      if path == directory { throw StreamError(error, file: path) }
    }
  }

  private mutating func watch(_ path: String) {
    guard notifier >= 0, !watched.contains(path), System.notify(notifier, ofChangesIn: path) else { return }
    // Partitions that are complete need no watch, and the system limits the watches of each user.
    if watched.count > 4 {
      System.forgetChanges(notifier)
      watched = []
      for directory in [directory, path] where System.notify(notifier, ofChangesIn: directory) { watched.insert(directory) }
    }
    watched.insert(path)
  }
}
