package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestKept: what is kept holds no name of a person, no command line and no path of the machine; the document itself is as it
// was; and what is kept compares as the document would.
func TestKept(t *testing.T) {
	t.Parallel()
	for command, document := range documents {
		if command == "poisoned" {
			continue // all of it is hostile, names or not
		}
		p := languages[0]
		doc, same := document(p), document(p)
		Normalise(doc)
		Normalise(same)
		const home = "/home/ada-lovelace/shop"
		for _, d := range []*Document{doc, same} {
			d.Invocation, d.Summary.NotRead, d.Next = "mainstay scan "+home, home, []string{home}
			d.Subjects = append(d.Subjects, Subject{ID: home, Path: home, Kind: "cohort"})
			d.Gaps = append(d.Gaps, Gap{File: home + "/mainstay.yaml", What: `C:\Users\ada-lovelace\x`, Why: home, Hint: home})
		}
		nameAll(reflect.ValueOf(doc))
		nameAll(reflect.ValueOf(same))
		text, err := Kept(doc)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "ada-lovelace") || strings.Contains(string(text), "Ada Lovelace") {
			t.Errorf("%s: who it is of can be read in what is kept", command)
		}
		if diff := cmp.Diff(same, doc); diff != "" {
			t.Errorf("%s: keeping changes the document (-before +after):\n%s", command, diff)
		}
		if doc.Command == "inspect" {
			continue
		}
		again, err := Read(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if c := Compare(again, doc, Since{}); c.Count() != 0 {
			t.Errorf("%s: what is kept differs: %q", command, told(c))
		}
	}
}

// nameAll names everybody whom a document does not name: every field "name" that may be null.
func nameAll(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			nameAll(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			nameAll(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); jsonName(f) == "name" && f.Type == reflect.TypeFor[*string]() {
				v.Field(i).Set(reflect.ValueOf(ptr("Ada Lovelace")))
				continue
			}
			nameAll(v.Field(i))
		}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	p := languages[0]
	text := render(t, scan(p), "json", Options{})
	doc, err := Read(strings.NewReader("\ufeff" + text))
	if err != nil {
		t.Fatal(err)
	}
	want := scan(p)
	Normalise(want)
	if diff := cmp.Diff(want, doc); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
	for text, want := range map[string]error{
		"":       ErrNoDocument,
		"null":   ErrNoDocument,
		"[1]":    ErrNoDocument,
		"{}":     ErrNoDocument,
		"<html>": ErrNoDocument,
		`{"bomFormat":"CycloneDX","schema_version":1}`: ErrNoDocument,
		text[:len(text)/2]: ErrNoDocument,
		`{"schema_version":1,"tool":{"name":"mainstay"},"packages":{}}`:                     ErrNoDocument,
		`{"schema_version":2,"tool":{"name":"mainstay","version":"v9"},"packages":{"a":1}}`: ErrNewer,
		render(t, inspect(p), "json", Options{}):                                            ErrNoScan,
		`{"schema_version":1,"tool":{"name":"mainstay"},"command":"backtest"}`:              ErrNoScan,
	} {
		if _, err := Read(strings.NewReader(text)); !errors.Is(err, want) {
			t.Errorf("%.60s: %v, want %v", text, err, want)
		}
	}
}

// FuzzRead: whatever is read as a document can be compared, either way, and the result shown and written.
func FuzzRead(f *testing.F) {
	p := languages[0]
	for _, doc := range []*Document{scan(p), earlier(p), {Command: "scan", Tool: Tool{Name: "mainstay"}}} {
		doc.Upstreams, doc.Packages = doc.Upstreams[:min(len(doc.Upstreams), 3)], doc.Packages[:min(len(doc.Packages), 2)]
		f.Add([]byte(render(f, doc, "json", Options{})))
	}
	f.Add([]byte(`{"schema_version":1,"tool":{"name":"mainstay"},"command":"scan","upstreams":[{"outlook":{}},{"attention":{"rank":-5}}],"packages":[{"purl":"@"}],"gaps":[{}]}`))
	other := earlier(p)
	other.Upstreams, other.Packages = other.Upstreams[:2], other.Packages[:2]
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, err := Read(bytes.NewReader(text))
		if err != nil {
			return
		}
		if c := Compare(doc, doc, Since{}); c.Count() != 0 && distinct(doc) {
			t.Errorf("it differs from itself: %q", told(c))
		}
		for _, pair := range [][2]*Document{{doc, other}, {other, doc}} {
			shown := &Document{Command: "scan", AsOf: doc.AsOf, Upstreams: other.Upstreams, Changes: Compare(pair[0], pair[1], Since{Source: "file"})}
			for _, format := range []string{"table", "md"} {
				render(t, shown, format, Options{})
			}
		}
		if _, err := Kept(doc); err != nil {
			var unsupported *json.UnsupportedValueError
			if !errors.As(err, &unsupported) {
				t.Error(err)
			}
		}
	})
}

// distinct tells whether no upstream stands twice in a document.
func distinct(doc *Document) bool {
	seen := map[string]bool{}
	for _, u := range doc.Upstreams {
		if seen[u.ID] {
			return false
		}
		seen[u.ID] = true
	}
	return true
}
