// Package storetest gives tests the databases that package store opens: a
// SQLite file, and a real PostgreSQL server of their own. The server's
// programs are Debian's package postgresql; without them, tests of PostgreSQL are
// skipped and say so.
//
//	func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }
package storetest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver pgx
)

// Each runs a test on every kind of database. where makes an empty one, for
// store.Open.
func Each(t *testing.T, test func(t *testing.T, where func() string)) {
	t.Run("sqlite", func(t *testing.T) {
		test(t, func() string { return filepath.Join(t.TempDir(), "role.db") })
	})
	t.Run("postgres", func(t *testing.T) {
		test(t, func() string { return Postgres(t) })
	})
}

// Main runs a package's tests and stops the server that they used.
func Main(m *testing.M) int {
	defer Stop()
	return m.Run()
}

var errNoPostgres = errors.New("no PostgreSQL here (Debian: apt-get install postgresql)")

var databases atomic.Int64

// Postgres is the URL of an empty database. The server starts with the first
// one, and runs until Stop.
func Postgres(t testing.TB) string {
	s, err := start()
	if errors.Is(err, errNoPostgres) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	dsn, err := s.create(fmt.Sprintf("test%d", databases.Add(1)))
	if err != nil {
		t.Fatalf("create database: %v", err)
	}
	return dsn
}

// Stop stops the server, if there is one, and removes its files.
func Stop() {
	if s, err := start(); err == nil {
		s.remove()
	}
}

// start starts the server of all tests once.
var start = sync.OnceValues(newServer)

// Server is a PostgreSQL of one test's own, to be killed and started again.
type Server struct {
	dir     string // of its socket, its data below
	as      *syscall.Credential
	process *os.Process
	ended   chan struct{}
}

// NewServer starts a server that lives as long as the test.
func NewServer(t testing.TB) *Server {
	s, err := newServer()
	if errors.Is(err, errNoPostgres) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	t.Cleanup(s.remove)
	return s
}

// Database makes an empty database, and returns its URL.
func (s *Server) Database(t testing.TB, name string) string {
	dsn, err := s.create(name)
	if err != nil {
		t.Fatalf("create database: %v", err)
	}
	return dsn
}

// Kill kills the server as a machine does that loses power: what was committed is
// on its disk.
func (s *Server) Kill() {
	s.process.Kill()
	<-s.ended
}

// Start starts it again, on the data that it has.
func (s *Server) Start() error {
	for began := time.Now(); ; time.Sleep(250 * time.Millisecond) {
		// Its orphans go when they see that they are, and until then hold its memory.
		if err := s.start(); err == nil || time.Since(began) > time.Minute {
			return err
		}
	}
}

func (s *Server) remove() {
	s.process.Signal(syscall.SIGQUIT) // at once: nobody wants the data
	<-s.ended
	os.RemoveAll(s.dir)
}

func (s *Server) url(database string) string {
	u := url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: url.Values{"host": {s.dir}, "user": {"posp"}, "sslmode": {"disable"}}.Encode()}
	return u.String()
}

func (s *Server) create(name string) (string, error) {
	db, err := sql.Open("pgx", s.url("postgres"))
	if err != nil {
		return "", err
	}
	defer db.Close()
	_, err = db.Exec("CREATE DATABASE " + name)
	return s.url(name), err
}

// newServer makes a server's files and starts it. What it cannot start it
// removes.
func newServer() (*Server, error) {
	initdb := program("initdb")
	if initdb == "" || program("postgres") == "" {
		return nil, errNoPostgres
	}
	dir, err := os.MkdirTemp("", "posp-pg-") // short: a socket's path has at most 107 bytes
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir}
	err = func() (err error) {
		if os.Geteuid() == 0 { // it refuses to run as root
			if s.as, err = unprivileged(); err == nil {
				err = os.Chown(dir, int(s.as.Uid), int(s.as.Gid))
			}
			if err != nil {
				return err
			}
		}
		cmd := exec.Command(initdb, "-D", s.data(), "-U", "posp", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
		cmd.Dir, cmd.SysProcAttr = dir, &syscall.SysProcAttr{Credential: s.as}
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		return s.start()
	}()
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	return s, nil
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// start starts the program and waits until it answers.
func (s *Server) start() error {
	var log bytes.Buffer
	cmd := exec.Command(program("postgres"), "-D", s.data(), "-k", s.dir, "-c", "listen_addresses=", "-c", "max_connections=100")
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.dir, &log, &log
	ended := make(chan struct{})
	s.ended = ended
	started := make(chan error)
	go func() {
		// The server ends with this thread, so with this process, however that ends.
		runtime.LockOSThread()
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as, Pdeathsig: syscall.SIGQUIT}
		err := cmd.Start()
		s.process = cmd.Process
		started <- err
		if err == nil {
			cmd.Wait()
			close(ended)
		}
	}()
	if err := <-started; err != nil {
		return err
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		err := ping(s.url("postgres"))
		if err == nil {
			return nil
		}
		select {
		case <-ended:
			return fmt.Errorf("it ended: %s", &log)
		default:
		}
		if time.Now().After(deadline) {
			cmd.Process.Kill()
			return fmt.Errorf("it does not answer: %w", err)
		}
	}
}

func ping(dsn string) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return db.PingContext(ctx)
}

// program is the newest of the server's programs, on PATH or where Debian puts
// them.
func program(name string) string {
	if p, err := exec.LookPath(name); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil { // it finds its files beside itself
			return p
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) == 0 {
		return ""
	}
	return slices.Max(found)
}

// unprivileged is a user to run the server as.
func unprivileged() (*syscall.Credential, error) {
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, _ := strconv.ParseUint(u.Uid, 10, 32) // numbers on every Unix
			gid, _ := strconv.ParseUint(u.Gid, 10, 32)
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("root cannot run PostgreSQL, and there is no user postgres or nobody")
}
