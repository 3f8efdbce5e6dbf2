package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/forecast/reference"
	"github.com/mainstay-oss/mainstay/internal/need"
)

// TestTheCohortIsWhatTheArchivesSay makes the file again. Values are compared, not bytes: another release of the
// compressor may write other bytes for the same values.
func TestTheCohortIsWhatTheArchivesSay(t *testing.T) {
	t.Parallel()
	data := filepath.Join(need.Shared(t), "data")
	made, projects, err := build(filepath.Join(data, "histories"), filepath.Join(data, "retired.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := reference.Parse(made)
	if err != nil {
		t.Fatal(err)
	}
	if diff := reference.Differ(reference.Default(), c); diff != "" || projects < 280 {
		t.Errorf("%d projects; %s; run: go run ./internal/forecast/reference/make --histories DIR --retired FILE", projects, diff)
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"--histories", "x"}, {"--judge", "--histories", "x"}, {"more"}, {"--what"}} {
		var out, words strings.Builder
		if code := run(args, &out, &words); code != 2 || out.Len() > 0 || words.Len() == 0 {
			t.Errorf("%v: exit code %d, output %q, words %q", args, code, out.String(), words.String())
		}
	}
	var out, words strings.Builder
	if code := run([]string{"--histories", t.TempDir(), "--retired", filepath.Join(t.TempDir(), "none")}, &out, &words); code != 4 {
		t.Errorf("exit code %d: %s", code, words.String())
	}
	if code := run([]string{"--judge"}, &out, &words); code != 0 || !strings.Contains(out.String(), "AUC") {
		t.Errorf("exit code %d: %s%s", code, out.String(), words.String())
	}
}
