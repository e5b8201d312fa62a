package sorobanpipes

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Filter selects records: the conditions of event-filter, which its manual describes. Values of one condition are alternatives;
// different conditions must all match, unless Any is set.
type Filter struct {
	Contract, Involves, Function, Account, Type, Result, Tx, Topic, EventType, Arg, Data, State []string
	ValueType, Has, Change, Durability, Affects, Stage                                          []string
	MinArgs, MaxArgs                                                                            *int
	Since, Until, Recent                                                                        string
	AnyCall, Succeeded, Failed, Any, InvertMatch                                                bool
	// MaxCount ends the stream after this many records; 0: no limit.
	MaxCount int
	// Request is a GetInvocationsRequest of the gRPC service in protobuf-JSON; other conditions select from its results.
	Request json.RawMessage
}

type condition struct {
	name, value string
	isFlag      bool
}

// conditions returns them one by one, with "-" between the words of their names.
func (filter *Filter) conditions() []condition {
	var found []condition
	for _, list := range []struct {
		name   string
		values []string
	}{
		{"contract", filter.Contract}, {"involves", filter.Involves}, {"function", filter.Function}, {"account", filter.Account},
		{"type", filter.Type}, {"result", filter.Result}, {"tx", filter.Tx}, {"topic", filter.Topic}, {"event-type", filter.EventType},
		{"arg", filter.Arg}, {"data", filter.Data}, {"state", filter.State}, {"value-type", filter.ValueType}, {"has", filter.Has},
		{"change", filter.Change}, {"durability", filter.Durability}, {"affects", filter.Affects}, {"stage", filter.Stage},
	} {
		for _, value := range list.values {
			found = append(found, condition{name: list.name, value: value})
		}
	}
	for _, one := range []struct{ name, value string }{{"since", filter.Since}, {"until", filter.Until}, {"recent", filter.Recent}} {
		if one.value != "" {
			found = append(found, condition{name: one.name, value: one.value})
		}
	}
	for _, one := range []struct {
		name  string
		value *int
	}{{"min-args", filter.MinArgs}, {"max-args", filter.MaxArgs}} {
		if one.value != nil {
			found = append(found, condition{name: one.name, value: strconv.Itoa(*one.value)})
		}
	}
	for _, one := range []struct {
		name  string
		isSet bool
	}{
		{"any-call", filter.AnyCall}, {"succeeded", filter.Succeeded}, {"failed", filter.Failed}, {"any", filter.Any},
		{"invert-match", filter.InvertMatch},
	} {
		if one.isSet {
			found = append(found, condition{name: one.name, isFlag: true})
		}
	}
	if filter.MaxCount > 0 {
		found = append(found, condition{name: "max-count", value: strconv.Itoa(filter.MaxCount)})
	}
	return found
}

// wantsFootprints reports whether footprint operations are requested.
func (filter *Filter) wantsFootprints() bool {
	for _, list := range filter.Type {
		for _, word := range strings.Split(list, ",") {
			if word == "extend" || word == "restore" {
				return true
			}
		}
	}
	return false
}
