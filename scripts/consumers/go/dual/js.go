//go:build js && wasm

package main

import (
	"bytes"
	"context"
	"io"
	"syscall/js"

	"sorobanpipes"
)

// main defines the function sorobanReport(module, ledgers, network) in JavaScript. It takes Uint8Arrays and returns a promise.
func main() {
	js.Global().Set("sorobanReport", js.FuncOf(func(_ js.Value, given []js.Value) any {
		code, ledgers, network := bytesOf(given[0]), bytesOf(given[1]), given[2].String()
		// Waiting must not block the event loop.
		return promise(func() (string, error) {
			module, err := sorobanpipes.NewModule(code)
			if err != nil {
				return "", err
			}
			open := func() (io.Reader, error) { return bytes.NewReader(ledgers), nil }
			return report(context.Background(), sorobanpipes.FromModule(module, sorobanpipes.ModuleOptions{Network: network}, open))
		})
	}))
	if ready := js.Global().Get("sorobanReady"); ready.Type() == js.TypeFunction {
		ready.Invoke()
	}
	select {}
}

func bytesOf(array js.Value) []byte {
	data := make([]byte, array.Get("length").Int())
	js.CopyBytesToGo(data, array)
	return data
}

func promise(work func() (string, error)) js.Value {
	executor := js.FuncOf(func(_ js.Value, settle []js.Value) any {
		go func() {
			text, err := work()
			if err != nil {
				settle[1].Invoke(js.Global().Get("Error").New(err.Error()))
				return
			}
			settle[0].Invoke(text)
		}()
		return nil
	})
	defer executor.Release()
	return js.Global().Get("Promise").New(executor)
}
