// The records of this client, one per line, for scripts/consumers/test (see the README there).
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"sorobanpipes"
)

// The exit status for a source that this build does not have.
const skipped = 77

type settings struct {
	source, at, network, kind, module string
	end                               uint
	isCounting                        bool
}

func main() {
	var given settings
	var conditions string
	flag.StringVar(&given.source, "source", "", "")
	flag.StringVar(&given.at, "at", "", "")
	flag.StringVar(&given.network, "network", "", "")
	flag.StringVar(&given.kind, "kind", "invocations", "")
	flag.UintVar(&given.end, "end", 0, "")
	flag.StringVar(&conditions, "conditions", "{}", "")
	flag.StringVar(&given.module, "module", "", "")
	flag.String("binding", "", "")
	flag.BoolVar(&given.isCounting, "count", false, "")
	flag.Parse()
	filter, err := filterOf(conditions)
	if err == nil {
		err = run(given, filter)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(given settings, filter sorobanpipes.Filter) error {
	client, err := clientOf(given)
	if err != nil {
		return err
	}
	options := sorobanpipes.Options{Filter: filter, End: uint32(given.end)}
	if given.kind == "events" {
		return write(given, client, client.Events(options))
	}
	return write(given, client, client.Invocations(options))
}

func write[T sorobanpipes.ContractInvocation | sorobanpipes.ContractEventRecord](
	given settings, client *sorobanpipes.Client, stream *sorobanpipes.Stream[T],
) error {
	output := bufio.NewWriterSize(os.Stdout, 1<<18)
	lines := json.NewEncoder(output)
	lines.SetEscapeHTML(false)
	var first time.Duration
	err := stream.Each(context.Background(), func(record *T) error {
		if first == 0 {
			first = time.Since(began)
		}
		if given.isCounting {
			return nil
		}
		return lines.Encode(record)
	})
	if err == nil && given.isCounting {
		metrics := client.Metrics()
		err = lines.Encode(map[string]any{
			"records": metrics.Records(sorobanpipes.Kind(given.kind)), "bytes": metrics.Bytes(), "first_seconds": first.Seconds(),
		})
	}
	if err == nil {
		err = output.Flush()
	}
	return err
}

var began = time.Now()

// texts is one text or number, or several.
type texts []string

func (list *texts) UnmarshalJSON(data []byte) error {
	var several []json.RawMessage
	if json.Unmarshal(data, &several) != nil {
		several = []json.RawMessage{data}
	}
	for _, one := range several {
		var text string
		if json.Unmarshal(one, &text) != nil {
			text = string(one)
		}
		*list = append(*list, text)
	}
	return nil
}

// filterOf reads conditions named like the parameters of soroban-serve. encoding/json ignores case.
func filterOf(conditions string) (sorobanpipes.Filter, error) {
	var given struct {
		Contract, Involves, Function, Account, Type, Result, Tx, Topic, Arg, Data, State, Has, Change, Durability, Affects, Stage texts

		EventType              texts `json:"event_type"`
		ValueType              texts `json:"value_type"`
		MinArgs                *int  `json:"min_args"`
		MaxArgs                *int  `json:"max_args"`
		MaxCount               int   `json:"max_count"`
		Since, Until, Recent   string
		AnyCall                bool `json:"any_call"`
		Succeeded, Failed, Any bool
		InvertMatch            bool `json:"invert_match"`
		Request                json.RawMessage
	}
	decoder := json.NewDecoder(strings.NewReader(conditions))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&given)
	return sorobanpipes.Filter{
		Contract: given.Contract, Involves: given.Involves, Function: given.Function, Account: given.Account, Type: given.Type,
		Result: given.Result, Tx: given.Tx, Topic: given.Topic, Arg: given.Arg, Data: given.Data, State: given.State, Has: given.Has,
		Change: given.Change, Durability: given.Durability, Affects: given.Affects, Stage: given.Stage, EventType: given.EventType,
		ValueType: given.ValueType, MinArgs: given.MinArgs, MaxArgs: given.MaxArgs, MaxCount: given.MaxCount, Since: given.Since,
		Until: given.Until, Recent: given.Recent, AnyCall: given.AnyCall, Succeeded: given.Succeeded, Failed: given.Failed, Any: given.Any,
		InvertMatch: given.InvertMatch, Request: given.Request,
	}, err
}
