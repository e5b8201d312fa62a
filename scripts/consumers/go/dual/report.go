// One program for two platforms. Natively it reads ledgers through the filters; as WebAssembly (GOOS=js GOARCH=wasm), in Node or
// on a page, it reads them through soroban.wasm. The report is the same.
//
//	dual LEDGERS NETWORK
//	node dual/run.mjs dual.wasm soroban.wasm LEDGERS NETWORK       with wasm_exec.js next to dual.wasm
package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sorobanpipes"
)

func report(ctx context.Context, client *sorobanpipes.Client) (string, error) {
	kinds := map[string]int{}
	var first, last uint32
	for invocation, err := range client.Invocations(sorobanpipes.Options{}).All(ctx) {
		if err != nil {
			return "", err
		}
		if first == 0 {
			first = invocation.Meta.LedgerSequence
		}
		last = invocation.Meta.LedgerSequence
		kinds[kindOf(invocation)]++
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	var text strings.Builder
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		fmt.Fprintf(&text, "%d × %s\n", kinds[kind], kind)
	}
	fmt.Fprintf(&text, "%d invocations in ledgers %d to %d\n", client.Metrics().Records(sorobanpipes.Invocations), first, last)
	return text.String(), nil
}

func kindOf(invocation *sorobanpipes.ContractInvocation) string {
	switch {
	case invocation.ContractCall != nil:
		return "call " + invocation.ContractCall.FunctionName
	case invocation.CreateContract != nil:
		return "creation"
	case invocation.UploadWasm != nil:
		return "upload"
	}
	return "other"
}
