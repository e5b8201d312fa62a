//go:build !js

package sorobanpipes

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func testdata(t testing.TB) string { return filepath.Join(rootFolder(t), "testdata") }

// pipe returns the output of filters, each a list of arguments, joined by pipes as in a shell.
func pipe(t testing.TB, stages ...[]string) []byte {
	var data []byte
	for _, stage := range stages {
		command := exec.Command(stage[0], stage[1:]...)
		command.Stdin, command.Stderr = bytes.NewReader(data), os.Stderr
		var err error
		if data, err = command.Output(); err != nil {
			t.Fatalf("%v: %v", stage, err)
		}
	}
	return data
}

// plain is the output of the tools alone for the lake.
func plain(t testing.TB, kind Kind, style Style, conditions ...string) []any {
	extract := []string{"invocation-extract"}
	if kind == Events {
		extract = append(extract, "--by=event")
	}
	stages := [][]string{
		{"ledger-split", "-q", "--network=local", filepath.Join(testdata(t), "lake")}, extract,
		append([]string{"event-filter", "-q", "--network=local"}, conditions...),
	}
	if style != Raw {
		stages = append(stages, []string{"scval-json", "-q", "--style=" + string(style)})
	}
	return parsed(t, pipe(t, stages...))
}

func parsed(t testing.TB, text []byte) (records []any) {
	for line := range bytes.Lines(text) {
		var record any
		if err := json.Unmarshal(line, &record); err != nil {
			t.Fatal(err)
		}
		records = append(records, record)
	}
	return
}

// all reads a stream to its end, and returns its records as JSON.
func all[T record](t testing.TB, stream *Stream[T]) (records []any, failure error) {
	for record, err := range stream.All(t.Context()) {
		if err != nil {
			return records, err
		}
		text, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, parsed(t, text)...)
	}
	return
}

func expect[T record](t *testing.T, stream *Stream[T], wanted []any) {
	t.Helper()
	found, err := all(t, stream)
	if err != nil {
		t.Fatal(err)
	}
	if len(wanted) == 0 || !reflect.DeepEqual(found, wanted) {
		t.Errorf("%d records, not the %d of the tools", len(found), len(wanted))
	}
}

func local(t testing.TB, style Style) *Client {
	return FromLedgers(PipelineOptions{Network: "local", Style: style}, filepath.Join(testdata(t), "lake"))
}

func TestTypesAreThoseOfTheSchema(t *testing.T) {
	if text, err := exec.Command("./generate", "--check").CombinedOutput(); err != nil {
		t.Fatalf("%s%v", text, err)
	}
}

