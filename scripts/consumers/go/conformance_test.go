//go:build !js

package sorobanpipes

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// The list of tests that all clients share: scripts/consumers/conformance.

type scenario struct {
	Name       string
	Kind       Kind
	Transports []string
	Options    struct {
		After     *int
		Silence   float64
		StopAfter int `json:"stop_after"`
		FailAt    int `json:"fail_at"`
	}
	Expect struct {
		Records      []int
		Requests     []*int
		Waits        [][2]float64
		ReturnValues map[string]string `json:"return_values"`
		Position     *int
		Error        map[string]any
	}
}

var errHandler = errors.New("the handler failed")

var classes = map[string]error{
	"request": ErrRequest, "gone": ErrGone, "protocol": ErrProtocol, "stage": ErrStage, "unavailable": ErrUnavailable, "handler": errHandler,
}

// numberedID is the id of a record with this number.
func numberedID(kind Kind, number int) string {
	if kind == Events {
		return fmt.Sprintf("%019d-%010d", int64(1001)<<32+4096, 100-number)
	}
	return fmt.Sprint(int64(1000+number)<<32 + 4097)
}

func rootFolder(t testing.TB) string {
	folder, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "Package.swift")); err == nil {
			return folder
		}
		if folder == "/" {
			t.Fatal("not inside the source tree")
		}
		folder = filepath.Dir(folder)
	}
}

// serve runs a program that prints its address, until the end of the test or stop.
func serve(t testing.TB, words ...string) (address string, stop func(isKill bool)) {
	command := exec.Command(words[0], words[1:]...)
	input, _ := command.StdinPipe()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	command.Stdout, command.Stderr = writer, writer
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	writer.Close()
	isOver := false
	stop = func(isKill bool) {
		if isOver {
			return
		}
		isOver = true
		input.Close()
		if isKill {
			command.Process.Kill()
		} else {
			command.Process.Signal(os.Interrupt)
		}
		command.Wait()
	}
	t.Cleanup(func() { stop(false) })
	lines := bufio.NewScanner(reader)
	var said []string
	for lines.Scan() {
		said = append(said, lines.Text())
		if match := regexp.MustCompile(`listening at (\S+?)/?$`).FindStringSubmatch(lines.Text()); match != nil {
			go func() {
				for lines.Scan() {
				}
				reader.Close()
			}()
			return match[1], stop
		}
	}
	t.Fatalf("%s ended: %s", words[0], strings.Join(said, "\n"))
	return
}

