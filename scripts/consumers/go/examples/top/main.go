// The most frequently called functions and their fees, from ledgers or from soroban-serve.
//
//	top testdata/lake local
//	top http://localhost:8080
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"sorobanpipes"
)

type row struct {
	name          string
	calls, failed int
	fees          int64
}

func main() {
	// If interrupted, it prints its results so far.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, append(os.Args[1:], "testdata/lake", "local")); err != nil {
		var own *sorobanpipes.Error
		if errors.As(err, &own) && own.Tool != "" {
			fmt.Fprintf(os.Stderr, "%s: %s\n", own.Tool, own.Message)
		} else {
			fmt.Fprintf(os.Stderr, "top: %v\n", err)
		}
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string) error {
	ledgers := arguments[0]
	client := sorobanpipes.FromLedgers(sorobanpipes.PipelineOptions{Network: arguments[1]}, ledgers)
	if strings.HasPrefix(ledgers, "http") {
		client = sorobanpipes.FromService(ledgers, sorobanpipes.ServiceOptions{})
	}
	rows := map[string]*row{}
	calls := sorobanpipes.Options{Filter: sorobanpipes.Filter{Type: []string{"call"}}}
	for invocation, err := range client.Invocations(calls).All(ctx) {
		if err != nil {
			return err
		}
		name := invocation.ContractCall.FunctionName
		if rows[name] == nil {
			rows[name] = &row{name: name}
		}
		rows[name].calls++
		if !invocation.Meta.Successful {
			rows[name].failed++
		}
		fee, err := strconv.ParseInt(invocation.Meta.FeeCharged, 10, 64)
		if err != nil {
			return err
		}
		rows[name].fees += fee
	}
	sorted := slices.SortedFunc(maps.Values(rows), func(a, b *row) int {
		return cmp.Or(cmp.Compare(b.calls, a.calls), cmp.Compare(b.fees, a.fees), cmp.Compare(a.name, b.name))
	})
	table := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "calls\tfailed\tstroops\tfunction\t")
	for _, row := range sorted[:min(10, len(sorted))] {
		fmt.Fprintf(table, "%d\t%d\t%d\t%s\t\n", row.calls, row.failed, row.fees, row.name)
	}
	return table.Flush()
}
