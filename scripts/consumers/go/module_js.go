//go:build js && wasm

package sorobanpipes

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"syscall/js"
	"time"
)

// Module is soroban.wasm, the core of soroban-pipes as WebAssembly, in the same JavaScript environment as this program. soroban.h
// describes its interface. On other platforms Go uses FromLedgers.
type Module struct {
	exports js.Value
}

// Larger inputs are fed in several pieces, so that the module's memory stays small.
const largestPiece = 1 << 20

// The states of soroban_run.
const (
	stateWantsInput = iota
	stateMore
	stateEnded
	stateFailed
)

// NewModule makes an instance of the module from its bytes.
func NewModule(code []byte) (module *Module, err error) {
	defer recovered(&err)
	array := js.Global().Get("Uint8Array").New(len(code))
	js.CopyBytesToJS(array, code)
	type outcome struct {
		value js.Value
		err   error
	}
	found := make(chan outcome, 1)
	made := js.FuncOf(func(_ js.Value, arguments []js.Value) any {
		found <- outcome{value: arguments[0]}
		return nil
	})
	defer made.Release()
	refused := js.FuncOf(func(_ js.Value, arguments []js.Value) any {
		found <- outcome{err: requestError("the module cannot be used: " + arguments[0].Call("toString").String())}
		return nil
	})
	defer refused.Release()
	js.Global().Get("WebAssembly").Call("instantiate", array, js.ValueOf(map[string]any{})).Call("then", made, refused)
	result := <-found
	if result.err != nil {
		return nil, result.err
	}
	exports := result.value.Get("instance").Get("exports")
	exports.Call("_initialize")
	return &Module{exports}, nil
}

// recovered converts a JavaScript exception into an error.
func recovered(err *error) {
	if thrown := recover(); thrown != nil {
		failure, isThrown := thrown.(js.Error)
		if !isThrown {
			panic(thrown)
		}
		*err = &Error{Class: ErrStage, Message: "the module failed: " + failure.Error(), Cause: failure}
	}
}

func (module *Module) number(name string, arguments ...any) uint32 {
	return uint32(int64(module.exports.Call(name, arguments...).Float()))
}

func (module *Module) view(at, length uint32) js.Value {
	return js.Global().Get("Uint8Array").New(module.exports.Get("memory").Get("buffer"), at, length)
}

// give copies data into the module's memory and calls use with its address.
func (module *Module) give(data []byte, use func(at, length uint32) uint32) uint32 {
	at := module.number("soroban_allocate", len(data))
	if at == 0 {
		panic("no memory for the module")
	}
	defer module.exports.Call("soroban_release", at)
	js.CopyBytesToJS(module.view(at, uint32(len(data))), data)
	return use(at, uint32(len(data)))
}

// take copies the bytes to which a function and its _length point.
func (module *Module) take(name string, session uint32) []byte {
	at, length := module.number(name, session), module.number(name+"_length", session)
	data := make([]byte, length)
	js.CopyBytesToGo(data, module.view(at, length))
	return data
}

func (module *Module) failure(session uint32) error {
	failure := &Error{
		Class: ErrStage, Message: string(module.take("soroban_message", session)), Status: int(module.number("soroban_status", session)),
	}
	if failure.Status == 2 {
		failure.Class = ErrRequest
	}
	// A BigInt.
	if ledger := js.Global().Call("Number", module.exports.Call("soroban_message_ledger", session)).Float(); ledger > 0 {
		failure.Ledger = uint32(ledger)
	}
	return failure
}

// ModuleOptions configure how the module reads ledgers.
type ModuleOptions struct {
	// Network is pubnet (the default), testnet, futurenet, local or a passphrase.
	Network string
	// Style is the format of values; default Native.
	Style Style
	// Name is the name of the input in messages.
	Name string
}

// FromModule reads records from ledgers through the module: compressed or not, as files, objects of a data lake or responses of
// RPC servers. The function opens them for each stream.
func FromModule(module *Module, options ModuleOptions, ledgers func() (io.Reader, error)) *Client {
	return newClient(&moduleSource{module, options, ledgers})
}