func TestRecordsAreTheSameJSONAgain(t *testing.T) {
	transactions := filepath.Join(testdata(t), "transactions.ndjson")
	for _, options := range [][]string{
		nil, {"--footprint-ops", "--include", "events,diagnostics,calls,state,ttl,auth,resources,raw,metrics"},
		{"--exclude", "events,diagnostics,calls,state,ttl,auth,resources"},
	} {
		for _, decode := range [][]string{{"--style=native"}, {"--style=sep51"}, {"--style=native", "--spec=" + filepath.Join(testdata(t), "contract.wasm")}} {
			records := pipe(t, append(append([]string{"invocation-extract"}, options...), transactions), append([]string{"scval-json", "-q"}, decode...))
			expect(t, FromInput(bytes.NewReader(records)).Invocations(Options{}), parsed(t, records))
		}
	}
	events, err := os.ReadFile(filepath.Join(testdata(t), "events.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	expect(t, FromInput(bytes.NewReader(events)).Events(Options{}), parsed(t, events))
	lines, err := os.ReadFile(transactions)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(lines) {
		var transaction LedgerTransaction
		if err := json.Unmarshal(line, &transaction); err != nil {
			t.Fatal(err)
		}
		text, _ := json.Marshal(&transaction)
		if !reflect.DeepEqual(parsed(t, text), parsed(t, line)) {
			t.Fatalf("%s", text)
		}
	}
}

func TestNullAndAbsentStayApart(t *testing.T) {
	for _, text := range []string{`{"a":1}`, `{"a":1,"b":null}`, `{"a":1,"b":[]}`, `{"a":1,"b":["x"]}`} {
		var record struct {
			A int                `json:"a"`
			B Nullable[[]string] `json:"b,omitzero"`
		}
		if err := json.Unmarshal([]byte(text), &record); err != nil {
			t.Fatal(err)
		}
		if again, _ := json.Marshal(record); string(again) != text {
			t.Errorf("%s, not %s", again, text)
		}
	}
}

func TestPipelines(t *testing.T) {
	for _, style := range []Style{Native, SEP51, Raw} {
		expect(t, local(t, style).Invocations(Options{}), plain(t, Invocations, style))
		expect(t, local(t, style).Events(Options{}), plain(t, Events, style))
	}
	two := 2
	for _, one := range []struct {
		filter  Filter
		options []string
	}{
		{Filter{Function: []string{"swap"}}, []string{"--function=swap"}},
		{Filter{Succeeded: true, Type: []string{"create", "upload"}}, []string{"--succeeded", "--type=create", "--type=upload"}},
		{Filter{Function: []string{"swap", "deposit"}, Failed: true, Any: true}, []string{"--function=swap", "--function=deposit", "--failed", "--any"}},
		{Filter{Arg: []string{"/^G/"}, MinArgs: &two, InvertMatch: true}, []string{"--arg=/^G/", "--min-args=2", "--invert-match"}},
		{Filter{Function: []string{"register"}, AnyCall: true}, []string{"--function=register", "--any-call"}},
		{Filter{Involves: []string{"native"}}, []string{"--involves=native"}},
		{Filter{MaxCount: 3}, []string{"--max-count=3"}},
		{Filter{Since: "2024-01-01", Has: []string{"events"}}, []string{"--since=2024-01-01", "--has=events"}},
		{Filter{Request: json.RawMessage(`{"successfulOnly":true,"functionNames":["swap"]}`)}, []string{"--succeeded", "--function=swap"}},
	} {
		expect(t, local(t, Native).Invocations(Options{Filter: one.filter}), plain(t, Invocations, Native, one.options...))
	}
	stream := local(t, Native).Invocations(Options{Filter: Filter{Type: []string{"extend"}}})
	found := 0
	if err := stream.Each(t.Context(), func(record *ContractInvocation) error {
		if found++; record.ExtendTTL == nil {
			return errors.New("no extension")
		}
		return nil
	}); err != nil || found == 0 {
		t.Error(found, err)
	}
}

func goOnAfterEach[T record](t *testing.T, kind Kind, read func(*Client, Options) *Stream[T]) {
	options := Options{Start: 1027, End: 1040}
	records, err := all(t, read(local(t, Native), options))
	if err != nil {
		t.Fatal(err)
	}
	for index := 0; index < len(records); index += 13 {
		stream := read(local(t, Native), options)
		count := 0
		for range stream.All(t.Context()) {
			if count++; count == index+2 {
				break
			}
		}
		// The current record when the loop ended is not done.
		rest := options
		rest.After = stream.Position()
		if index+1 < len(records) {
			expect(t, read(local(t, Native), rest), records[index+1:])
		}
	}
}

func TestEveryRecordCanBeGoneOnAfter(t *testing.T) {
	goOnAfterEach(t, Invocations, (*Client).Invocations)
	goOnAfterEach(t, Events, (*Client).Events)
}

func TestAPipelineThatFollowsIsBegunAgain(t *testing.T) {
	// Its first run is killed after a while, as by a machine that is out of memory.
	mark := filepath.Join(t.TempDir(), "mark")
	program := fmt.Sprintf(`if [ -e "%s" ]; then exec cat; fi; : > "%s"; head -n 20; kill -9 $$`, mark, mark)
	stages := PipelineOf(PipelineOptions{Network: "local"}, filepath.Join(testdata(t), "lake"))
	client := FromPipeline(append(stages, []string{"sh", "-c", program})...)
	stream := client.Invocations(Options{Follow: true, End: 1051, Backoff: &Backoff{Base: time.Millisecond}})
	expect(t, stream, plain(t, Invocations, Native))
	var last *Error
	if client.Metrics().Reconnects() != 1 || !errors.As(stream.LastError(), &last) || last.Status != 137 || !errors.Is(last, ErrStage) {
		t.Errorf("%d reconnections, %v", client.Metrics().Reconnects(), stream.LastError())
	}
}

// children are the child processes of this one.
func children(t *testing.T) (found []string) {
	tasks, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil || len(tasks) == 0 {
		t.Skip("there is no /proc with children")
	}
	for _, task := range tasks {
		text, _ := os.ReadFile(task)
		found = append(found, strings.Fields(string(text))...)
	}
	return
}

func TestLeavingEndsThePrograms(t *testing.T) {
	before := len(children(t))
	for record, err := range local(t, Native).Invocations(Options{Follow: true}).All(t.Context()) {
		if err != nil || record.Meta.TOID == "" || len(children(t)) < before+3 {
			t.Error(err)
		}
		break
	}
	if len(children(t)) != before {
		t.Error("programs are left")
	}
	// The context ends while the loop waits for ledgers that never arrive.
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stream := local(t, Native).Invocations(Options{Follow: true, Start: 1051})
	for _, err := range stream.All(ctx) {
		if err != nil {
			t.Error(err)
		}
		time.AfterFunc(50*time.Millisecond, cancel)
	}
	if stream.Status() != Closed || len(children(t)) != before {
		t.Errorf("%s, and %d programs", stream.Status(), len(children(t))-before)
	}
	for _, err := range stream.All(t.Context()) {
		if !errors.Is(err, ErrRequest) {
			t.Error(err)
		}
	}
}

func TestEachMovesThePositionBehindWhatTheHandlerHasDone(t *testing.T) {
	records, err := all(t, local(t, Native).Invocations(Options{}))
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("full")
	count := 0
	stream := local(t, Native).Invocations(Options{})
	err = stream.Each(t.Context(), func(*ContractInvocation) error {
		if count == 7 {
			return full
		}
		count++
		return nil
	})
	if err != full {
		t.Fatal(err)
	}
	expect(t, local(t, Native).Invocations(Options{After: stream.Position()}), records[7:])
}

func TestFailures(t *testing.T) {
	folder := testdata(t)
	data, err := os.ReadFile(filepath.Join(folder, "ledgers.xdr"))
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(t.TempDir(), "ledgers.xdr")
	if err := os.WriteFile(cut, data[:len(data)-100], 0o600); err != nil {
		t.Fatal(err)
	}
	lake := PipelineOf(PipelineOptions{Network: "local"}, filepath.Join(folder, "lake"))
	lines := []string{"cat", filepath.Join(folder, "invocations.ndjson")}
	for _, one := range []struct {
		stages  [][]string
		options Options
		class   error
		message string
		status  int
	}{
		{PipelineOf(PipelineOptions{Network: "local"}, cut), Options{}, ErrStage, "ledgers.xdr: ", 3},
		{lake, Options{Filter: Filter{Contract: []string{"x"}}}, ErrRequest, "'x'", 2},
		{PipelineOf(PipelineOptions{}, "/does/not/exist"), Options{}, ErrStage, "exist: No such file", 4},
		{[][]string{{"soroban-no-such-program"}}, Options{}, ErrRequest, "not found", 127},
		{[][]string{{"cat", filepath.Join(folder, "README.md")}}, Options{}, ErrProtocol, "not JSON: # Test material", 0},
		{[][]string{{"printf", `{"a":1}\n`}}, Options{}, ErrProtocol, "not a record of invocations", 0},
		{[][]string{{"printf", `{"meta":5}\n`}}, Options{}, ErrProtocol, "not as its schema has it", 0},
		{[][]string{{"printf", strings.Repeat("[", 100_000) + `\n`}}, Options{}, ErrProtocol, "not JSON", 0},
		{[][]string{{"head", "-c1000", lines[1]}}, Options{}, ErrUnavailable, "not whole", 0},
		{[][]string{{"sh", "-c", "exit 7"}}, Options{}, ErrStage, "it ended with status 7", 7},
		{[][]string{{"sh", "-c", "echo nonsense >&2; kill -9 $$"}}, Options{}, ErrStage, "nonsense", 137},
		{[][]string{lines}, Options{Start: 5}, ErrRequest, "takes a pipeline with ledger-split", 0},
		{lake, Options{After: "now"}, ErrRequest, "now", 0},
		{lake, Options{After: strings.Repeat("9", 5000)}, ErrRequest, "not the id of a record", 0},
		{nil, Options{}, ErrRequest, "one list of arguments", 0},
		{[][]string{{}}, Options{}, ErrRequest, "one list of arguments", 0},
	} {
		client := FromPipeline(one.stages...)
		stream := client.Invocations(one.options)
		_, err := all(t, stream)
		var own *Error
		if !errors.As(err, &own) || !errors.Is(err, one.class) || !strings.Contains(own.Message, one.message) || own.Status != one.status {
			t.Errorf("%v: %v", one.stages, err)
		}
		// An invalid id is rejected before anything starts.
		hasBegun := len(one.options.After) < 100
		if stream.Status() != Failed || hasBegun && !strings.Contains(client.Metrics().Prometheus(map[string]string{"a": `b"`}), `soroban_client_errors_total{a="b\"",class="`) {
			t.Errorf("%s: %s", stream.Status(), client.Metrics().Prometheus(nil))
		}
	}
}

func TestService(t *testing.T) {
	for _, path := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin", "/usr/local/sbin") {
		if _, err := os.Stat(filepath.Join(path, "lighttpd")); err == nil {
			t.Run("records", serviceRecords)
			t.Run("restarts", serviceRestarts)
			return
		}
	}
	t.Skip("lighttpd is not installed")
}

func start1(t *testing.T, lake, port string) (string, func(bool)) {
	return serve(t, filepath.Join(rootFolder(t), "scripts/serve/start"), "--lake", lake, "--port", port, "--poll", "0.1", "--heartbeat", "1")
}

func serviceRecords(t *testing.T) {
	address, _ := start1(t, filepath.Join(testdata(t), "lake"), "0")
	for _, isEvents := range []bool{false, true} {
		client := FromService(address, ServiceOptions{EventStream: isEvents})
		expect(t, client.Invocations(Options{End: 1051}), plain(t, Invocations, Native))
		expect(t, client.Events(Options{End: 1051, Filter: Filter{Topic: []string{"transfer/**"}}}), plain(t, Events, Native, "--topic=transfer/**"))
		request := Filter{Request: json.RawMessage(`{"successfulOnly":true,"functionNames":["swap"],"endLedger":1051}`)}
		expect(t, client.Invocations(Options{Filter: request}), plain(t, Invocations, Native, "--succeeded", "--function=swap"))
		_, err := all(t, client.Invocations(Options{End: 1051, Filter: Filter{Contract: []string{"x"}}}))
		var own *Error
		if !errors.As(err, &own) || own.Class != ErrRequest || own.Tool != "event-filter" || own.Status != 2 || own.HTTPStatus != 400 {
			t.Error(err)
		}
		_, err = all(t, client.Invocations(Options{Start: 5, End: 1051}))
		if !errors.As(err, &own) || own.Class != ErrGone || own.FirstLedger != 1024 || own.LastLedger != 1051 {
			t.Error(err)
		}
		// The end of the context wakes a caller that waits for later ledgers.
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		stream := client.Invocations(Options{After: "now", Follow: true})
		for _, err := range stream.All(ctx) {
			t.Error("something came", err)
		}
		cancel()
		if stream.Status() != Closed {
			t.Error(stream.Status())
		}
		if client.Metrics().Reconnects() != 0 {
			t.Error("it was tried again")
		}
	}
	for _, wrong := range []string{address + "/elsewhere", "nonsense", "ftp://x", "http://127.0.0.1:99999999", "http://[::1"} {
		if _, err := all(t, FromService(wrong, ServiceOptions{}).Invocations(Options{MaxRetries: -1})); err == nil {
			t.Error(wrong)
		}
	}
}

// growingLake copies objects of the lake, some of them at first.
type growingLake struct {
	t      *testing.T
	folder string
	coming []string
}

func (lake *growingLake) add(count int) {
	from := filepath.Join(testdata(lake.t), "lake")
	for _, path := range lake.coming[:min(count, len(lake.coming))] {
		data, err := os.ReadFile(filepath.Join(from, path))
		if err != nil {
			lake.t.Fatal(err)
		}
		// Renamed, so that no reader sees an incomplete file.
		aside := filepath.Join(lake.folder, ".aside")
		os.MkdirAll(filepath.Dir(filepath.Join(lake.folder, path)), 0o700)
		if err := os.WriteFile(aside, data, 0o600); err != nil {
			lake.t.Fatal(err)
		}
		if err := os.Rename(aside, filepath.Join(lake.folder, path)); err != nil {
			lake.t.Fatal(err)
		}
	}
	lake.coming = lake.coming[min(count, len(lake.coming)):]
}

func newGrowingLake(t *testing.T) *growingLake {
	lake := &growingLake{t: t, folder: t.TempDir()}
	from := filepath.Join(testdata(t), "lake")
	filepath.WalkDir(from, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.Contains(entry.Name(), "--") {
			relative, _ := filepath.Rel(from, path)
			lake.coming = append(lake.coming, relative)
		}
		return err
	})
	// The numbers in the names have equal lengths.
	number := func(path string) string { return path[strings.LastIndex(path, "--"):] }
	slices.SortFunc(lake.coming, func(a, b string) int { return strings.Compare(number(a), number(b)) })
	lake.coming = append([]string{".config.json"}, lake.coming...)
	return lake
}

