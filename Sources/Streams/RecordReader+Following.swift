// Waiting for input, and for objects of data lakes that grow while they are read.

extension RecordReader {
  /// Call this after `next` threw `waiting`. Waits until it is worth calling `next` again, `limit` has passed, or a signal is
  /// pending.
  package mutating func wait(atMost limit: Duration?) {
    guard !isOpen, let follower = files.follower else { return source.descriptor.wait(atMost: limit) }
    _ = System.wait(follower.notifier, atMost: min(follower.pause, limit ?? follower.pause))
    System.drain(follower.notifier)
  }

  /// The next FILE, or nil at the end. Throws `waiting` if the next object of a followed lake does not exist yet, or if the next
  /// object is for another reader, which gets it by `takeSeparate`.
  mutating func nextFile() throws(StreamError) -> InputFiles.File? {
    if let file = try files.next() {
      files.missingSince = nil
      if separatesLakeObjects, file.lakeObject != nil {
        separate = file
        throw StreamError(.waiting)
      }
      return file
    }
    guard files.follower?.next != nil else { return nil }
    files.missingSince = files.missingSince ?? .now
    throw StreamError(.waiting)
  }

  package var hasSeparate: Bool { separate != nil }

  /// Reads the separate object like any other FILE.
  package mutating func openSeparate() throws(StreamError) {
    if let file = takeSeparate() { _ = try open(file) }
  }

  /// The lake object that `next` stopped at, if another reader is to read it.
  package mutating func takeSeparate() -> InputFiles.File? {
    defer { separate = nil }
    return separate
  }

  /// The missing ledger and its data lake, if later objects exist and the wait has exceeded the user's patience. Returns them
  /// once per `patience`.
  package mutating func takeMissing() -> (ledger: UInt32, directory: String)? {
    guard let follower = files.follower, let ledger = follower.next, let since = files.missingSince, follower.hasGap,
      .now - since >= follower.options.patience
    else { return nil }
    files.missingSince = .now
    return (ledger, follower.directory)
  }

  /// Call this after an error in an object of a followed lake, which may be incomplete. Waits until the object changes, then
  /// begins it again. Returns false if it does not change, and for any other input. `wait` waits for a descriptor, for a limited
  /// time.
  package mutating func readAgain(
    _ wait: (Int32, Duration) throws(StreamError) -> Void
  ) throws(StreamError) -> Bool {
    guard let follower = files.follower, let object = lakeObject else { return false }
    source.close()
    isOpen = false
    number = recordsBefore
    let end = ContinuousClock.now + follower.options.patience
    while [stampWhenOpened, FileStamp()].contains(FileStamp(of: object.path)) {
      if .now >= end { return false }
      try wait(follower.notifier, min(follower.options.poll, end - .now))
    }
    return try open(InputFiles.File(path: object.path, lakeObject: object))
  }
}

/// Waits until a descriptor is readable and empties it, or until `limit` has passed or a signal is pending.
package func wait(for descriptor: Int32, atMost limit: Duration) {
  if System.wait(descriptor, atMost: limit) { System.drain(descriptor) }
}
