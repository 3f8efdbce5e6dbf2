package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// An Observation is what was seen of an upstream's reach on one day. Nil is not known.
type Observation struct {
	Date       string `json:"date"`       // YYYY-MM-DD, UTC: the day of the run
	Key        string `json:"key"`        // of the subjects that were scanned: PathKey or NamesKey
	Upstream   string `json:"upstream"`   // host/owner/name
	Subjects   *int   `json:"subjects"`   // of the scanned, those that ride on it
	Packages   *int   `json:"packages"`   // of theirs, those that it makes
	Downloads  *int   `json:"downloads"`  // of its packages in a month, as registries gave them on that day or the one before
	Dependents *int   `json:"dependents"` // packages that depend on its packages, likewise
}

// counted tells whether a registry gave a figure.
func (o Observation) counted() bool { return o.Downloads != nil || o.Dependents != nil }

// place is what a later observation replaces.
type place struct{ date, key, upstream string }

func (o Observation) place() place { return place{o.Date, o.Key, o.Upstream} }

const maxUpstream = 512 // bytes of an upstream's name

func checkDate(date string) error {
	if t, err := time.Parse(time.DateOnly, date); err != nil || t.Format(time.DateOnly) != date {
		return fmt.Errorf("date %.20q is no day, YYYY-MM-DD", date)
	}
	return nil
}

func checkKey(key string) error {
	if len(key) != keyLength || strings.Trim(key, "0123456789abcdef") != "" {
		return fmt.Errorf("key %.40q is not one of %d hexadecimal digits", key, keyLength)
	}
	return nil
}

// check refuses what could not be found again.
func (o Observation) check() error {
	if err := cmp.Or(checkDate(o.Date), checkKey(o.Key)); err != nil {
		return err
	}
	if o.Upstream == "" || len(o.Upstream) > maxUpstream || !utf8.ValidString(o.Upstream) || strings.ContainsFunc(o.Upstream, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return fmt.Errorf("upstream %.40q is no name of one", o.Upstream)
	}
	for _, count := range []struct {
		name string
		n    *int
	}{{"subjects", o.Subjects}, {"packages", o.Packages}, {"downloads", o.Downloads}, {"dependents", o.Dependents}} {
		if count.n != nil && *count.n < 0 {
			return fmt.Errorf("%s %d is less than none", count.name, *count.n)
		}
	}
	return nil
}

// lineStart begins every line, as Date is the first field.
const lineStart = `{"date":`

var errCut = errors.New("the line is cut short")

// parse reads a line without its end. Fields that a later version may add are passed over. The error is errCut if the line is
// the beginning of one of ours.
func parse(line []byte) (Observation, error) {
	var o Observation
	switch err := json.Unmarshal(line, &o); {
	case err == nil:
		return o, o.check()
	case cut(line):
		return o, errCut
	default:
		return o, fmt.Errorf("not an observation: %w", err)
	}
}

// cut tells whether a line that is no JSON may be the beginning of one of ours.
func cut(line []byte) bool {
	if n := min(len(line), len(lineStart)); string(line[:n]) != lineStart[:n] {
		return false
	}
	return !bytes.HasSuffix(line, []byte("}")) // every line of ours ends in the only one that it has
}
