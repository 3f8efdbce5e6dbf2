package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/mainstay-oss/mainstay/internal/message"
	"github.com/mainstay-oss/mainstay/internal/need"
)

// A field of the contract. Its path is that of an object and a name: "upstreams[].vitals" and "as_of".
type field struct{ object, name, kind, unit, meaning string }

func (f field) path() string {
	if f.object == "" {
		return f.name
	}
	return f.object + "." + f.name
}

// fieldsOfTypes reads the contract off the Go types.
func fieldsOfTypes(t reflect.Type, object string) []field {
	var all []field
	for i := range t.NumField() {
		f := field{object: object, name: jsonName(t.Field(i))}
		inner, path := t.Field(i).Type, f.path()
		f.kind = kindOf(inner)
		for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
			if inner.Kind() == reflect.Slice {
				path += "[]"
			}
			inner = inner.Elem()
		}
		all = append(all, f)
		if inner.Kind() == reflect.Struct {
			all = append(all, fieldsOfTypes(inner, path)...)
		}
	}
	return all
}

func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return kindOf(t.Elem()) + " or null"
	case reflect.Slice:
		return "array of " + kindOf(t.Elem())
	case reflect.Struct:
		return "object"
	case reflect.Int:
		return "integer"
	case reflect.Float64:
		return "number"
	case reflect.Bool:
		return "boolean"
	case reflect.String:
		return "string"
	}
	panic("the contract knows no " + t.String())
}

var (
	heading  = regexp.MustCompile("^### `([^`]+)`$")
	tableRow = regexp.MustCompile("^\\| `([a-z0-9_]+)` \\| ([a-z ]+) \\| ([^|]*)\\| ([^|]+) \\|$")
)

// fieldsOfDoc reads the contract off the tables of doc/output.md.
func fieldsOfDoc(t *testing.T) []field {
	t.Helper()
	var all []field
	object := ""
	for line := range strings.Lines(readDoc(t)) {
		line = strings.TrimSuffix(line, "\n")
		if m := heading.FindStringSubmatch(line); m != nil {
			object = m[1]
		}
		if m := tableRow.FindStringSubmatch(line); m != nil {
			all = append(all, field{object, m[1], m[2], strings.TrimSpace(m[3]), m[4]})
		}
	}
	return all
}

func readDoc(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(need.Root(t), "doc", "output.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func lines(fields []field) string {
	var all []string
	for _, f := range fields {
		all = append(all, f.path()+" "+f.kind)
	}
	slices.Sort(all)
	return strings.Join(all, "\n") + "\n"
}

// TestDocNamesEveryField: the tables of doc/output.md are the fields of the Go types, no more and no less.
func TestDocNamesEveryField(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(lines(fieldsOfTypes(reflect.TypeFor[Document](), "")), lines(fieldsOfDoc(t))); diff != "" {
		t.Errorf("doc/output.md and the Go types differ (- types, + doc):\n%s", diff)
	}
}

// TestDocNamesEveryGapAndColumn keeps the lists of doc/output.md whole.
func TestDocNamesEveryGapAndColumn(t *testing.T) {
	t.Parallel()
	text := readDoc(t)
	var want, got []string
	for _, key := range message.Keys() {
		if kind, ok := strings.CutPrefix(key, "gap."); ok && strings.HasSuffix(kind, ".why") {
			want = append(want, strings.TrimSuffix(kind, ".why"))
		}
	}
	_, kinds, _ := strings.Cut(text, "\n## Kinds of gap\n")
	kinds, _, _ = strings.Cut(kinds, "\n## ")
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\|").FindAllStringSubmatch(kinds, -1) {
		got = append(got, m[1])
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kinds of gap (- catalogue, + doc):\n%s", diff)
	}

	checkColumns(t, text, columns)
	checkColumns(t, text, footprintColumns)
	checkColumns(t, text, drillColumns)
}

// checkColumns wants a paragraph of doc/output.md that lists the columns.
func checkColumns[R any](t *testing.T, text string, columns []column[R]) {
	t.Helper()
	var want []string
	for _, c := range columns {
		want = append(want, "`"+c.name+"`")
	}
	_, listed, _ := strings.Cut(text, "\n"+want[0]+", ")
	listed, _, _ = strings.Cut(listed, "\n\n")
	if diff := cmp.Diff(strings.Join(want, ", "), strings.Join(strings.Fields(want[0]+", "+listed), " ")); diff != "" {
		t.Errorf("columns of CSV (- code, + doc):\n%s", diff)
	}
}

