package app

import (
	"cmp"
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
)

// Site is what all roles of a process share: the deployment, and the way to
// its chain.
type Site struct {
	Network    Network
	Parameters posp.Parameters
	Client     *chain.Client
	Chain      ChainConfig
	Log        *zap.Logger
}

// Open connects to the network's chain (rpc, one URL or several with commas
// between them, overrides the network file's) and reads the deployment's
// parameters, so that a wrong network file is known before anything runs.
func Open(ctx context.Context, n Network, rpc string, log *zap.Logger) (*Site, error) {
	if rpc == "" {
		rpc = n.RPC
	}
	c, err := chain.Open(ctx, chain.DialConfig{URLs: strings.Split(rpc, ","), ChainID: n.ChainID, Log: log.Named("chain")})
	if err != nil {
		return nil, err
	}
	params, err := chain.NewProtocol(c, n.Contracts, nil).Parameters(ctx)
	if err != nil {
		c.Close()
		return nil, err
	}
	return &Site{Network: n, Parameters: params, Client: c, Log: log}, nil
}

// Reader reads the protocol's contracts.
func (s *Site) Reader() *chain.Protocol { return chain.NewProtocol(s.Client, s.Network.Contracts, nil) }

// facts reads what is signed or kept of epochs: settled blocks alone.
func (s *Site) facts() *chain.Protocol { return s.Reader().Settled(s.settled()) }

// Writer also sends transactions with a key, which belongs to this Writer only.
func (s *Site) Writer(key *ecdsa.PrivateKey) *chain.Protocol {
	return chain.NewProtocol(s.Client, s.Network.Contracts, chain.NewSender(s.Client, key, chain.ProtocolErrors()))
}

// LogConfig is what is logged, and how. The zero value: outcomes, for people.
type LogConfig struct {
	Format string // console or json; empty: console
	Level  string // debug (steps too), info (outcomes), warn or error; empty: info
}

func (c LogConfig) check(p *problems) {
	p.when(c.Format != "" && c.Format != "console" && c.Format != "json", "--log-format %q is neither console nor json", c.Format)
	_, err := zapcore.ParseLevel(cmp.Or(c.Level, "info"))
	p.when(err != nil, "--log-level %q is none of debug, info, warn, error", c.Level)
}

// Logger logs to standard error. What is not said right in c is as the default:
// the daemons' Check says so.
func (c LogConfig) Logger() *zap.Logger {
	level, err := zapcore.ParseLevel(cmp.Or(c.Level, "info"))
	if err != nil {
		level = zapcore.InfoLevel
	}
	cfg := zap.NewProductionEncoderConfig()
	cfg.EncodeTime = zapcore.ISO8601TimeEncoder
	encoder := zapcore.NewConsoleEncoder(cfg)
	if c.Format == "json" {
		encoder = zapcore.NewJSONEncoder(cfg)
	}
	return zap.New(zapcore.NewCore(encoder, zapcore.Lock(os.Stderr), level))
}

// Logger logs to standard error: outcomes, or steps too.
func Logger(verbose bool) *zap.Logger {
	if verbose {
		return LogConfig{Level: "debug"}.Logger()
	}
	return LogConfig{}.Logger()
}

// Listen opens a TCP listener, or says which address is taken.
func Listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w: is another process there? choose another address", address, errors.Unwrap(err))
	}
	return l, nil
}

// shutdownTime is how long answers in flight may take once a process is told
// to end.
const shutdownTime = time.Second

// Serve serves h on l until ctx ends. Headers, idle connections and shutdown
// are bounded; handlers bound bodies and writes.
func Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	g, inner := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve %s: %w", l.Addr(), err)
		}
		return nil
	})
	g.Go(func() error {
		<-inner.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		if err := srv.Shutdown(end); err != nil {
			return srv.Close() // whoever is still connected is cut off
		}
		return nil
	})
	return g.Wait()
}

// database is the path of a role's database in its data directory, which is
// made if it is missing.
func database(dir, role string) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("data directory: %w", err)
	}
	return filepath.Join(dir, role+".db"), nil
}
