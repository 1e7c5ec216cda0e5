package provider

import (
	"context"
	"encoding/json"

	"github.com/proof-of-sampling/posp"
)

// Dialect is how a kind of inference server is asked for, and says, what a
// receipt needs: the token ids of prompt and output and the log-probability of
// each output token, under the full softmax at temperature 1. The rest of the
// OpenAI API is the same everywhere.
type Dialect interface {
	// Ask writes into the request's fields what makes the server say it, and
	// what turns off everything that the receipt does not describe. It may ask
	// the server first for what an answer would leave out. An error means that
	// the answer cannot have a receipt; the fields are then as they were.
	Ask(ctx context.Context, s Server, r *Request) (Transcript, error)
}

// streamCloser is the Dialect of a server that closes the connection after a
// stream without having said so: the next request on it would be lost.
type streamCloser interface{ closesStreams() }

// Transcript is what a server said of one answer. It is for one goroutine.
type Transcript interface {
	// Read takes down a document: a whole response, or one event of a stream.
	// An error means that the answer cannot have a receipt.
	Read(document []byte) error

	// Answer is the answer after its last document. It may ask the server for
	// what it did not say by itself.
	Answer(ctx context.Context) (Answer, error)

	// Strip takes out of the fields of a whole response what is there only
	// because of Ask.
	Strip(fields map[string]json.RawMessage)
}

// Request is a buyer's request on its way to the server.
type Request struct {
	Chat     bool
	Stream   bool
	Fields   map[string]json.RawMessage // of the body, as sent to the server
	Asked    Asked
	Spec     posp.ModelSpec
	Sampling posp.Sampling
}

// Asked says which of the fields that a receipt needs the buyer asked for; the
// others are taken out of the answer again.
type Asked struct{ TokenIDs, LogProbs bool }

// Answer is what a server said of one answer.
type Answer struct {
	Prompt   []uint32          // token ids after the chat template; empty if the server did not say them
	Output   []uint32          // token ids as generated, EOS included
	LogProbs []float64         // nats, one for each output token
	Finish   posp.FinishReason // 0 if the server did not say that the answer ended
}

// setDefaults sets fields that the buyer left out.
func setDefaults(fields map[string]json.RawMessage, defaults map[string]string) {
	for name, value := range defaults {
		if null(fields[name]) {
			fields[name] = json.RawMessage(value)
		}
	}
}

// set sets fields whatever the buyer wrote.
func set(fields map[string]json.RawMessage, values map[string]string) {
	for name, value := range values {
		fields[name] = json.RawMessage(value)
	}
}

// stripChoices removes from a whole response the named fields, and from each of
// its choices what edit removes.
func stripChoices(fields map[string]json.RawMessage, names []string, edit func(choice map[string]json.RawMessage)) {
	for _, name := range names {
		delete(fields, name)
	}
	var choices []map[string]json.RawMessage
	if json.Unmarshal(fields["choices"], &choices) != nil {
		return
	}
	for _, c := range choices {
		if c != nil {
			edit(c)
		}
	}
	if b, err := json.Marshal(choices); err == nil { // cannot fail: it was just read
		fields["choices"] = b
	}
}
