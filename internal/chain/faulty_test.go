package chain

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/ethclient"
)

// lossy is a node behind a bad line: it swallows the next lose transactions and says that they arrived, or
// delivers each twice, so that the answer is an error.
type lossy struct {
	*ethclient.Client
	lose    int
	twice   bool
	forgets bool   // PendingNonceAt does not count what is pending, as behind a load balancer
	behind  int    // so many answers of BlockNumber are one block late
	head    uint64 // the newest block number that it has told

	mu   sync.Mutex
	last *types.Transaction // the last one swallowed
}

func (l *lossy) PendingNonceAt(ctx context.Context, a common.Address) (uint64, error) {
	if l.forgets {
		return l.Client.NonceAt(ctx, a, nil)
	}
	return l.Client.PendingNonceAt(ctx, a)
}

func (l *lossy) BlockNumber(ctx context.Context) (uint64, error) {
	n, err := l.Client.BlockNumber(ctx)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.behind > 0 && n > 0 {
		l.behind--
		n--
	}
	l.head = max(l.head, n)
	return n, err
}

func (l *lossy) lost() *types.Transaction {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

func (l *lossy) SendTransaction(ctx context.Context, tx *types.Transaction) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lose > 0 {
		l.lose--
		l.last = tx
		return nil
	}
	err := l.Client.SendTransaction(ctx, tx)
	if l.twice && err == nil {
		err = errAlreadyKnown
	}
	return err
}

var errAlreadyKnown = jsonError("already known") // go-ethereum's words

type jsonError string

func (e jsonError) Error() string { return string(e) }

// narrowNode is a proxy before a node that refuses eth_getLogs over more than width blocks, as public nodes do.
func narrowNode(t *testing.T, url string, width uint64) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		var req struct {
			ID     json.RawMessage `json:"id"`
			Method string          `json:"method"`
			Params []struct {
				FromBlock, ToBlock hexutil.Uint64
			} `json:"params"`
		}
		if json.Unmarshal(body, &req) == nil && req.Method == "eth_getLogs" && uint64(req.Params[0].ToBlock-req.Params[0].FromBlock) >= width {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"jsonrpc":"2.0","id":`+string(req.ID)+`,"error":{"code":-32005,"message":"query returned more than 10000 results"}}`)
			return
		}
		resp, err := http.Post(url, "application/json", bytes.NewReader(body))
		if err != nil {
			t.Error(err)
			return
		}
		defer resp.Body.Close()
		w.Header().Set("Content-Type", "application/json")
		io.Copy(w, resp.Body)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// headNode is a node that does nothing but tell these head numbers, one after another, and then the last.
func headNode(t *testing.T, heads ...uint64) string {
	t.Helper()
	var mu sync.Mutex
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var req struct {
			ID     json.RawMessage `json:"id"`
			Method string          `json:"method"`
		}
		if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
			t.Error(err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		result := hexutil.Uint64(1)
		if req.Method == "eth_blockNumber" {
			result = hexutil.Uint64(heads[0])
			if len(heads) > 1 {
				heads = heads[1:]
			}
		}
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"jsonrpc":"2.0","id":`+string(req.ID)+`,"result":"`+result.String()+`"}`)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}
