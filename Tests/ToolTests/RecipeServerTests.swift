import TestSupport
import Testing

/// The recipes that need a server, each with a real or simulated one.
@Suite struct RecipeServerTests {
  private static func has(_ programs: String...) -> Bool { programs.allSatisfy(Documentation.isInstalled) }

  /// Runs a script in its own folder, `$folder`, and ends it after two minutes together with the processes that it started.
  private static func lines(_ script: String) throws -> [String] {
    let outcome = try Documentation.run(
      #"timeout -k 1 120 bash -c "$SCRIPT""#,
      environment: [
        "SCRIPT": #"""
        set -u
        folder=$(mktemp -d)
        trap 'kill -9 $(jobs -p) 2>/dev/null; rm -rf "$folder"' EXIT
        # Waits until a command succeeds.
        until_() { until "$@" >/dev/null 2>&1; do sleep 0.1; done }

        """# + script
      ])
    return outcome.lines
  }

  /// nats-server, a subscriber with a handwritten protocol client, and a stream that drops duplicates.
  @Test(.enabled(if: has("nats-server", "python3"), "nats-server is not installed")) func nats() throws {
    if try Documentation.run("python3 -c 'import nats'").status != 0 { try Test.cancel("nats-py, the client, is not installed") }
    let lines = try Self.lines(
      #"""
      nats-server -a 127.0.0.1 -p -1 -js -sd "$folder" >"$folder/log" 2>&1 &
      until_ grep 'Server is ready' "$folder/log"
      port=$(sed -n 's/.*client connections on 127.0.0.1://p' "$folder/log")
      export NATS_URL=nats://127.0.0.1:$port

      JETSTREAM=yes scripts/cookbook/publish-nats <testdata/invocations.ndjson || echo status $?

      exec 3<>/dev/tcp/127.0.0.1/$port
      printf 'CONNECT {"verbose":false,"headers":true}\r\nSUB soroban.> 1\r\nPING\r\n' >&3
      cat <&3 >"$folder/received" &
      until_ grep PONG "$folder/received"
      scripts/cookbook/publish-nats <testdata/invocations.ndjson
      received() { tr -d '\r' <"$folder/received"; }
      everything() { received | grep '^{"_schema' | cmp -s - testdata/invocations.ndjson; }
      until_ everything
      received | grep -A 2 -m 1 '^HMSG .*contract_call'
      kill $!
      exec 3>&-

      stream() {
        python3 -c "import asyncio, nats, os
      async def main():
        client = await nats.connect(os.environ['NATS_URL'])
        $1
        await client.close()
      asyncio.run(main())"
      }
      stream 'await client.jetstream().add_stream(name="soroban", subjects=["soroban.>"])'
      for _ in first second; do JETSTREAM=yes scripts/cookbook/publish-nats <testdata/invocations.ndjson; done
      stream 'print((await client.jetstream().stream_info("soroban")).state.messages)'

      head -n 1 testdata/invocations.ndjson | jq -c '.large = "x" * 1048576' | scripts/cookbook/publish-nats || echo status $?
      { kill -9 %1; wait %1; } 2>/dev/null
      scripts/cookbook/publish-nats <testdata/invocations.ndjson || echo status $?
      """#)
    let count = Repository.lines(Repository.testdata("invocations.ndjson")).count
    #expect(
      lines == [
        "publish-nats: NoStreamResponseError: nats: no response from stream", "status 1",
        "HMSG soroban.contract_call.CCY3NLZZETB5VXNO6FFFFXJFCVOIJCF6XJGCVDIKENQAYASXQKBTIXI6 1 40 6587", "NATS/1.0",
        "Nats-Msg-Id: 4410931417089", "\(count)",
        "publish-nats: 4406636457985 has 1049930 bytes, and the server's max_payload is 1048576", "status 1",
        "publish-nats: NoServersError: nats: no servers available for connection", "status 1",
      ])
  }

  /// The broker built into librdkafka, in another process, which also consumes.
  @Test(.enabled(if: has("kcat", "jq"), "kcat is not installed")) func kafka() throws {
    let lines = try Self.lines(
      #"""
      kcat -C -q -u -b broker -t soroban-invocations -o beginning -f '%k\t%s\n' -X test.mock.num.brokers=1 -d mock \
        >"$folder/received" 2>"$folder/log" &
      until_ grep bootstrap.servers= "$folder/log"
      export BROKERS=$(sed -n 's/.* bootstrap.servers=//p' "$folder/log")
      jq -c '.large = "x" * 1500000' testdata/invocations.ndjson | head -n 1 >"$folder/large"
      cat testdata/invocations.ndjson "$folder/large" >"$folder/records"
      scripts/cookbook/publish-kafka <"$folder/records" || echo status $?
      DRY_RUN=yes scripts/cookbook/publish-kafka <"$folder/records" >"$folder/messages"
      cut -f 2 "$folder/messages" | cmp - "$folder/records"
      # Partitions arrive in any order; the messages of a key are in one partition, and stay in order.
      everything() { sort -s -k 1,1 "$folder/received" | cmp -s - <(sort -s -k 1,1 "$folder/messages"); }
      until_ everything
      wc -l <"$folder/received"
      # Not every version of kcat ends after SIGTERM.
      { kill -9 %1; wait %1; } 2>/dev/null
      scripts/cookbook/publish-kafka <testdata/invocations.ndjson 2>"$folder/log" || echo status $?
      """#)
    #expect(lines == ["\(Repository.lines(Repository.testdata("invocations.ndjson")).count + 1)", "status 1"])
  }

  /// A server of ledgers 1030 to 1040 that is empty at first, fails now and then, and closes one more ledger on each request.
  @Test(.enabled(if: has("python3", "curl", "jq"), "python3, curl or jq is not installed")) func rpc() throws {
    let lines = try Self.lines(
      #"""
      ledger-split -q --network local --by ledger -o ndjson testdata/ledgers.xdr >"$folder/ledgers"
      cat >"$folder/server" <<'END'
      import http.server, json, sys
      closed = [line.strip() for line in open(sys.argv[1])]
      latest, asked = 1040, 0
      class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *arguments): pass
        def do_POST(self):
          global latest, asked
          asked += 1
          call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
          start, limit = call["params"]["startLedger"], call["params"]["pagination"]["limit"]
          assert call["method"] == "getLedgers" and self.headers["Content-Type"] == "application/json"
          print(start, limit, file=sys.stderr, flush=True)
          if asked % 4 == 2:
            return self.answer(503, {})
          answer = {"jsonrpc": "2.0", "id": call["id"]}
          if 1030 <= start <= latest:
            page = range(start, min(start + limit - 1, latest) + 1)
            ledgers = [{"sequence": number, "metadataXdr": closed[number - 1024]} for number in page]
            answer["result"] = {"ledgers": ledgers, "latestLedger": latest, "oldestLedger": 1030, "cursor": str(page[-1])}
          else:
            message = f"start ledger ({start}) must be between the oldest ledger: 1030 and the latest ledger: {latest} for this rpc instance"
            answer["error"] = {"code": -32602, "message": message}
            latest += 1
          self.answer(200, answer)
        def answer(self, status, answer):
          self.send_response(status)
          self.end_headers()
          self.wfile.write(json.dumps(answer).encode())
      server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
      print(server.server_port, flush=True)
      server.serve_forever()
      END
      python3 "$folder/server" "$folder/ledgers" >"$folder/port" 2>"$folder/asked" &
      until_ grep . "$folder/port"
      export RPC=http://127.0.0.1:$(cat "$folder/port") LIMIT=4 PAUSE=0.1

      scripts/cookbook/rpc-ledgers 1032 1042 2>"$folder/warnings" >"$folder/answers" || echo status $?
      jq -c .sequence "$folder/answers" | tr '\n' ' '; echo
      tr '\n' , <"$folder/asked"; echo
      ledger-split --network local "$folder/answers" | cmp - <(ledger-split --network local --ledgers 1032-1042 testdata/lake) && echo the same
      scripts/cookbook/rpc-ledgers 1029 2>"$folder/error" || echo status $?
      grep code "$folder/error"
      { kill -9 %1; wait %1; } 2>/dev/null
      RETRIES=1 scripts/cookbook/rpc-ledgers 1032 2>&1 | grep -o 'Failed to connect to 127.0.0.1' | uniq
      """#)
    #expect(
      lines == [
        "1032 1033 1034 1035 1036 1037 1038 1039 1040 1041 1042 ",
        "1032 4,1036 4,1036 4,1040 4,1041 4,1041 4,1041 4,1042 4,1042 4,", "the same", "status 1",
        #"{"code":-32602,"message":"start ledger (1029) must be between the oldest ledger: 1030 and the latest ledger: 1042 for this rpc instance"}"#,
        "Failed to connect to 127.0.0.1",
      ])
  }
}