func serviceRestarts(t *testing.T) {
	for _, isEvents := range []bool{false, true} {
		killAndRestart(t, isEvents, Invocations, (*Client).Invocations)
		killAndRestart(t, isEvents, Events, (*Client).Events)
	}
}

func killAndRestart[T record](t *testing.T, isEvents bool, kind Kind, read func(*Client, Options) *Stream[T]) {
	lake := newGrowingLake(t)
	lake.add(5)
	address, stop := start1(t, lake.folder, "0")
	parts, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	client := FromService(address, ServiceOptions{EventStream: isEvents})
	stream := read(client, Options{End: 1051, Follow: true, Backoff: &Backoff{Base: 50 * time.Millisecond, Cap: 200 * time.Millisecond}})
	var found []any
	for record, err := range stream.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		text, _ := json.Marshal(record)
		found = append(found, parsed(t, text)...)
		// In the middle of a ledger, and while the server waits for the next object.
		switch len(found) {
		case 10, 20:
			stop(true)
			lake.add(1)
			_, stop = start1(t, lake.folder, parts.Port())
		case 25:
			lake.add(1000)
		case 60:
			stop(false)
			_, stop = start1(t, lake.folder, parts.Port())
		}
	}
	stop(false)
	if !reflect.DeepEqual(found, plain(t, kind, Native)) || client.Metrics().Reconnects() == 0 {
		t.Errorf("%s: %d records, %d reconnections", kind, len(found), client.Metrics().Reconnects())
	}
}

