//go:build !js

package sorobanpipes

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// The maximum length of a stage's messages that is kept.
	mostOfMessages = 16 << 10
	// How long a stage may run after the following ones have ended, and how long it may take to end.
	ending = 500 * time.Millisecond
)

// PipelineOptions configure a pipeline of the filters.
type PipelineOptions struct {
	// Network has the values of ledger-split --network; default pubnet.
	Network string
	// Style is the format of values; default Native.
	Style Style
	// Tools is the folder of the filters; default the PATH.
	Tools string
}

// PipelineOf returns the stages of the usual pipeline over a data lake or files: ledger-split, invocation-extract, and scval-json
// unless values stay raw.
func PipelineOf(options PipelineOptions, ledgers ...string) [][]string {
	tool := func(name string) string { return filepath.Join(options.Tools, name) }
	split := []string{tool("ledger-split"), "-q"}
	if options.Network != "" {
		split = append(split, "--network="+options.Network)
	}
	split = append(append(split, "--"), ledgers...)
	stages := [][]string{split, {tool("invocation-extract"), "-q"}}
	if style := orDefault(options.Style, Native); style != Raw {
		stages = append(stages, []string{tool("scval-json"), "-q", "--style=" + string(style)})
	}
	return stages
}

// FromPipeline reads records from programs that write them as lines: one list of arguments for each, without a shell. PipelineOf
// makes the usual ones. The options of a stream become options of the filters in the pipeline.
func FromPipeline(stages ...[]string) *Client {
	return newClient(&pipelineSource{stages})
}

// FromLedgers reads records from the usual pipeline over a data lake or files.
func FromLedgers(options PipelineOptions, ledgers ...string) *Client {
	return FromPipeline(PipelineOf(options, ledgers...)...)
}

type pipelineSource struct {
	stages [][]string
}

func nameOf(stage []string) string { return filepath.Base(stage[0]) }

func indexOf(stages [][]string, tool string) int {
	for index, stage := range stages {
		if nameOf(stage) == tool {
			return index
		}
	}
	return -1
}

// A data lake that is followed is read in order; files are read in the order of their names on the command line.
func (source *pipelineSource) canResume(request *request) bool {
	return request.Follow && indexOf(source.stages, "ledger-split") >= 0 && indexOf(source.stages, "invocation-extract") >= 0
}

// plan returns the stages, with the request added to the options of the filters.
func (source *pipelineSource) plan(request *request) ([][]string, error) {
	if len(source.stages) == 0 {
		return nil, requestError("a pipeline is one list of arguments for each program")
	}
	var stages [][]string
	for _, stage := range source.stages {
		if len(stage) == 0 {
			return nil, requestError("a pipeline is one list of arguments for each program")
		}
		stages = append(stages, append([]string(nil), stage...))
	}
	var failure error
	add := func(tool, what, option string) {
		index := indexOf(stages, tool)
		if index < 0 {
			failure = requestError(what + " takes a pipeline with " + tool)
			return
		}
		stage := stages[index]
		stages[index] = append([]string{stage[0], option}, stage[1:]...)
	}
	if request.After == "now" {
		return nil, requestError("a pipeline cannot go on after now; give it a first ledger")
	}
	start, err := request.firstLedger()
	if err != nil {
		return nil, err
	}
	bound := func(ledger uint32) string {
		if ledger == 0 {
			return ""
		}
		return strconv.FormatUint(uint64(ledger), 10)
	}
	if start > 0 || request.End > 0 {
		add("ledger-split", "a range of ledgers", "--ledgers="+bound(start)+"-"+bound(request.End))
	}
	if request.Follow {
		add("ledger-split", "following", "--follow")
	}
	if request.kind == Events && !isByEvent(stages) {
		add("invocation-extract", "reading events", "--by=event")
	}
	if request.kind == Invocations && request.After != "" {
		add("invocation-extract", "going on after a record", "--after="+request.After)
	}
	if request.kind == Invocations && request.Filter.wantsFootprints() {
		add("invocation-extract", "footprint operations", "--footprint-ops")
	}
	var options []string
	for _, one := range request.Filter.conditions() {
		if one.isFlag {
			options = append(options, "--"+one.name)
		} else {
			options = append(options, "--"+one.name+"="+one.value)
		}
	}
	if request.Filter.Request != nil {
		// The first of ExtraFiles.
		options = append(options, requestOption)
	}
	if len(options) > 0 {
		stages = insertFilter(stages, options)
	}
	return stages, failure
}

const requestOption = "--request=/dev/fd/3"

func isByEvent(stages [][]string) bool {
	index := indexOf(stages, "invocation-extract")
	if index < 0 {
		return false
	}
	words := strings.Join(stages[index], "\x00") + "\x00"
	return strings.Contains(words, "\x00--by=event\x00") || strings.Contains(words, "\x00--by\x00event\x00")
}

func insertFilter(stages [][]string, options []string) [][]string {
	program := "event-filter"
	if extract := indexOf(stages, "invocation-extract"); extract >= 0 {
		program = strings.TrimSuffix(stages[extract][0], "invocation-extract") + program
	}
	filter := []string{program, "-q"}
	if split := indexOf(stages, "ledger-split"); split >= 0 {
		for _, word := range stages[split] {
			if strings.HasPrefix(word, "--network=") {
				filter = append(filter, word)
				break
			}
		}
	}
	place := indexOf(stages, "scval-json")
	if place < 0 {
		place = len(stages)
	}
	return append(stages[:place:place], append([][]string{append(filter, options...)}, stages[place:]...)...)
}

