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
		s.process.Signal(syscall.SIGQUIT) // at once: nobody wants the data
		<-s.ended
	}
	if dir != "" {
		os.RemoveAll(dir)
	}
}

type server struct {
	socket  string // directory
	process *os.Process
	ended   chan struct{}
}

func (s *server) url(database string) string {
	u := url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: url.Values{"host": {s.socket}, "user": {"posp"}, "sslmode": {"disable"}}.Encode()}
	return u.String()
}

func (s *server) create(name string) (string, error) {
	db, err := sql.Open("pgx", s.url("postgres"))
	if err != nil {
		return "", err
	}
	defer db.Close()
	_, err = db.Exec("CREATE DATABASE " + name)
	return s.url(name), err
}

var dir string // the server's

// start starts the server once.
var start = sync.OnceValues(func() (*server, error) {
	initdb, postgres := program("initdb"), program("postgres")
	if initdb == "" || postgres == "" {
		return nil, errNoPostgres
	}
	var err error
	if dir, err = os.MkdirTemp("", "posp-pg-"); err != nil { // short: a socket's path has at most 107 bytes
		return nil, err
	}
	var as *syscall.Credential
	if os.Geteuid() == 0 { // it refuses to run as root
		if as, err = unprivileged(); err == nil {
			err = os.Chown(dir, int(as.Uid), int(as.Gid))
		}
		if err != nil {
			return nil, err
		}
	}
	data := filepath.Join(dir, "data")
	cmd := exec.Command(initdb, "-D", data, "-U", "posp", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	cmd.Dir, cmd.SysProcAttr = dir, &syscall.SysProcAttr{Credential: as}
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	var log bytes.Buffer
	cmd = exec.Command(postgres, "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "max_connections=100")
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &log, &log
	s := &server{socket: dir, ended: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The server ends with this thread, so with this process, however that ends.
		runtime.LockOSThread()
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as, Pdeathsig: syscall.SIGQUIT}
		err := cmd.Start()
		s.process = cmd.Process
		started <- err
		if err == nil {
			cmd.Wait()
			close(s.ended)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if err = ping(s.url("postgres")); err == nil {
			return s, nil
		}
		select {
		case <-s.ended:
			return nil, fmt.Errorf("it ended: %s", &log)
		default:
		}
		if time.Now().After(deadline) {
			return nil, fmt.Errorf("it does not answer: %w", err)
		}
	}
})

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
