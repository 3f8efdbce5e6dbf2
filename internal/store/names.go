package store

import (
	"context"
	"database/sql"
	"errors"
)

// names are the numbers that stand for what is named again and again, in one transaction.
type names struct {
	find, add *sql.Stmt
	known     map[string]int64
}

// namesOf prepares the numbers of a table with an id and one more column. Both are ours, never a user's.
func namesOf(ctx context.Context, tx *sql.Tx, table, column string) (*names, error) {
	find, err := tx.PrepareContext(ctx, `SELECT id FROM `+table+` WHERE `+column+` = ?`)
	if err != nil {
		return nil, err
	}
	add, err := tx.PrepareContext(ctx, `INSERT INTO `+table+` (`+column+`) VALUES (?)`)
	return &names{find, add, make(map[string]int64)}, err
}

// id gives the number of a name, a new one if it has none.
func (n *names) id(ctx context.Context, name string) (int64, error) {
	if id, ok := n.known[name]; ok {
		return id, nil
	}
	var id int64
	err := n.find.QueryRowContext(ctx, name).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		var added sql.Result
		if added, err = n.add.ExecContext(ctx, name); err == nil {
			id, err = added.LastInsertId()
		}
	}
	if err == nil {
		n.known[name] = id
	}
	return id, err
}
