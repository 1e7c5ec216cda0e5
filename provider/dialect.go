package provider

import (
	"encoding/json"

	"github.com/proof-of-sampling/posp"
)

// Dialect is how a kind of inference server is asked for, and says, what a
// receipt needs: the token ids of prompt and output and the log-probability of
// each output token. The rest of the OpenAI API is the same everywhere.
// Implementations hold no state.
type Dialect interface {
	// Ask adds to a request's fields what makes the server say it.
	Ask(fields map[string]json.RawMessage, chat bool)

	// Read adds to an answer what a response says: a whole response or one
	// event of a stream. An error means that the answer cannot have a receipt.
	Read(document []byte, chat bool, a *Answer) error

	// Strip takes out of the fields of a whole response what is there only
	// because of Ask.
	Strip(fields map[string]json.RawMessage, chat bool, asked Asked)
}

// Answer is what a server said of one answer.
type Answer struct {
	Prompt   []uint32          // token ids after the chat template; empty until the server has said them
	Output   []uint32          // token ids as generated, EOS included
	LogProbs []float64         // nats, one for each output token
	Finish   posp.FinishReason // 0 until the server has said that the answer ended
}
