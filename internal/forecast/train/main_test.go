package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/need"
)

// TestTableFromArchives makes the table again from the archives: the bytes in the repository.
func TestTableFromArchives(t *testing.T) {
	t.Parallel()
	data := filepath.Join(need.Shared(t), "data")
	got, err := makeTable(filepath.Join(data, "histories"), filepath.Join(data, "retired.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join(need.Root(t), "internal", "forecast", "table.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	a, b := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	different := 0
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			if different++; different <= 5 {
				t.Logf("here:  %s\ntable: %s", a[i], b[i])
			}
		}
	}
	t.Errorf("table.csv differs from the archives in %d lines of %d (%d made now); "+
		"run: go run ./internal/forecast/train --histories DIR --retired FILE", different, len(b), len(a))
}

func TestReportStandsBesideTheBaselines(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	if code := run([]string{"--report"}, &out, &errs); code != 0 {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	for _, want := range []string{"out-of-fold", "days since last commit", "Maintained", "Renovate", "absence factor", "this model", "Brier", "fragility"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report lacks %q", want)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	noRepo := t.TempDir()
	bad := filepath.Join(empty, "retired.tsv")
	for path, text := range map[string]string{
		bad: "repo\tretired\tevidence\na/b\tsoon\tnone\n",
		filepath.Join(noRepo, "x+y", "meta.json"): "{}",
	} {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	good := filepath.Join(noRepo, "retired.tsv")
	if err := os.WriteFile(good, []byte("repo\tretired\tevidence\na/b\t2020-01-01\tnone\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--histories", empty}, 2, "together"},
		{[]string{"surplus"}, 2, "nothing else"},
		{[]string{"--case", empty, "--report"}, 2, "alone"},
		{[]string{"--before", "2019-01-01"}, 2, "--report"},
		{[]string{"--report", "--before", "soon"}, 4, "soon"},
		{[]string{"--report", "--before", "2013-01-01"}, 4, "at least"},
		{[]string{"--case", empty}, 4, "meta.json"},
		{[]string{"--histories", empty, "--retired", filepath.Join(empty, "none")}, 4, "none"},
		{[]string{"--histories", empty, "--retired", bad}, 4, "line 2"},
		{[]string{"--histories", empty, "--retired", good}, 4, "no history archives"},
		{[]string{"--histories", noRepo, "--retired", good}, 4, "names no repo"},
	} {
		var out, errs bytes.Buffer
		if code := run(c.args, &out, &errs); code != c.code || !strings.Contains(errs.String(), c.says) {
			t.Errorf("%v: exit %d, %q; want %d and %q", c.args, code, errs.String(), c.code, c.says)
		}
	}
}
