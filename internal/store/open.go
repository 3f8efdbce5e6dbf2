package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/ncruces/go-sqlite3"
	_ "github.com/ncruces/go-sqlite3/driver" // as "sqlite3"
)

// A Kind tells why a store cannot be used, for who has words for it.
type Kind string

const (
	Damaged  Kind = "damaged"  // what lies there is no database, or one that is damaged
	Foreign  Kind = "foreign"  // it is a database of another program
	Newer    Kind = "newer"    // a later version of this program has written it
	Unusable Kind = "unusable" // the system does not let it be read or written
)

// An Error says why a store cannot be used. What the file held is as it was.
type Error struct {
	File string
	Kind Kind
	Err  error
}

func (e *Error) Error() string { return fmt.Sprintf("store %s: %v", e.File, e.Err) }
func (e *Error) Unwrap() error { return e.Err }

// failed says of an error in which file it came up, and what it means for the file.
func (s *Store) failed(err error) error {
	var known *Error
	if err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	file, kind := s.file, Unusable
	var path *fs.PathError
	switch {
	case errors.Is(err, sqlite3.NOTADB) || errors.Is(err, sqlite3.CORRUPT) || errors.Is(err, errDocument):
		kind = Damaged
	case errors.As(err, &path):
		file = path.Path // such as the text file that is taken in
	}
	return &Error{file, kind, err}
}

// waitForOthers is how long a process waits, in milliseconds, for another that writes: far longer than any of ours takes.
const waitForOthers = 60_000

// source is the address under which the driver opens the file. What is reported as committed is on the disk: a run commits once
// or twice, so that this costs nothing that anybody sees. Views and triggers that somebody else may have put there may call no
// functions, and damaged pages are found when they are read.
func source(file string) (string, error) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	path := filepath.ToSlash(abs)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive
	}
	query := url.Values{"_pragma": {
		fmt.Sprintf("busy_timeout(%d)", waitForOthers), "synchronous(full)", "foreign_keys(on)", "trusted_schema(off)", "cell_size_check(on)",
	}}
	query.Set("modeof", abs) // what SQLite puts beside the file gets its rights
	return (&url.URL{Scheme: "file", Path: path, RawQuery: strings.ReplaceAll(query.Encode(), "+", "%20")}).String(), nil
}

// reading gives the database where there is one; nil where nothing was ever kept.
func (s *Store) reading(ctx context.Context) (*sql.DB, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db == nil && !there(s.file) && !there(s.reachFile()) {
		return nil, nil
	}
	return s.open(ctx)
}

// writing gives the database, and makes it where there is none.
func (s *Store) writing(ctx context.Context) (*sql.DB, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open(ctx)
}

func there(file string) bool {
	_, err := os.Lstat(file)
	return err == nil
}

// open opens the database once, at the version that this program knows, and takes in what an earlier one kept in a text file.
func (s *Store) open(ctx context.Context) (*sql.DB, error) {
	if s.db != nil {
		return s.db, nil
	}
	db, err := s.prepare(ctx)
	if err == nil {
		err = s.takeIn(ctx, db)
	}
	if err != nil {
		if db != nil {
			db.Close()
		}
		return nil, s.failed(err)
	}
	s.db = db
	return db, nil
}

func (s *Store) prepare(ctx context.Context) (*sql.DB, error) {
	if err := os.MkdirAll(filepath.Dir(s.file), 0o700); err != nil {
		return nil, err
	}
	if err := s.create(); err != nil {
		return nil, err
	}
	name, err := source(s.file)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite3", name)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, s.upToDate(ctx, db)
}

// create makes an empty file for the database, readable for the user alone. Opening a pipe would wait for somebody at its other end.
func (s *Store) create() error {
	if info, err := os.Stat(s.file); err == nil {
		if !info.Mode().IsRegular() {
			return &fs.PathError{Op: "open", Path: s.file, Err: errors.New("not a regular file")}
		}
		return nil
	}
	f, err := os.OpenFile(s.file, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// upToDate refuses a database that is not ours to write, before anything of it is changed, and brings an older one forward.
func (s *Store) upToDate(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	application, version, tables, err := marks(ctx, conn)
	switch {
	case err != nil:
		return err
	case application != applicationID && (tables > 0 || application != 0 || version != 0):
		return &Error{s.file, Foreign, errors.New("a database of another program")}
	case version > len(steps):
		return &Error{s.file, Newer, fmt.Errorf("its version is %d, and this program knows versions up to %d", version, len(steps))}
	case version == len(steps):
		return nil
	}
	// Readers do not wait for who writes, nor who writes for them; and it stays so for everybody who opens the file.
	if _, err := conn.ExecContext(ctx, `PRAGMA journal_mode = WAL`); err != nil {
		return err
	}
	return migrate(ctx, conn, len(steps))
}

// Close ends the use of the store.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db == nil {
		return nil
	}
	db := s.db
	s.db = nil
	return db.Close()
}

// change does several things to the database, or none.
func (s *Store) change(ctx context.Context, do func(*sql.Tx) error) error {
	db, err := s.writing(ctx)
	if err != nil {
		return err
	}
	return s.failed(within(ctx, db, do))
}

func within(ctx context.Context, db *sql.DB, do func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after a commit it does nothing
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}