type moduleSource struct {
	module  *Module
	options ModuleOptions
	ledgers func() (io.Reader, error)
}

func (source *moduleSource) canResume(*request) bool { return false }

func (source *moduleSource) sessionOptions(request *request) ([]byte, error) {
	if request.Follow || request.After == "now" {
		return nil, requestError("the ledgers that the module reads have an end: nothing is followed")
	}
	conditions := map[string]any{}
	filter := request.Filter
	// The stream itself counts records.
	filter.MaxCount = 0
	for _, one := range filter.conditions() {
		switch {
		case one.isFlag:
			conditions[one.name] = true
		case strings.HasSuffix(one.name, "-args"):
			conditions[one.name] = json.Number(one.value)
		default:
			list, _ := conditions[one.name].([]string)
			conditions[one.name] = append(list, one.value)
		}
	}
	options := map[string]any{
		"mode": request.kind, "style": orDefault(source.options.Style, Native), "conditions": conditions, "now": time.Now().Unix(),
	}
	if source.options.Network != "" {
		options["network"] = source.options.Network
	}
	if source.options.Name != "" {
		options["name"] = source.options.Name
	}
	first, err := request.firstLedger()
	if err != nil {
		return nil, err
	}
	if first > 0 || request.End > 0 {
		bound := func(ledger uint32) string {
			if ledger == 0 {
				return ""
			}
			return fmt.Sprint(ledger)
		}
		options["ledgers"] = bound(first) + "-" + bound(request.End)
	}
	if request.kind == Invocations && request.After != "" {
		options["after"] = request.After
	}
	if request.kind == Invocations && filter.wantsFootprints() {
		options["footprintOps"] = true
	}
	if filter.Request != nil {
		options["request"] = filter.Request
	}
	return json.Marshal(options)
}

func (source *moduleSource) open(ctx context.Context, request *request, emit emitter) (err error) {
	defer recovered(&err)
	options, err := source.sessionOptions(request)
	if err != nil {
		return err
	}
	session := source.module.give(options, func(at, length uint32) uint32 { return source.module.number("soroban_open", at, length) })
	if session == 0 {
		return source.module.failure(0)
	}
	defer source.module.exports.Call("soroban_close", session)
	ledgers, err := source.ledgers()
	if err != nil {
		return &Error{Class: ErrStage, Message: err.Error(), Status: 4, Cause: err}
	}
	return readLines(&moduleReader{module: source.module, session: session, ledgers: ledgers, ctx: ctx}, request, emit)
}

// moduleReader reads the lines that the module writes.
type moduleReader struct {
	module  *Module
	session uint32
	ledgers io.Reader
	ctx     context.Context
	piece   []byte
	output  []byte
	failure error
}

func (reader *moduleReader) Read(into []byte) (int, error) {
	for len(reader.output) == 0 {
		if reader.failure != nil {
			return 0, reader.failure
		}
		if reader.ctx.Err() != nil {
			return 0, reader.ctx.Err()
		}
		reader.step()
	}
	count := copy(into, reader.output)
	reader.output = reader.output[count:]
	return count, nil
}

// step runs the module once, and feeds it when it needs input.
func (reader *moduleReader) step() {
	state := reader.module.number("soroban_run", reader.session)
	reader.output = reader.module.take("soroban_output", reader.session)
	switch state {
	case stateEnded:
		reader.failure = io.EOF
	case stateFailed:
		reader.failure = reader.module.failure(reader.session)
	}
	reader.module.exports.Call("soroban_clear", reader.session)
	if state == stateWantsInput {
		reader.feed()
	}
}

func (reader *moduleReader) feed() {
	if reader.piece == nil {
		reader.piece = make([]byte, largestPiece)
	}
	count, err := reader.ledgers.Read(reader.piece)
	if count > 0 {
		reader.module.give(reader.piece[:count], func(at, length uint32) uint32 {
			reader.module.exports.Call("soroban_feed", reader.session, at, length)
			return 0
		})
	}
	if err == io.EOF {
		reader.module.exports.Call("soroban_end", reader.session)
	} else if err != nil {
		reader.failure = &Error{Class: ErrStage, Message: err.Error(), Status: 4, Cause: err}
	}
}