// TestColumnForEveryFigureOfAFootprint: what stands in a stretch of time, in the seats or in the reach is a column, by its name
// or by that of its object and its name.
func TestColumnForEveryFigureOfAFootprint(t *testing.T) {
	t.Parallel()
	renamed := map[string]string{"share": "share_low", "rank_range": "rank_range_best", "seats_share": "seats_share_low", "quarter": "period"}
	for prefix, object := range map[string]reflect.Type{"": reflect.TypeFor[Presence](), "seats_": reflect.TypeFor[Seats](), "reach_": reflect.TypeFor[Reach]()} {
		for _, f := range fieldsOfTypes(object, "") {
			names := []string{f.name, prefix + f.name, renamed[f.name], renamed[prefix+f.name]}
			if prefix == "seats_" {
				names = names[1:] // a stretch of time has fields of the same names
			}
			if f.path() == "seats" {
				names = append(names, "seats")
			}
			if !slices.ContainsFunc(footprintColumns, func(c column[period]) bool { return slices.Contains(names, c.name) }) {
				t.Errorf("no column for %s%s", prefix, f.name)
			}
		}
	}
}

// TestColumnForEveryMeasure: a number, date or word that is said of an upstream once is a column of CSV, by its name or by
// that of its object and its name.
func TestColumnForEveryMeasure(t *testing.T) {
	t.Parallel()
	renamed := map[string]string{"history.observed_until": "observed_until", "outlook.interval": "interval_low"}
	for _, f := range fieldsOfTypes(reflect.TypeFor[Upstream](), "") {
		if strings.Contains(f.path(), "[]") || strings.Contains(f.kind, "object") {
			continue // what stands many times for one upstream
		}
		names := []string{f.name, strings.ReplaceAll(f.path(), ".", "_"), renamed[f.path()]}
		if !slices.ContainsFunc(columns, func(c column[row]) bool { return slices.Contains(names, c.name) }) {
			t.Errorf("no column for %s", f.path())
		}
	}
}

