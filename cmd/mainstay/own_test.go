package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/need"
	"github.com/mainstay-oss/mainstay/internal/report"
)

// answer runs the program and reads the document that it writes.
func answer(t *testing.T, args ...string) *report.Document {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(append(args, "-f", "json"), strings.NewReader(""), &stdout, &stderr); code != exitDone {
		t.Fatalf("mainstay %s: exit code %d: %s", strings.Join(args, " "), code, &stderr)
	}
	var doc report.Document
	if err := json.Unmarshal(stdout.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	return &doc
}

// TestOurOwnCheckout is the main job, as the README promises it, with nothing reachable at all.
func TestOurOwnCheckout(t *testing.T) {
	t.Setenv("GOPROXY", "off")
	t.Setenv("LANG", "C")
	doc := answer(t, "scan", need.Root(t), "--offline", "--store", "none", "--cache", t.TempDir())
	whole := 0
	for _, u := range doc.Upstreams {
		if u.Vitals != nil && u.Outlook != nil && u.Attention != nil {
			whole++
		}
		if u.History != nil && u.Vitals.AsOf > u.History.ObservedUntil {
			t.Errorf("%s is measured as of %s, but was last observed on %s", u.ID, u.Vitals.AsOf, u.History.ObservedUntil)
		}
	}
	if whole < 8 {
		t.Errorf("%d of our upstreams show vitals, outlook and a rank; want at least 8", whole)
	}
	for _, p := range doc.Packages {
		if strings.HasPrefix(p.File, "examples/") || strings.HasPrefix(p.File, "bench/") || strings.Contains(p.File, "testdata/") {
			t.Errorf("%s is read from %s, which is not what Mainstay stands on", p.PURL, p.File)
		}
	}
}

// TestTheExampleCompany: all four of its subjects are read, and what there was to know about the founding case is said.
func TestTheExampleCompany(t *testing.T) {
	t.Setenv("GOPROXY", "off")
	t.Setenv("LANG", "C")
	doc := answer(t, "scan", need.Root(t)+"/examples/platform", "--offline", "--as-of", "2025-07-01", "--store", "none", "--cache", t.TempDir())
	if len(doc.Subjects) != 4 {
		t.Errorf("%d subjects, want 4", len(doc.Subjects))
	}
	for _, u := range doc.Upstreams {
		if u.ID != "github.com/kubernetes/ingress-nginx" {
			continue
		}
		if u.Attention == nil {
			t.Fatal("Ingress NGINX has no rank")
		}
		why := strings.Join(u.Attention.Why, "; ")
		for _, want := range []string{"one person made 62 %", "fell from 7 to 1 in eighteen months"} {
			if !strings.Contains(why, want) {
				t.Errorf("Ingress NGINX: %q is not said: %s", want, why)
			}
		}
		return
	}
	t.Error("Ingress NGINX is not among the upstreams")
}
