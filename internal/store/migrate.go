package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
)

// The migrations, NNNN_name.up.sql and NNNN_name.down.sql, numbered from 1 without a gap. A step that is released is never
// edited; what must change is a new step.
//
//go:embed migrations/*.sql
var migrationFiles embed.FS

// A step brings a database from one version to the next, and back. Back, what the earlier version had no place for is lost.
type step struct{ up, down string }

// steps are the migrations in order: steps[n] leads from version n to n+1.
var steps = readSteps()

// readSteps reads what is part of the program, and so is right or is found wrong by the first test.
func readSteps() (all []step) {
	for n := 1; ; n++ {
		var s step
		for ending, text := range map[string]*string{"up": &s.up, "down": &s.down} {
			names, err := fs.Glob(migrationFiles, fmt.Sprintf("migrations/%04d_*.%s.sql", n, ending))
			if err != nil || len(names) != 1 {
				return all
			}
			b, err := migrationFiles.ReadFile(names[0])
			if err != nil {
				return all
			}
			*text = string(b)
		}
		all = append(all, s)
	}
}

// applicationID marks a database as Mainstay's, beside its version: "MnSt".
const applicationID = 0x4d6e5374

// marks reads whose a database is, and of which version. A new one has neither.
func marks(ctx context.Context, q interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}) (application, version, tables int, err error) {
	err = q.QueryRowContext(ctx, `SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)`).
		Scan(&application, &version, &tables)
	return application, version, tables, err
}

// migrate brings a database to a version, all of the way or none of it. Of several processes that open a new database at once
// one does the work, and the others find it done.
func migrate(ctx context.Context, conn *sql.Conn, to int) error {
	tx, err := conn.BeginTx(ctx, nil) // immediate: nobody else writes from here on
	if err != nil {
		return err
	}
	defer tx.Rollback()
	_, version, _, err := marks(ctx, tx)
	if err != nil {
		return err
	}
	for ; version < to; version++ {
		if _, err := tx.ExecContext(ctx, steps[version].up); err != nil {
			return fmt.Errorf("migrating to version %d: %w", version+1, err)
		}
	}
	for ; version > to; version-- {
		if _, err := tx.ExecContext(ctx, steps[version-1].down); err != nil {
			return fmt.Errorf("migrating back from version %d: %w", version, err)
		}
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d; PRAGMA user_version = %d`, applicationID, to)); err != nil {
		return err
	}
	return tx.Commit()
}
