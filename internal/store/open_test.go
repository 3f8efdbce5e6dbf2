package store

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestUnusable: what cannot be a store is refused with an error that names it and tells the kind, and is left as it was.
func TestUnusable(t *testing.T) {
	t.Parallel()
	other := func(t *testing.T, file, statements string) {
		t.Helper()
		name, err := source(file)
		if err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite3", name)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.Exec(statements); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		kind Kind
		make func(t *testing.T, file string)
	}{
		"text": {Damaged, func(t *testing.T, file string) {
			if err := os.WriteFile(file, bytes.Repeat([]byte("notes of mine\n"), 1000), 0o600); err != nil {
				t.Fatal(err)
			}
		}},
		"damaged": {Damaged, func(t *testing.T, file string) {
			s := Open(file)
			keep(t, s, year()[:2000]...)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			copy(b[100:], bytes.Repeat([]byte{0xff}, 20_000))
			if err := os.WriteFile(file, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}},
		"another program's": {Foreign, func(t *testing.T, file string) { other(t, file, `CREATE TABLE note (text)`) }},
		"marked as another": {Foreign, func(t *testing.T, file string) { other(t, file, `PRAGMA application_id = 7`) }},
		"newer": {Newer, func(t *testing.T, file string) {
			s := Open(file)
			keep(t, s, year()[:10]...)
			if _, err := s.db.Exec(`CREATE TABLE later (x); PRAGMA user_version = 999`); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}},
		"folder": {Unusable, func(t *testing.T, file string) {
			if err := os.Mkdir(file, 0o700); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, t.TempDir())
			c.make(t, s.file)
			before, _ := os.ReadFile(s.file) // none of a folder
			refused := func(err error) {
				t.Helper()
				var is *Error
				if !errors.As(err, &is) || is.Kind != c.kind || is.File != s.file || !strings.Contains(err.Error(), s.file) {
					t.Errorf("%v", err)
				}
			}
			_, _, err := s.Series(t.Context(), ours, forever)
			refused(err)
			refused(s.Append(t.Context(), year()[:1]))
			if after, _ := os.ReadFile(s.file); !bytes.Equal(before, after) {
				t.Error("the file has changed")
			}
		})
	}

	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := open(t, file).Append(t.Context(), year()[:1]); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a file as a folder: %v", err)
	}
}

// A name that the driver could take for more than a name is one.
func TestNamesOfFiles(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a b?mode=memory&x=%41#c.db", "상점.db", ":memory:", "file:x.db", "'quoted'.db"} {
		dir := t.TempDir()
		s := Open(filepath.Join(dir, name))
		keep(t, s, year()[:1]...)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 || entries[0].Name() != name {
			t.Errorf("%s: %v, %v", name, entries, err)
		}
	}
}

// TestMigrationsBothWays: each step forward and back on a database with rows. What both versions have a place for stays.
func TestMigrationsBothWays(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	keep(t, s, year()[:300]...)
	schema := func() (all string) {
		if err := s.db.QueryRow(`SELECT coalesce(group_concat(sql, ';' ORDER BY name), '') FROM sqlite_schema`).Scan(&all); err != nil {
			t.Fatal(err)
		}
		return all
	}
	to := func(version int) {
		t.Helper()
		conn, err := s.db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := migrate(t.Context(), conn, version); err != nil {
			t.Fatal(err)
		}
		if _, got, _, err := marks(t.Context(), conn); err != nil || got != version {
			t.Fatalf("version %d, want %d; %v", got, version, err)
		}
	}
	newest := schema()
	for back := len(steps) - 1; back >= 1; back-- {
		to(back)
		if got := count(t, s, `SELECT * FROM reach`); got != 300 {
			t.Errorf("at version %d: %d observations", back, got)
		}
		older := schema()
		to(back + 1)
		to(back)
		if schema() != older {
			t.Errorf("forward from version %d and back is another schema", back)
		}
	}
	to(len(steps))
	if schema() != newest {
		t.Errorf("back and forward is another schema")
	}
	sound(t, s)
	to(0)
	if got := schema(); got != "" {
		t.Errorf("at version 0 there is left: %s", got)
	}
	to(len(steps))
	keep(t, s, year()[:1]...)
}

// A step that fails leaves the database at the version that it had.
func TestMigrationIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	keep(t, s, year()[:10]...)
	if _, err := s.db.Exec(`PRAGMA user_version = 0`); err != nil { // the tables of the first step are there already
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(t.Context(), year()[:1]); err == nil || !strings.Contains(err.Error(), "migrating to version 1") {
		t.Errorf("%v", err)
	}
}