func TestBackoff(t *testing.T) {
	now := time.Unix(1000, 0)
	backoff := Backoff{Base: time.Second, Cap: 8 * time.Second, Random: func() float64 { return 1 }}
	for _, seconds := range []int{1, 2, 4, 8, 8, 8} {
		if delay := backoff.Next(now, 0); delay != time.Duration(seconds)*time.Second {
			t.Error(delay)
		}
	}
	backoff.Good(now)
	if backoff.Next(now, 0) != time.Second {
		t.Error("a record is no progress")
	}
	steady := Backoff{Base: time.Second, ResetAfter: time.Minute, Random: func() float64 { return 1 }}
	steady.Next(now, 0)
	steady.Good(now)
	if steady.Next(now.Add(59*time.Second), 0) != 2*time.Second {
		t.Error("it was not good for long enough")
	}
	steady.Good(now)
	if steady.Next(now.Add(time.Minute), 0) != time.Second {
		t.Error("it was good for long enough")
	}
	endless := Backoff{}
	for range 1000 {
		if delay := endless.Next(now, 0); delay < 250*time.Millisecond || delay > 30*time.Second {
			t.Fatal(delay)
		}
	}
	if endless.Next(now, 1<<62) != 300*time.Second || endless.Next(now, 40*time.Second) != 40*time.Second {
		t.Error("Retry-After")
	}
	epoch := time.Unix(0, 0)
	for value, delay := range map[string]time.Duration{
		"2": 2 * time.Second, "99999999999999999999": 1 << 31 * time.Second, "Thu, 01 Jan 1970 00:01:00 GMT": time.Minute, "": 0, "soon": 0, "-5": 0,
		"+5": 0, "1_0": 0, "1.5": 0,
	} {
		if found := retryAfterOf(value, epoch); found != delay {
			t.Errorf("%s: %v", value, found)
		}
	}
}

