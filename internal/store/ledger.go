package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
)

// A ledger holds rows of scans, each once for as many scans of its subject as it stays the same.
type ledger struct {
	table, key string
	columns    []string
}

var (
	upstreamLedger = ledger{"scan_upstream", "upstream", []string{"state", "band", "probability", "collapse", "fragility", "loss", "rank", "score", "exposure"}}
	packageLedger  = ledger{"scan_package", "package", []string{"direct", "scope", "upstream"}}
)

// update writes down the rows of a scan, by key: what was there and has changed or gone ends with it, and what is new or has
// changed begins. Values are as the driver gives them: int64, float64, string or nil.
func (l ledger) update(ctx context.Context, tx *sql.Tx, subject, scan int64, rows map[int64][]any) error {
	today, err := l.today(ctx, tx, subject)
	if err != nil {
		return err
	}
	end, err := tx.PrepareContext(ctx, `UPDATE `+l.table+` SET until = ? WHERE subject = ? AND `+l.key+` = ? AND until IS NULL`)
	if err != nil {
		return err
	}
	begin, err := tx.PrepareContext(ctx, `INSERT INTO `+l.table+` (subject, `+l.key+`, since, `+strings.Join(l.columns, ", ")+`) VALUES (?, ?, ?`+strings.Repeat(", ?", len(l.columns))+`)`)
	if err != nil {
		return err
	}
	for key, old := range today {
		if now, still := rows[key]; !still || !slices.Equal(old, now) {
			if _, err := end.ExecContext(ctx, scan, subject, key); err != nil {
				return err
			}
		}
	}
	for key, now := range rows {
		if old, there := today[key]; there && slices.Equal(old, now) {
			continue
		}
		if _, err := begin.ExecContext(ctx, append([]any{subject, key, scan}, now...)...); err != nil {
			return err
		}
	}
	return nil
}

// today gives the rows that hold in the last scan of a subject, by key.
func (l ledger) today(ctx context.Context, tx *sql.Tx, subject int64) (map[int64][]any, error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+l.key+`, `+strings.Join(l.columns, ", ")+` FROM `+l.table+` WHERE subject = ? AND until IS NULL`, subject)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := make(map[int64][]any)
	for rows.Next() {
		var key int64
		values := make([]any, len(l.columns))
		into := []any{&key}
		for i := range values {
			into = append(into, &values[i])
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		all[key] = values
	}
	return all, rows.Err()
}
