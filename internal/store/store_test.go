package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/proof-of-sampling/posp/internal/store"
)

func schema(statements ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i, s := range statements {
		fsys[fmt.Sprintf("migrations/%05d_step.sql", i+1)] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + s + "\n")}
	}
	return fsys
}

const (
	parent = "CREATE TABLE parent (id INTEGER PRIMARY KEY);"
	child  = "CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parent(id));"
)

func open(t *testing.T, path string, fsys fstest.MapFS) *sql.DB {
	t.Helper()
	db, err := store.Open(t.Context(), path, fsys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestOpenSetsWhatDurabilityNeeds(t *testing.T) {
	// The name has what a URI would read as syntax.
	db := open(t, filepath.Join(t.TempDir(), "new", "a?b%41#c.db"), schema(parent, child))
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000"} {
		var got string
		if err := db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s = %q, %v; want %q", pragma, got, err, want)
		}
	}
	if _, err := db.Exec("INSERT INTO child VALUES (1, 7)"); err == nil {
		t.Error("a row that refers to nothing was accepted")
	}
}

func TestOpenCreatesFilesForTheirOwnerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "role.db")
	open(t, path, schema(parent))
	files, _ := filepath.Glob(path + "*")
	if len(files) < 3 { // database, WAL, lock
		t.Fatalf("files %v", files)
	}
	for _, f := range append(files, filepath.Dir(path)) {
		if st, err := os.Stat(f); err != nil || st.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: mode %v, %v", f, st.Mode(), err)
		}
	}
}

func TestReopenKeepsRowsAndMigrates(t *testing.T) {
	path := filepath.Join(t.TempDir(), "role.db")
	db := open(t, path, schema(parent))
	if _, err := db.Exec("INSERT INTO parent VALUES (7)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, path, schema(parent, child))
	if _, err := db.Exec("INSERT INTO child VALUES (1, 7)"); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	newer := filepath.Join(dir, "newer.db")
	open(t, newer, schema(parent, child)).Close()
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("not a database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path string
		fsys fstest.MapFS
		want string
	}{
		"a file that is no database":    {text, schema(parent), "not a SQLite database"},
		"a schema from the future":      {newer, schema(parent), "schema 2, this one knows up to 1"},
		"a directory that is a file":    {filepath.Join(text, "role.db"), schema(parent), "not a directory"},
		"a path that is a directory":    {dir, schema(parent), "is a directory"},
		"a directory closed to writing": {"/proc/role.db", schema(parent), "/proc/role.db"},
		"a migration that is no SQL":    {filepath.Join(dir, "bad.db"), schema("CREATE NONSENSE;"), "migrate schema 0 to 1"},
		"no migrations":                 {filepath.Join(dir, "none.db"), schema(), "read migrations"},
	} {
		db, err := store.Open(t.Context(), c.path, c.fsys)
		if err == nil {
			db.Close()
			t.Errorf("%s: opened", name)
		} else if !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.path) {
			t.Errorf("%s: %v; want path and %q", name, err, c.want)
		}
	}
	if b, _ := os.ReadFile(text); !strings.HasPrefix(string(b), "not a database\n") {
		t.Error("the file that is no database was written to")
	}
}

// A second process is this test binary, run again as a child that holds the
// database until it is killed.
func TestSecondProcessIsNamedAndItsDeathFreesTheDatabase(t *testing.T) {
	if path := os.Getenv("STORE_TEST_HOLD"); path != "" {
		if _, err := store.Open(context.Background(), path, schema(parent)); err != nil {
			t.Fatal(err)
		}
		fmt.Println("held")
		time.Sleep(time.Minute)
		return
	}
	path := filepath.Join(t.TempDir(), "role.db")
	cmd := exec.Command(os.Args[0], "-test.run=^TestSecondProcess")
	cmd.Env = append(os.Environ(), "STORE_TEST_HOLD="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 4)
	if _, err := out.Read(buf); err != nil || string(buf) != "held" {
		cmd.Process.Kill()
		t.Fatalf("child said %q, %v", buf, err)
	}
	_, err = store.Open(t.Context(), path, schema(parent))
	if !errors.Is(err, store.ErrLocked) || !strings.Contains(err.Error(), fmt.Sprintf("process %d (", cmd.Process.Pid)) {
		t.Errorf("open while held: %v", err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	db := open(t, path, schema(parent))
	if _, err = store.Open(t.Context(), path, schema(parent)); !errors.Is(err, store.ErrLocked) {
		t.Errorf("second open in this process: %v", err)
	}
	db.Close()
	open(t, path, schema(parent))
}

func TestMemoryDatabasesAreSeparate(t *testing.T) {
	a, b := open(t, store.Memory, schema(parent)), open(t, store.Memory, schema(parent))
	if _, err := a.Exec("INSERT INTO parent VALUES (7)"); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := b.QueryRow("SELECT count(*) FROM parent").Scan(&n); err != nil || n != 0 {
		t.Errorf("other database holds %d rows, %v", n, err)
	}
	if err := a.QueryRow("SELECT count(*) FROM parent").Scan(&n); err != nil || n != 1 {
		t.Errorf("database holds %d rows, %v", n, err)
	}
}