func TestLinesWhateverThePieces(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	lines := []string{"", "a", "caf\u00e9 \u20ac \U0001f30d", "x\u2028y\u0085\x0b\x0c", strings.Repeat("b", 300), ""}
	for _, end := range []string{"\n", "\r\n"} {
		data := []byte("\ufeff" + strings.Join(lines, end) + end)
		for range 300 {
			decoder := lineDecoder{longest: Longest}
			var found []string
			for rest := data; len(rest) > 0; {
				size := 1 + random.IntN(min(len(rest), 60))
				if err := decoder.take(rest[:size], func(line []byte) error {
					found = append(found, string(line))
					return nil
				}); err != nil {
					t.Fatal(err)
				}
				rest = rest[size:]
			}
			if !slices.Equal(found, lines) || decoder.isUnfinished() {
				t.Fatalf("%q", found)
			}
		}
	}
	decoder := lineDecoder{longest: 100}
	if decoder.take(bytes.Repeat([]byte("x"), 101), nil) == nil {
		t.Error("a long line was taken")
	}
}

func TestEventsWhateverThePieces(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	text := "\ufeff: comment\n\nid: 1\nevent: a\ndata: caf\u00e9\ndata:b\u2028\ndata\n\nretry: +5\nnew: x\ndata:  two\n\nid: 9\n\nevent: x\n\ndata: cut"
	wanted := []string{"a|caf\u00e9\nb\u2028\n", "message| two"}
	for _, end := range []string{"\n", "\r\n", "\r"} {
		data := []byte(strings.ReplaceAll(text, "\n", end))
		for range 300 {
			decoder := newEventDecoder(Longest)
			var found []string
			for rest := data; len(rest) > 0; {
				size := 1 + random.IntN(min(len(rest), 20))
				if err := decoder.take(rest[:size], func(event string, data []byte) error {
					found = append(found, event+"|"+string(data))
					return nil
				}); err != nil {
					t.Fatal(err)
				}
				rest = rest[size:]
			}
			if !slices.Equal(found, wanted) {
				t.Fatalf("%q", found)
			}
		}
	}
	endless := newEventDecoder(100)
	if endless.take(bytes.Repeat([]byte("data:x\n"), 60), nil) == nil {
		t.Error("a long event was taken")
	}
}

