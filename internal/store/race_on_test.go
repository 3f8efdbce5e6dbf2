//go:build race

package store

// raced tells that the race detector watches, under which SQLite is many times slower.
const raced = true