func TestConformance(t *testing.T) {
	folder := filepath.Join(rootFolder(t), "scripts/consumers/conformance")
	data, err := os.ReadFile(filepath.Join(folder, "scenarios.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		MaxRetries int `json:"max_retries"`
		Scenarios  []scenario
	}
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	address, _ := serve(t, filepath.Join(folder, "fault-server"))
	count := 0
	for _, scenario := range list.Scenarios {
		for _, transport := range []string{"ndjson", "sse"} {
			if scenario.Transports == nil || slices.Contains(scenario.Transports, transport) {
				count++
				t.Run(scenario.Name+"-"+transport, func(t *testing.T) {
					if scenario.Kind == Events {
						play(t, scenario, transport, address, list.MaxRetries, (*Client).Events)
					} else {
						scenario.Kind = Invocations
						play(t, scenario, transport, address, list.MaxRetries, (*Client).Invocations)
					}
				})
			}
		}
	}
	if count < 80 {
		t.Errorf("only %d scenarios", count)
	}
}

func play[T record](t *testing.T, scenario scenario, transport, server string, maxRetries int, read func(*Client, Options) *Stream[T]) {
	address := server + "/" + scenario.Name + "/go-" + transport
	client := FromService(address, ServiceOptions{
		EventStream: transport == "sse", Silence: time.Duration(scenario.Options.Silence * float64(time.Second)),
	})
	var waits []float64
	client.surroundings.sleep = func(_ context.Context, delay time.Duration) { waits = append(waits, delay.Seconds()) }
	options := Options{MaxRetries: maxRetries}
	if scenario.Options.After != nil {
		options.After = numberedID(scenario.Kind, *scenario.Options.After)
	}
	stream := read(client, options)
	numbers := []int{}
	values := map[string]string{}
	var failure error
	for found, err := range stream.All(t.Context()) {
		if err != nil {
			failure = err
			break
		}
		number := 0
		switch found := any(found).(type) {
		case *ContractInvocation:
			number = int(found.Meta.LedgerSequence) - 1000
			if found.ContractCall != nil {
				values[fmt.Sprint(number)], _ = found.ContractCall.ReturnValue.Text()
			}
		case *ContractEventRecord:
			number = 100 - int(*found.Event.EventIndex)
		}
		if number == scenario.Options.FailAt {
			failure = errHandler
			break
		}
		numbers = append(numbers, number)
		if len(numbers) == scenario.Options.StopAfter {
			break
		}
	}
	answer, err := http.Get(address + "/log")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var log struct {
		Requests []struct {
			Path     string
			Position *string
		}
	}
	if err := json.NewDecoder(answer.Body).Decode(&log); err != nil {
		t.Fatal(err)
	}
	expect := scenario.Expect
	if !slices.Equal(numbers, expect.Records) {
		t.Errorf("records %v, not %v; %v", numbers, expect.Records, failure)
	}
	if len(log.Requests) != len(expect.Requests) {
		t.Fatalf("%d requests, not %d; %v", len(log.Requests), len(expect.Requests), failure)
	}
	for index, asked := range log.Requests {
		if wanted := expect.Requests[index]; (wanted == nil) != (asked.Position == nil) ||
			wanted != nil && *asked.Position != numberedID(scenario.Kind, *wanted) {
			t.Errorf("request %d asks for another position", index)
		}
		if asked.Path != log.Requests[0].Path {
			t.Errorf("request %d asks for %s", index, asked.Path)
		}
	}
	if len(waits) != max(0, len(expect.Requests)-1) {
		t.Errorf("waited %d times", len(waits))
	}
	for index, bounds := range expect.Waits {
		if waits[index] < bounds[0] || waits[index] > bounds[1] {
			t.Errorf("waited %v s", waits[index])
		}
	}
	for number, value := range expect.ReturnValues {
		if values[number] != value {
			t.Errorf("record %s returns %q, not %q", number, values[number], value)
		}
	}
	if expect.Position != nil && stream.Position() != numberedID(scenario.Kind, *expect.Position) {
		t.Errorf("at %s", stream.Position())
	}
	if client.Metrics().OpenStreams() != 0 {
		t.Error("the stream is open")
	}
	status := Ended
	if expect.Error == nil {
		if failure != nil {
			t.Errorf("failed: %v", failure)
		}
		if scenario.Options.StopAfter > 0 {
			status = Closed
		}
	} else {
		checkError(t, failure, expect.Error)
		if status = Failed; expect.Error["class"] == "handler" {
			status = Closed
		}
	}
	if stream.Status() != status {
		t.Errorf("status %s, not %s", stream.Status(), status)
	}
}

func checkError(t *testing.T, failure error, expect map[string]any) {
	if !errors.Is(failure, classes[expect["class"].(string)]) {
		t.Fatalf("the error is %v", failure)
	}
	var own *Error
	if !errors.As(failure, &own) {
		return
	}
	found := map[string]any{
		"class": own.Class.Error(), "message": own.Message, "tool": own.Tool, "status": float64(own.Status), "ledger": float64(own.Ledger),
		"http_status": float64(own.HTTPStatus), "first_ledger": float64(own.FirstLedger), "last_ledger": float64(own.LastLedger),
	}
	for name, value := range expect {
		if found[name] != value {
			t.Errorf("%s of the error is %v, not %v", name, found[name], value)
		}
	}
}
