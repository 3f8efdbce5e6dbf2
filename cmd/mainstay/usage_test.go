package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/help anew; look at each file before committing")

// TestHelp compares the help of every command, in both languages, with testdata/help.
func TestHelp(t *testing.T) {
	for _, lang := range []string{"en", "ko"} {
		names := []string{""}
		for _, c := range commands() {
			names = append(names, c.name)
		}
		for _, name := range names {
			args := []string{"--lang", lang, "help", name}
			if name == "" {
				args, name = args[:3], "mainstay"
			}
			got := output(t, args...)
			checkHelp(t, name, got)
			file := filepath.Join("testdata", "help", name+"."+lang+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs (go test ./cmd/mainstay -run TestHelp -update writes it anew):\n%s", file, got)
			}
		}
	}
}

// checkHelp wants no line wider than the terminal and every flag's text in one column.
func checkHelp(t *testing.T, name, help string) {
	t.Helper()
	column := -1
	for line := range strings.Lines(help) {
		line = strings.TrimSuffix(line, "\n")
		if w := cells(line); w > helpWidth {
			t.Errorf("%s: %d cells wide: %s", name, w, line)
		}
		if !strings.HasPrefix(line, "  -") && !strings.HasPrefix(line, "      --") {
			continue
		}
		i := strings.Index(line[8:], "  ")
		if i < 0 {
			t.Errorf("%s: no text beside %s", name, line)
			continue
		}
		text := strings.TrimLeft(line[8+i:], " ")
		at := cells(strings.TrimSuffix(line, text))
		if column < 0 {
			column = at
		}
		if at != column {
			t.Errorf("%s: the text begins in cell %d, want %d: %s", name, at, column, line)
		}
	}
}

// TestHelpIsTheSameHoweverItIsAsked: the language may be named before the command or after it, and a command tells of itself.
func TestHelpIsTheSameHoweverItIsAsked(t *testing.T) {
	want := output(t, "help", "scan", "--lang", "ko")
	for _, args := range []string{"--lang ko help scan", "--lang=ko help scan", "help --lang=ko scan", "scan --help --lang ko", "--lang ko scan -h"} {
		if got := output(t, strings.Fields(args)...); got != want {
			t.Errorf("mainstay %s:\n%s", args, got)
		}
	}
	if a, b := output(t, "help", "--lang", "ko"), output(t, "--lang", "ko"); a != b || !strings.Contains(a, "시작하기") {
		t.Errorf("without a command:\n%s\n%s", a, b)
	}
}

// output runs the program and wants it to succeed, saying nothing on the side.
func output(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(args, strings.NewReader(""), &stdout, &stderr); code != exitDone || stderr.Len() > 0 {
		t.Fatalf("mainstay %s: exit code %d: %s", strings.Join(args, " "), code, &stderr)
	}
	return stdout.String()
}
