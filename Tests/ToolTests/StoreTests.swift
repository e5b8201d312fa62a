import TestSupport
import Testing

/// Following lakes in object stores: the recipes with a local store. And a FILE that grows.
@Suite struct StoreTests {
  /// moto is a server for the S3 protocol. Objects arrive in its bucket while the recipe copies them and the tool follows them.
  @Test(
    .enabled(
      if: ScriptRun.has("moto_server", "aws", "python3", "curl"),
      "moto_server and aws, of PyPI's moto[server] and awscli, are not installed"),
    arguments: [(1, 64000, "xdr.zst"), (2, 4, "xdr.zstd")])
  func aBucketIsMirroredAndFollowed(size: Int, objects: Int, ending: String) throws {
    let lines = try ScriptRun.lines(
      #"""
      port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
      export AWS_ENDPOINT_URL=http://127.0.0.1:$port AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1
      moto_server -H 127.0.0.1 -p "$port" >"$folder/moto" 2>&1 &
      until_ curl -sf "$AWS_ENDPOINT_URL/moto-api/data.json"
      aws s3 mb s3://lake >/dev/null

      layout="--ledgers-per-object \#(size) --objects-per-partition \#(objects) --ending \#(ending)"
      bring() {
        scripts/replay lake --skip "$1" $layout "$folder/lake"
        aws s3 sync --only-show-errors "$folder/lake" s3://lake/ledgers/local
      }
      bring 1038-1051
      mkdir "$folder/copy"
      ledger-split --follow --ledgers 1026-1051 --poll 0.2 -o ndjson "$folder/copy" >"$folder/out" &
      follower=$!
      PAUSE=0.1 scripts/cookbook/mirror-s3 s3://lake/ledgers/local "$folder/copy" 1026 1051 &
      mirror=$!
      ledger-split --ledgers 1026-1037 -o ndjson testdata/lake >"$folder/first"
      arrived() { cmp "$folder/first" "$folder/out"; }
      until_ arrived
      bring 1024-1037
      wait $mirror
      echo "status $?"
      wait $follower
      echo "status $?"
      ledger-split --ledgers 1026-1051 -o ndjson testdata/lake | cmp - "$folder/out" && echo the same
      """#)
    #expect(lines == ["status 0", "status 0", "the same"], "\(lines)")
  }

  /// A mounted bucket is a directory.
  @Test(
    .enabled(
      if: ScriptRun.has("moto_server", "rclone", "python3", "curl", "fusermount3"),
      "moto_server, rclone or fusermount3 is not installed"))
  func aMountedBucketIsFollowed() throws {
    let lines = try ScriptRun.lines(
      #"""
      [ -r /dev/fuse ] && [ -w /dev/fuse ] || { echo no; exit; }
      port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
      export RCLONE_CONFIG=$folder/rclone.conf
      printf '[store]\ntype = s3\nprovider = Other\nendpoint = http://127.0.0.1:%s\naccess_key_id = test\nsecret_access_key = test\n' \
        "$port" >"$RCLONE_CONFIG"
      moto_server -H 127.0.0.1 -p "$port" >"$folder/moto" 2>&1 &
      until_ curl -sf "http://127.0.0.1:$port/moto-api/data.json"
      rclone mkdir store:lake
      scripts/replay lake --skip 1038-1051 "$folder/first"
      scripts/replay lake --skip 1024-1037 "$folder/second"
      rclone copy "$folder/first" store:lake
      mkdir "$folder/mount"
      rclone mount --read-only --dir-cache-time 0.2s --vfs-cache-mode off store:lake "$folder/mount" 2>"$folder/rclone.log" &
      until_ test -e "$folder/mount/.config.json" || exit 1
      ledger-split --follow --ledgers 1024-1051 --poll 0.2 "$folder/mount" >"$folder/out" &
      follower=$!
      rclone copy "$folder/second" store:lake
      wait $follower
      echo "status $?"
      fusermount3 -u "$folder/mount"
      cmp "$folder/out" <(ledger-split testdata/lake) && echo the same
      """#)
    if lines == ["no"] { try Test.cancel("there is no /dev/fuse to be used here") }
    #expect(lines == ["status 0", "the same"], "\(lines)")
  }

  /// `tail -F` follows a FILE by its name: it grows and is replaced, as when stellar-core's output is rotated.
  @Test(.enabled(if: ScriptRun.has("python3", "tail"), "python3, for scripts/replay, is not installed"))
  func aGrowingFileIsFollowed() throws {
    let lines = try ScriptRun.lines(
      #"""
      : >"$folder/meta.xdr"
      arrived() { [ "$(grep -c . "$folder/out")" -ge "$1" ]; }
      tail -c +1 -F "$folder/meta.xdr" 2>/dev/null | ledger-split -o ndjson >"$folder/out" &
      ledger-split -o ndjson --ledgers -1037 testdata/lake >"$folder/first"
      scripts/replay pipe --count 14 --rate 100 >>"$folder/meta.xdr"
      until_ arrived "$(wc -l <"$folder/first")"
      cmp "$folder/out" "$folder/first" && echo the first half
      scripts/replay pipe --skip 1024-1037 --rate 100 >"$folder/next"
      mv "$folder/next" "$folder/meta.xdr"
      until_ arrived "$(wc -l <testdata/transactions.ndjson)"
      cmp "$folder/out" testdata/transactions.ndjson && echo the same
      """#)
    #expect(lines == ["the first half", "the same"], "\(lines)")
  }
}
