package explorer

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/transport"
)

//go:embed page
var pageFiles embed.FS

//go:embed openapi.json
var openapi []byte

// maxPage is how many items a page has at most.
const maxPage = 200

// request is what a route was asked.
type request struct {
	window  window
	number  uint64
	hash    posp.Hash
	address posp.Address
	text    string
	body    []byte
}

// route is one question. The view is made with the index locked for reading.
type route struct {
	pattern string
	parse   func(*http.Request, *request) error
	view    func(*Explorer, context.Context, request) (any, error)
}

// routes are all questions but the events, the document and bundles.
var routes = []route{
	{"GET /api/v1/overview", nil, (*Explorer).overview},
	{"GET /api/v1/providers", parsePage, (*Explorer).providers},
	{"GET /api/v1/providers/{addr}", parseAddress, (*Explorer).provider},
	{"GET /api/v1/operators", nil, (*Explorer).operators},
	{"GET /api/v1/epochs", parsePage, (*Explorer).epochs},
	{"GET /api/v1/epochs/{n}", parseNumber, (*Explorer).epochView},
	{"GET /api/v1/batches/{id}", parsePaged, (*Explorer).batch},
	{"GET /api/v1/samples/{id}", parseHash, (*Explorer).sample},
	{"GET /api/v1/receipts/{hash}", parseHash, (*Explorer).receipt},
	{"POST /api/v1/receipts", parseBody, (*Explorer).findReceipt},
	{"GET /api/v1/search", parseText, (*Explorer).search},
	{"GET /api/v1/disputes", parsePage, (*Explorer).disputes},
	{"GET /api/v1/disputes/{id}", parseHash, (*Explorer).dispute},
	{"GET /api/v1/demands", parseDemands, (*Explorer).demands},
	{"GET /api/v1/demands/{id}", parseHash, (*Explorer).demand},
	{"GET /api/v1/faults", parsePage, (*Explorer).faults},
	{"GET /api/v1/parameters", nil, (*Explorer).parameters},
}

func parsePage(r *http.Request, q *request) error {
	q.window = window{before: -1, limit: 50}
	if s := r.URL.Query().Get("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > maxPage {
			return posp.Invalidf("limit %q is not a number from 1 to %d", s, maxPage)
		}
		q.window.limit = n
	}
	if s := r.URL.Query().Get("before"); s != "" {
		n, err := strconv.ParseInt(s, 10, 32)
		if err != nil || n < 0 {
			return posp.Invalidf("before %q is not the next of an earlier page", s)
		}
		q.window.before = int(n)
	}
	return nil
}

func parseHash(r *http.Request, q *request) error {
	s := r.PathValue("id") + r.PathValue("hash") // one of them
	b, err := hexutil.Decode(strings.ToLower(s))
	if err != nil || len(b) != common.HashLength {
		return posp.Invalidf("%q is not a hash: 0x and 64 hexadecimal digits", shorten(s))
	}
	q.hash = posp.Hash(b)
	return nil
}

func parsePaged(r *http.Request, q *request) error {
	return errors.Join(parsePage(r, q), parseHash(r, q))
}

func parseAddress(r *http.Request, q *request) error {
	return q.read(r.PathValue("addr"))
}

// parseDemands: of a provider, if one is named.
func parseDemands(r *http.Request, q *request) error {
	if s := r.URL.Query().Get("provider"); s != "" {
		return errors.Join(parsePage(r, q), q.read(s))
	}
	return parsePage(r, q)
}

func (q *request) read(s string) error {
	if !strings.HasPrefix(s, "0x") || !common.IsHexAddress(s) {
		return posp.Invalidf("%q is not an address: 0x and 40 hexadecimal digits", shorten(s))
	}
	q.address = common.HexToAddress(s)
	return nil
}

func parseNumber(r *http.Request, q *request) (err error) {
	if q.number, err = strconv.ParseUint(r.PathValue("n"), 10, 63); err != nil {
		return posp.Invalidf("%q is not an epoch: a number from 0", shorten(r.PathValue("n")))
	}
	return nil
}

func parseText(r *http.Request, q *request) error {
	if q.text = r.URL.Query().Get("q"); q.text == "" || len(q.text) > 200 {
		return posp.Invalidf("q must be an epoch, an address or a hash")
	}
	return nil
}

func parseBody(r *http.Request, q *request) (err error) {
	if q.body, err = io.ReadAll(r.Body); err != nil {
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return posp.Invalidf("what was pasted is longer than the %d bytes that a receipt may have", maxReceipt)
		}
		return posp.Invalidf("what was pasted did not arrive whole: try again")
	}
	return nil
}

// shorten bounds what an error says again of what was asked.
func shorten(s string) string {
	if len(s) > 80 {
		return s[:80] + "..."
	}
	return s
}

