package pipeline

import (
	"encoding/csv"
	"os"
	"regexp"
	"testing"
)

// rewrite replaces what a pattern finds in a file, which it must.
func rewrite(t *testing.T, path, pattern, by string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	find := regexp.MustCompile(pattern)
	if !find.Match(text) {
		t.Fatalf("%s is not in %s", pattern, text)
	}
	if err := os.WriteFile(path, find.ReplaceAll(text, []byte(by)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// independent reads outcomes that another program computed.
func independent(t *testing.T, path string) []map[string]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var lines []map[string]string
	for _, r := range records[1:] {
		line := map[string]string{}
		for i, name := range records[0] {
			line[name] = r[i]
		}
		lines = append(lines, line)
	}
	return lines
}