func (source *pipelineSource) open(outer context.Context, request *request, emit emitter) error {
	plan, err := source.plan(request)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(outer)
	defer cancel()
	running, err := start(ctx, plan, request.Filter.Request)
	if err != nil {
		return err
	}
	defer running.output.Close()
	err = readLines(running.output, request, emit)
	if err != nil {
		cancel()
		running.wait()
		return err
	}
	return running.result()
}

// tail keeps the end of its input.
type tail struct {
	mutex sync.Mutex
	text  []byte
}

func (tail *tail) Write(data []byte) (int, error) {
	tail.mutex.Lock()
	defer tail.mutex.Unlock()
	tail.text = append(tail.text, data...)
	if len(tail.text) > mostOfMessages {
		tail.text = append(tail.text[:0], tail.text[len(tail.text)-mostOfMessages:]...)
	}
	return len(data), nil
}

// stage is a running program.
type stage struct {
	tool    string
	command *exec.Cmd
	said    tail
	// Its result, valid after done is closed.
	done chan struct{}
	// It was ended because its output is not needed any more.
	isUnneeded bool
}

// message is its first message, without its name.
func (stage *stage) message() string {
	stage.said.mutex.Lock()
	defer stage.said.mutex.Unlock()
	last := ""
	for _, line := range strings.Split(string(stage.said.text), "\n") {
		if own, isOwn := strings.CutPrefix(line, stage.tool+": "); isOwn && !strings.HasPrefix(own, "warning: ") {
			return own
		}
		last = orDefault(line, last)
	}
	return last
}

// status is the status as in a shell.
func (stage *stage) status() int {
	if state := stage.command.ProcessState; state != nil {
		if wait, isWait := state.Sys().(syscall.WaitStatus); isWait && wait.Signaled() {
			return 128 + int(wait.Signal())
		}
		return state.ExitCode()
	}
	return 127
}

// running is all programs of a pipeline, connected directly: the bytes between them do not pass through this process.
type running struct {
	stages []*stage
	output *os.File
}

// start runs the programs until the context ends: then with SIGTERM, and a little later with SIGKILL.
func start(ctx context.Context, plan [][]string, filterRequest []byte) (*running, error) {
	found := &running{}
	var before *os.File
	for _, words := range plan {
		own := &stage{tool: nameOf(words), done: make(chan struct{})}
		own.command = exec.CommandContext(ctx, words[0], words[1:]...)
		own.command.Cancel = func() error { return own.command.Process.Signal(syscall.SIGTERM) }
		own.command.WaitDelay = ending
		own.command.Stderr = &own.said
		if before != nil {
			own.command.Stdin = before
		}
		reader, writer, err := os.Pipe()
		if err != nil {
			return nil, found.abandon(before, words, err)
		}
		own.command.Stdout = writer
		var given *os.File
		if words[len(words)-1] == requestOption {
			if given, err = unnamedFile(filterRequest); err == nil {
				own.command.ExtraFiles = []*os.File{given}
			}
		}
		if err == nil {
			err = own.command.Start()
		}
		// The program has its own copies.
		writer.Close()
		if given != nil {
			given.Close()
		}
		if before != nil {
			before.Close()
		}
		before = reader
		if err != nil {
			return nil, found.abandon(before, words, err)
		}
		found.stages = append(found.stages, own)
		go func() {
			_ = own.command.Wait()
			close(own.done)
		}()
	}
	found.output = before
	return found, nil
}

// abandon ends the programs that were started before one that failed to start.
func (running *running) abandon(before *os.File, words []string, err error) error {
	if before != nil {
		before.Close()
	}
	for _, stage := range running.stages {
		_ = stage.command.Cancel()
	}
	running.wait()
	reason := err
	var path *exec.Error
	if errors.As(err, &path) {
		reason = path.Err
	}
	return &Error{Class: ErrRequest, Message: words[0] + ": " + reason.Error(), Tool: nameOf(words), Status: 127, Cause: err}
}

func (running *running) wait() {
	for _, stage := range running.stages {
		<-stage.done
	}
}

var ledgerPattern = regexp.MustCompile(`\bledgers? ([0-9]{1,10})\b`)

// result waits for all stages after the output has ended, and returns the error of the first one that failed.
func (running *running) result() error {
	patience := time.NewTimer(ending)
	defer patience.Stop()
	for _, stage := range running.stages {
		select {
		case <-stage.done:
			continue
		case <-patience.C:
			patience.Reset(0)
		}
		// A later stage has all it wants, and this one waits for a ledger, so it does not notice.
		stage.isUnneeded = true
		_ = stage.command.Cancel()
		select {
		case <-stage.done:
		case <-time.After(ending):
			_ = stage.command.Process.Kill()
			<-stage.done
		}
	}
	for index, stage := range running.stages {
		status := stage.status()
		// A stage whose reader has ended is ended by SIGPIPE, or here.
		isLast := index == len(running.stages)-1
		if status == 0 || !isLast && status == 141 || stage.isUnneeded && status == 143 {
			continue
		}
		failure := &Error{Class: ErrStage, Message: stage.message(), Tool: stage.tool, Status: status}
		if failure.Message == "" {
			failure.Message = fmt.Sprintf("it ended with status %d", status)
		}
		if match := ledgerPattern.FindStringSubmatch(failure.Message); match != nil {
			if number, err := strconv.ParseUint(match[1], 10, 32); err == nil {
				failure.Ledger = uint32(number)
			}
		}
		if status == 2 || status == 127 {
			failure.Class = ErrRequest
		}
		return failure
	}
	return nil
}

// unnamedFile contains this text, and has no name any more.
func unnamedFile(text []byte) (*os.File, error) {
	file, err := os.CreateTemp("", "soroban-pipes-")
	if err != nil {
		return nil, err
	}
	err = os.Remove(file.Name())
	if err == nil {
		_, err = file.Write(text)
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}