// problem is how every error of the API looks.
type problem struct {
	Error struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

func (x *Explorer) refuse(w http.ResponseWriter, status int, code, message string) {
	var p problem
	p.Error.Code, p.Error.Message = code, message
	x.write(w, status, p)
}

func (x *Explorer) write(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		x.log.Error("answer not encoded", zap.Error(err))
		status, b = http.StatusInternalServerError, []byte(`{"error":{"code":"internal","message":"the answer could not be written; the explorer's log says why"}}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(b, '\n')) // who does not wait for the answer does not want it
}

// Handler serves the page, its API and its events.
func (x *Explorer) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range routes {
		mux.HandleFunc(r.pattern, func(w http.ResponseWriter, req *http.Request) { x.answer(w, req, r) })
	}
	mux.HandleFunc("GET /api/v1/events", x.stream)
	mux.HandleFunc("GET /api/v1/openapi.json", func(w http.ResponseWriter, r *http.Request) {
		x.serve(w, r, "application/json", openapi)
	})
	if x.cfg.Bundle != nil {
		for _, b := range bundled {
			mux.HandleFunc(b.pattern, func(w http.ResponseWriter, r *http.Request) { x.bundle(w, r, b.parse, b.part) })
		}
	}
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		if methods := allowed(mux, r); methods != "" {
			w.Header().Set("Allow", methods)
			x.refuse(w, http.StatusMethodNotAllowed, "method_not_allowed", "this is asked for with "+methods)
			return
		}
		x.refuse(w, http.StatusNotFound, "not_found", "there is no such question: /api/v1/openapi.json lists them")
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { x.asset(w, r, "index.html") })
	mux.HandleFunc("GET /assets/{file}", func(w http.ResponseWriter, r *http.Request) { x.asset(w, r, r.PathValue("file")) })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "the explorer only shows: use GET", http.StatusMethodNotAllowed)
			return
		}
		http.Error(w, "there is no such page: the explorer begins at /", http.StatusNotFound)
	})
	return x.guard(mux)
}

// allowed are the methods that a path is asked for with, empty if none.
func allowed(mux *http.ServeMux, r *http.Request) string {
	var list []string
	for _, m := range []string{http.MethodGet, http.MethodPost} {
		if m == r.Method {
			continue
		}
		probe := r.Clone(r.Context())
		probe.Method = m
		if _, pattern := mux.Handler(probe); strings.HasPrefix(pattern, m+" ") {
			list = append(list, m)
		}
	}
	return strings.Join(list, ", ")
}

// policy lets the page load what this listener serves, and nothing else: no
// inline script or style, no frame around it, no form, no other origin.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guard bounds what is asked, and says what browsers may do with the answers.
func (x *Explorer) guard(next http.Handler) http.Handler {
	// A page holds its stream open, of which the hub has its own count; seats are
	// for questions alone.
	peers := transport.Peers{Concurrent: 24, Rate: x.cfg.PeerRate, Burst: x.cfg.PeerBurst}
	seats := make(chan struct{}, x.cfg.Concurrent)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		leave, ok := peers.Enter(x.peer(r))
		if !ok {
			h.Set("Retry-After", "1")
			x.refuse(w, http.StatusTooManyRequests, "exhausted", "too many requests from this address: wait a second")
			return
		}
		if r.URL.Path == "/api/v1/events" {
			leave()
			next.ServeHTTP(w, r)
			return
		}
		defer leave()
		r.Body = http.MaxBytesReader(w, r.Body, maxReceipt)
		select {
		case seats <- struct{}{}:
			defer func() { <-seats }()
		default:
			h.Set("Retry-After", "1")
			x.refuse(w, http.StatusServiceUnavailable, "busy", "too many requests at once: wait a second")
			return
		}
		out := http.NewResponseController(w)
		end := time.Now().Add(x.cfg.Timeout)
		if strings.HasSuffix(r.URL.Path, "/bundle") {
			end = time.Now().Add(6 * x.cfg.Timeout)
		}
		_ = out.SetReadDeadline(end) // where the connection has none, the context's stands
		_ = out.SetWriteDeadline(end)
		ctx, cancel := context.WithDeadline(r.Context(), end)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// peer is the address, host:port, that a request counts against: the one it came
// from or, where that is a proxy of ours, the one that the proxy names, which
// is the last of X-Forwarded-For that is no proxy of ours. What stands before it
// is anybody's word. A header that a proxy of ours left malformed names nobody,
// so the proxy counts.
func (x *Explorer) peer(r *http.Request) string {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !x.ours(at.Addr()) {
		return r.RemoteAddr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		a, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		if at = netip.AddrPortFrom(a, 0); !x.ours(a) {
			break
		}
	}
	return at.String()
}

// ours says whether an address is one of the trusted proxies'.
func (x *Explorer) ours(a netip.Addr) bool {
	return slices.ContainsFunc(x.cfg.Proxies, func(p netip.Prefix) bool { return p.Contains(a.Unmap().WithZone("")) })
}

func (x *Explorer) answer(w http.ResponseWriter, r *http.Request, to route) {
	var q request
	if to.parse != nil {
		if err := to.parse(r, &q); err != nil {
			x.refuse(w, http.StatusBadRequest, "invalid", err.Error())
			return
		}
	}
	v, err := func() (any, error) {
		x.mu.RLock()
		defer x.mu.RUnlock()
		return to.view(x, r.Context(), q)
	}()
	if err != nil {
		x.failed(w, r, err)
		return
	}
	x.write(w, http.StatusOK, v)
}

// failed answers with an error.
func (x *Explorer) failed(w http.ResponseWriter, r *http.Request, err error) {
	if n, ok := errors.AsType[notFound](err); ok {
		x.refuse(w, http.StatusNotFound, "not_found", n.text)
		return
	}
	if v, ok := errors.AsType[*posp.ValidationError](err); ok {
		x.refuse(w, http.StatusBadRequest, "invalid", v.Reason)
		return
	}
	if r.Context().Err() == nil {
		x.log.Error("question not answered", zap.String("path", r.URL.Path), zap.Error(err))
	}
	x.refuse(w, http.StatusServiceUnavailable, "unavailable", "the chain or the archive could not be read: try again in a moment")
}

// bundled are the questions for replay bundles: each says which part of which
// epoch it is about. The lock is held.
var bundled = []struct {
	pattern string
	parse   func(*http.Request, *request) error
	part    func(*Explorer, request) (epoch uint64, part Part, err error)
}{
	{"GET /api/v1/epochs/{n}/bundle", parseNumber, func(x *Explorer, q request) (uint64, Part, error) {
		return q.number, Part{}, x.epochOf(q.number)
	}},
	{"GET /api/v1/batches/{id}/bundle", parseHash, func(x *Explorer, q request) (uint64, Part, error) {
		if b := x.index.batches[q.hash]; b != nil {
			return b.Epoch, Part{Provider: b.Provider}, nil
		}
		return 0, Part{}, missing("%s is no batch of epochs %d and later", q.hash, x.floor)
	}},
	{"GET /api/v1/samples/{id}/bundle", parseHash, func(x *Explorer, q request) (uint64, Part, error) {
		if at, ok := x.findSample(q.hash); ok {
			return at.epoch, Part{Sample: q.hash}, nil
		}
		return 0, Part{}, missing("%s is no sample of the epochs that are kept and drawn", q.hash)
	}},
}

func (x *Explorer) bundle(w http.ResponseWriter, r *http.Request, parse func(*http.Request, *request) error, find func(*Explorer, request) (uint64, Part, error)) {
	var q request
	if err := parse(r, &q); err != nil {
		x.refuse(w, http.StatusBadRequest, "invalid", err.Error())
		return
	}
	x.mu.RLock()
	epoch, part, err := find(x, q)
	x.mu.RUnlock()
	if err != nil {
		x.failed(w, r, err)
		return
	}
	select {
	case x.bundling <- struct{}{}:
		defer func() { <-x.bundling }()
	default:
		w.Header().Set("Retry-After", "5")
		x.refuse(w, http.StatusServiceUnavailable, "busy", "too many bundles are being made: wait some seconds, or make it with posp audit fetch")
		return
	}
	b, err := x.cfg.Bundle(r.Context(), epoch, part)
	if err != nil {
		x.failed(w, r, err)
		return
	}
	name := fmt.Sprintf("epoch-%d", epoch)
	if part != (Part{}) {
		name = q.hash.Hex()
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name+".posp"))
	w.Header().Set("Cache-Control", "no-store")
	if _, err := io.Copy(w, b); err != nil {
		if r.Context().Err() == nil { // else the reader left, and wants nothing any more
			x.log.Error("bundle not sent whole", zap.String("path", r.URL.Path), zap.Error(err))
		}
		panic(http.ErrAbortHandler) // so that nobody takes a part of it for all
	}
}

// asset serves a file of the page.
func (x *Explorer) asset(w http.ResponseWriter, r *http.Request, name string) {
	b, err := fs.ReadFile(pageFiles, path.Join("page", path.Base(name)))
	if err != nil {
		http.Error(w, "there is no such file", http.StatusNotFound)
		return
	}
	x.serve(w, r, mime.TypeByExtension(path.Ext(name)), b)
}

// serve serves what does not change while the process lives. Browsers ask each
// time whether they have it, so that another version shows at once.
func (x *Explorer) serve(w http.ResponseWriter, r *http.Request, kind string, b []byte) {
	sum := sha256.Sum256(b)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(b)
	}
}

// Serve serves on a listener until ctx ends, and closes it.
func (x *Explorer) Serve(ctx context.Context, l net.Listener) error {
	srv := &http.Server{Handler: x.Handler(), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: zap.NewStdLog(x.log.Named("http")), BaseContext: func(net.Listener) context.Context { return ctx }} // so that streams end with it
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve explorer on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if srv.Shutdown(grace) != nil {
		srv.Close() // cuts off who would not go
	}
	<-ended
	return nil
}
