package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Append keeps observations of reach; of several of one day and upstream the last counts. They are on the disk when it returns
// without an error; with one, none of them is kept.
func (s *Store) Append(ctx context.Context, all []Observation) error {
	for _, o := range all {
		if err := o.check(); err != nil {
			return fmt.Errorf("observation of %s: %w", o.Upstream, err)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return s.change(ctx, func(tx *sql.Tx) error {
		return insertReach(ctx, tx, all, `DO UPDATE SET subjects = excluded.subjects, packages = excluded.packages,
			downloads = excluded.downloads, dependents = excluded.dependents`)
	})
}

// insertReach adds observations; conflict says what to do with one of a day of which something is known.
func insertReach(ctx context.Context, tx *sql.Tx, all []Observation, conflict string) error {
	subjects, err := namesOf(ctx, tx, "subject", "key")
	if err != nil {
		return err
	}
	upstreams, err := namesOf(ctx, tx, "upstream", "name")
	if err != nil {
		return err
	}
	add, err := tx.PrepareContext(ctx, `INSERT INTO reach (subject, upstream, date, subjects, packages, downloads, dependents)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT `+conflict)
	if err != nil {
		return err
	}
	for _, o := range all {
		subject, err := subjects.id(ctx, o.Key)
		if err != nil {
			return err
		}
		upstream, err := upstreams.id(ctx, o.Upstream)
		if err != nil {
			return err
		}
		if _, err := add.ExecContext(ctx, subject, upstream, o.Date, o.Subjects, o.Packages, o.Downloads, o.Dependents); err != nil {
			return err
		}
	}
	return nil
}

// Series gives what was observed under a key, by upstream, the oldest first: up to the day asOf, and of each day the last word.
// The problems are those of the text file that earlier versions kept, in the run that takes it in.
func (s *Store) Series(ctx context.Context, key string, asOf time.Time) (map[string][]Observation, []Problem, error) {
	out := make(map[string][]Observation)
	db, err := s.reading(ctx)
	if db == nil {
		return out, nil, err
	}
	rows, err := db.QueryContext(ctx, `SELECT upstream.name, date, subjects, packages, downloads, dependents
		FROM reach JOIN subject ON subject.id = reach.subject JOIN upstream ON upstream.id = reach.upstream
		WHERE subject.key = ? AND date <= ? ORDER BY upstream.name, date`, key, asOf.UTC().Format(time.DateOnly))
	if err != nil {
		return nil, nil, s.failed(err)
	}
	defer rows.Close()
	for rows.Next() {
		o := Observation{Key: key}
		if err := rows.Scan(&o.Upstream, &o.Date, &o.Subjects, &o.Packages, &o.Downloads, &o.Dependents); err != nil {
			return nil, nil, s.failed(err)
		}
		out[o.Upstream] = append(out[o.Upstream], o)
	}
	if err := rows.Err(); err != nil {
		return nil, nil, s.failed(err)
	}
	return out, s.Problems(), nil
}
