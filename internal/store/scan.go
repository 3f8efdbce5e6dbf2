package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// A Scan is what one run found of a subject.
type Scan struct {
	Key       string // of the subjects: PathKey or NamesKey
	AsOf, Ran string // YYYY-MM-DD; the second is the day of the run, UTC
	Version   string // of the program
	Document  []byte // JSON
}

// check refuses what could not be found again.
func (s *Scan) check() error {
	for _, date := range []string{s.AsOf, s.Ran} {
		if err := checkDate(date); err != nil {
			return err
		}
	}
	if len(s.Document) > maxDocument {
		return fmt.Errorf("the document has over %d MiB", maxDocument>>20)
	}
	return checkKey(s.Key)
}

// Keep keeps a scan. It is on the disk, whole, when Keep returns without an error; with one, nothing of it is kept.
func (s *Store) Keep(ctx context.Context, scan *Scan) error {
	if err := scan.check(); err != nil {
		return fmt.Errorf("scan: %w", err)
	}
	return s.change(ctx, func(tx *sql.Tx) error { return insertScan(ctx, tx, scan) })
}

func insertScan(ctx context.Context, tx *sql.Tx, scan *Scan) error {
	subjects, err := namesOf(ctx, tx, "subject", "key")
	if err != nil {
		return err
	}
	subject, err := subjects.id(ctx, scan.Key)
	if err != nil {
		return err
	}
	base, document, err := pack(ctx, tx, subject, scan.Document)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO scan (subject, as_of, ran, version, base, document) VALUES (?, ?, ?, ?, ?, ?)`,
		subject, scan.AsOf, scan.Ran, scan.Version, base, document)
	return err
}

// Last gives the scan of a subject that comes last before or on a day: the one with the latest date as of which it was made, and
// of several of one date the one that ran last. So a look back into the past is not the last scan of today. Nil if there is none.
func (s *Store) Last(ctx context.Context, key string, asOf time.Time) (*Scan, error) {
	db, err := s.reading(ctx)
	if db == nil {
		return nil, err
	}
	scan := Scan{Key: key}
	var id int64
	err = db.QueryRowContext(ctx, `SELECT scan.id, as_of, ran, version FROM scan JOIN subject ON subject.id = subject
		WHERE key = ? AND as_of <= ? ORDER BY as_of DESC, scan.id DESC LIMIT 1`, key, asOf.UTC().Format(time.DateOnly)).
		Scan(&id, &scan.AsOf, &scan.Ran, &scan.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err == nil {
		scan.Document, err = unpack(ctx, db, id)
	}
	if err != nil {
		return nil, s.failed(err)
	}
	return &scan, nil
}

// Dates gives the days as of which there are scans of a subject, the latest first, at most so many.
func (s *Store) Dates(ctx context.Context, key string, most int) ([]string, error) {
	db, err := s.reading(ctx)
	if db == nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, `SELECT DISTINCT as_of FROM scan JOIN subject ON subject.id = subject WHERE key = ? ORDER BY as_of DESC LIMIT ?`, key, most)
	if err != nil {
		return nil, s.failed(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var date string
		if err := rows.Scan(&date); err != nil {
			return nil, s.failed(err)
		}
		all = append(all, date)
	}
	return all, s.failed(rows.Err())
}