func TestExamples(t *testing.T) {
	built := filepath.Join(rootFolder(t), ".build/go-client")
	run := func(words ...string) string {
		command := exec.Command(words[0], words[1:]...)
		command.Dir, command.Stderr = rootFolder(t), os.Stderr
		text, err := command.Output()
		if err != nil {
			t.Fatalf("%v: %v", words, err)
		}
		return string(text)
	}
	expected, err := os.ReadFile("examples/top/expected")
	if err != nil {
		t.Fatal(err)
	}
	if found := run(filepath.Join(built, "top"), "testdata/lake", "local"); found != string(expected) {
		t.Errorf("%s", found)
	}
	failing := exec.Command(filepath.Join(built, "top"), "no-such-lake")
	said, _ := failing.CombinedOutput()
	if failing.ProcessState.ExitCode() != 1 || !strings.HasPrefix(string(said), "ledger-split: no-such-lake: ") {
		t.Errorf("%s", said)
	}
	native := run(filepath.Join(built, "dual"), "testdata/ledgers.xdr", "local")
	if !strings.Contains(native, " × call swap\n") {
		t.Errorf("%s", native)
	}
	module := orDefault(os.Getenv("SOROBAN_WASM"), filepath.Join(rootFolder(t), ".build/wasm/soroban.wasm"))
	if _, err := os.Stat(module); err != nil {
		t.Skip("soroban.wasm is not there (make wasm)")
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not installed")
	}
	script := filepath.Join(rootFolder(t), "scripts/consumers/go/dual/run.mjs")
	program := filepath.Join(built, "dual.wasm")
	if found := run("node", script, program, module, "testdata/ledgers.xdr", "local"); found != native {
		t.Errorf("in Node:\n%snatively:\n%s", found, native)
	}
	// The error is the module's message, and not a trap.
	failing = exec.Command("node", script, program, module, filepath.Join(testdata(t), "README.md"), "local")
	said, _ = failing.CombinedOutput()
	if failing.ProcessState.ExitCode() != 1 || !bytes.HasPrefix(said, []byte("standard input: ")) {
		t.Errorf("%s", said)
	}
}

func TestASlowReaderStopsThePipeline(t *testing.T) {
	// More than all pipes and buffers can hold, from a reader that counts.
	line, err := os.ReadFile(filepath.Join(testdata(t), "invocations.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	source := &endless{line: line[:bytes.IndexByte(line, '\n')+1]}
	for range FromInput(source).Invocations(Options{}).All(t.Context()) {
		break
	}
	if source.count > 1 {
		t.Errorf("%d pieces were read for one record", source.count)
	}
}

type endless struct {
	line  []byte
	count int
}

func (source *endless) Read(into []byte) (int, error) {
	source.count++
	return copy(into, source.line), nil
}

var _ io.Reader = &endless{}