// TestRemovedFieldNeedsNewVersion compares the fields with those that were promised. A promised field that is gone or has
// another type needs a higher SchemaVersion; a new one is only written down.
func TestRemovedFieldNeedsNewVersion(t *testing.T) {
	t.Parallel()
	path := filepath.Join("testdata", "schema_fields.txt")
	now := fmt.Sprintf("schema_version %d\n%s", SchemaVersion, lines(fieldsOfTypes(reflect.TypeFor[Document](), "")))
	promised, err := os.ReadFile(path)
	if err != nil && !*update {
		t.Fatal(err)
	}
	if err := broken(string(promised), now); err != nil {
		t.Fatal(err) // -update does not help
	}
	if *update {
		if err := os.WriteFile(path, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(promised), now); diff != "" {
		t.Errorf("new fields; write them down with go test ./internal/report -update:\n%s", diff)
	}
}

// broken tells which promise is broken. Each text is a version and the fields of the contract.
func broken(promised, now string) error {
	old, fields, _ := strings.Cut(promised, "\n")
	version, _, _ := strings.Cut(now, "\n")
	if old != version {
		return nil // the version was raised; what it may go back on is what that is for
	}
	for line := range strings.Lines(fields) {
		if !strings.Contains(now, "\n"+line) {
			return fmt.Errorf("%q was promised by %s and is gone or has another type: keep it, or raise SchemaVersion", strings.TrimSpace(line), version)
		}
	}
	return nil
}

func TestBrokenPromise(t *testing.T) {
	t.Parallel()
	const promised = "schema_version 1\na integer\nb string\n"
	for _, c := range []struct {
		now  string
		fine bool
	}{
		{promised, true},
		{"schema_version 1\na integer\nb string\nc number\n", true},
		{"schema_version 1\na integer\n", false},
		{"schema_version 1\na number\nb string\n", false},
		{"schema_version 1\na integer\nb string or null\n", false},
		{"schema_version 2\na number\n", true},
	} {
		if err := broken(promised, c.now); (err == nil) != c.fine {
			t.Errorf("%q: %v", c.now, err)
		}
	}
}

// closed are the string fields whose values are all named by the contract.
var closed = map[string][]string{
	"upstreams[].state":          {"active", "quiet", "ended", "unknown"},
	"upstreams[].series[].state": {"active", "quiet", "ended", "unknown"},
	"upstreams[].quiet_kind":     {"finished", "waiting", "unsure"},
	"upstreams[].outlook.band":   {"calm", "watch", "high", "severe", "unsure"},
}

// schema builds the JSON Schema: fields and types from the Go types, words and ranges from doc/output.md.
func schema(t *testing.T) string {
	doc := map[string]field{}
	for _, f := range fieldsOfDoc(t) {
		doc[f.path()] = f
	}
	root := object(reflect.TypeFor[Document](), "", doc)
	version := root["properties"].(map[string]any)["schema_version"].(map[string]any)
	version["const"] = SchemaVersion
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Mainstay document, version " + strconv.Itoa(SchemaVersion)
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n"
}

func object(t reflect.Type, path string, doc map[string]field) map[string]any {
	properties, required := map[string]any{}, []string{}
	for i := range t.NumField() {
		f := field{object: path, name: jsonName(t.Field(i))}
		required = append(required, f.name)
		s := value(t.Field(i).Type, f.path(), doc)
		s["description"] = doc[f.path()].meaning
		properties[f.name] = s
	}
	return map[string]any{"type": "object", "properties": properties, "required": required}
}

func value(t reflect.Type, path string, doc map[string]field) map[string]any {
	switch t.Kind() {
	case reflect.Pointer:
		s := value(t.Elem(), path, doc)
		s["type"] = []string{s["type"].(string), "null"}
		if values, ok := s["enum"]; ok {
			s["enum"] = append(values.([]any), nil)
		}
		return s
	case reflect.Slice:
		items := path + "[]"
		if t.Elem().Kind() != reflect.Struct {
			items = path // the range in its row is that of the items
		}
		s := map[string]any{"type": "array", "items": value(t.Elem(), items, doc)}
		if strings.HasSuffix(path, ".interval") {
			s["maxItems"] = 2
		}
		return s
	case reflect.Struct:
		return object(t, path, doc)
	}
	s := map[string]any{"type": kindOf(t)}
	if values, ok := closed[path]; ok {
		var all []any
		for _, v := range values {
			all = append(all, v)
		}
		s["enum"] = all
	}
	switch unit := doc[path].unit; {
	case unit == "date":
		s["pattern"] = `^\d{4}-\d{2}-\d{2}$`
	case unit == "date or empty":
		s["pattern"] = `^(\d{4}-\d{2}-\d{2})?$`
	case unit == "0 to 1":
		s["minimum"], s["maximum"] = 0, 1
	case strings.HasPrefix(unit, "≥ "):
		s["minimum"], _ = strconv.Atoi(strings.TrimPrefix(unit, "≥ "))
	}
	return s
}

// TestSchemaIsCurrent: schema.json is what the Go types and doc/output.md say.
func TestSchemaIsCurrent(t *testing.T) {
	t.Parallel()
	want := schema(t)
	if *update {
		if err := os.WriteFile("schema.json", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(Schema)); diff != "" {
		t.Errorf("schema.json is out of date (go test ./internal/report -update writes it anew):\n%s", diff)
	}
}

// compile gives the schema; a strict one forbids what it does not name.
func compile(t *testing.T, strict bool) *jsonschema.Schema {
	t.Helper()
	text := Schema
	if strict {
		text = bytes.ReplaceAll(text, []byte(`"type": "object"`), []byte(`"type": "object", "additionalProperties": false`))
		text = regexp.MustCompile(`"type": \[\s+"object",\s+"null"\s+\]`).ReplaceAll(text, []byte(`"type": ["object", "null"], "additionalProperties": false`))
	}
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", parsed); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func parse(t *testing.T, text string) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestDocumentsKeepTheSchema validates what is written, with nothing beyond the schema in it.
func TestDocumentsKeepTheSchema(t *testing.T) {
	t.Parallel()
	strict := compile(t, true)
	for command, document := range documents {
		for _, p := range languages {
			if err := strict.Validate(parse(t, render(t, document(p), "json", Options{}))); err != nil {
				t.Errorf("%s %s: %v", command, p.Lang, err)
			}
		}
	}
	empty := &Document{AsOf: "2025-07-01", Command: "scan"}
	if err := strict.Validate(parse(t, render(t, empty, "json", Options{}))); err != nil {
		t.Errorf("an empty document: %v", err)
	}
}

// TestSchemaRefuses what breaks the contract, and lets new fields pass.
func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	loose, strict := compile(t, false), compile(t, true)
	text := render(t, inspect(languages[0]), "json", Options{})
	for _, c := range []struct {
		name, from, to string
	}{
		{"another version", `"schema_version": 1`, `"schema_version": 2`},
		{"a null array", `"passed_over": []`, `"passed_over": null`},
		{"a probability over 1", `"probability_12m": 0.342`, `"probability_12m": 34.2`},
		{"a count below 0", `"commits_12m": 323`, `"commits_12m": -1`},
		{"a state of its own", `"state": "active"`, `"state": "fine"`},
		{"a date with a time", `"as_of": "2025-07-01"`, `"as_of": "2025-07-01T00:00:00Z"`},
		{"a text for a number", `"commits_3m": 64`, `"commits_3m": "64"`},
		{"a missing field", `"newcomers_12m": 34,`, ``},
	} {
		if !strings.Contains(text, c.from) {
			t.Fatalf("%s: the document holds no %s", c.name, c.from)
		}
		if loose.Validate(parse(t, strings.Replace(text, c.from, c.to, 1))) == nil {
			t.Errorf("%s passed", c.name)
		}
	}
	for _, place := range []string{`"tool": {`, `"outlook": {`, `"attention": {`} {
		more := parse(t, strings.Replace(text, place, place+`"new": 1,`, 1))
		if err := loose.Validate(more); err != nil {
			t.Errorf("a new field in %s was refused: %v", place, err)
		}
		if strict.Validate(more) == nil {
			t.Errorf("a new field in %s passed the strict schema", place)
		}
	}
}
