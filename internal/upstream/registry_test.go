package upstream

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/package-url/packageurl-go"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/mainstay-oss/mainstay/internal/dependency"
	"github.com/mainstay-oss/mainstay/internal/gap"
)

var update = flag.Bool("update", false, "write what the worlds of testdata/registry give into them; read each before committing")

// TestRegistryWorlds plays the worlds in testdata/registry, a file each:
//
//	ask       queries, one a line: a package URL, then, if wanted, the word direct and hints as kind=address
//	environ   variables, one a line; HOME/ and ETC/ begin a path in the folders below
//	programs  what programs answer: a beginning of their command line, =, the answer
//	home/…    files in the user's home folder; etc/… those for all users of the machine; project/… those of the scanned
//	sent      what is asked, HOST/PATH, sorted; behind it with which login
//	crate …   a crate's archive at the address that follows; "> NAME" begins a file in it
//	want      what comes out: per query, in order, the resolution and the facts, then the gaps
//
// and every other file is what HOST/PATH answers. It is 2025-06-01 there, and the files are a month old. Each world is played thrice: as it is; again from what
// the first kept, offline, with the same outcome and nothing sent; and offline from nothing, when nothing may be sent either.
func TestRegistryWorlds(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/registry/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(err, "no worlds")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			playRegistries(t, file)
		})
	}
}

func playRegistries(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(string(text))
	home, etc, project := t.TempDir(), t.TempDir(), t.TempDir()
	for name, body := range w.files {
		for prefix, dir := range map[string]string{"home/": home, "etc/": etc, "project/": project} {
			if below, ok := strings.CutPrefix(name, prefix); ok {
				at := write(t, filepath.Join(dir, filepath.FromSlash(below)), body)
				day := time.Date(2025, 5, 1, 0, 0, 0, 0, time.UTC)
				if err := os.Chtimes(at, day, day); err != nil {
					t.Fatal(err)
				}
			}
		}
		w.files[name] = strings.TrimSuffix(body, "\n")
		if at, ok := strings.CutPrefix(name, "crate "); ok {
			w.files[at] = packCrate(t, body)
		}
	}
	environ := []string{"HOME=" + home, "USERPROFILE=" + home}
	for line := range strings.Lines(w.files["environ"]) {
		line = strings.NewReplacer("=HOME/", "="+home+"/", "=ETC/", "="+etc+"/").Replace(strings.TrimSpace(line))
		environ = append(environ, line)
	}
	run := func(_ context.Context, name string, args ...string) (string, error) {
		command := strings.Join(append([]string{name}, args...), " ")
		for line := range strings.Lines(w.files["programs"]) {
			if before, after, ok := strings.Cut(strings.TrimSpace(line), " = "); ok && strings.HasPrefix(command, before) {
				return after, nil
			}
		}
		return "", errors.New("no such program here")
	}
	queries := worldQueries(t, w.files["ask"])
	cache := t.TempDir()
	play := func(c Config) (outcome string, sent []string) {
		w.mu.Lock()
		w.requests = nil
		w.mu.Unlock()
		c.Environ, c.Run, c.etc, c.Project = environ, run, etc, project
		r := w.resolver(t, c)
		r.fetch.now = func() time.Time { return time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC) }
		planned := r.Plan(queries)
		got, gaps := r.Resolve(t.Context(), queries)
		sent = w.sent()
		most := 0
		for _, n := range planned {
			most += n
		}
		if len(sent) > most { // an index may send on to another host, so that only the sum holds
			t.Errorf("%d requests, planned at most %v", len(sent), planned)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		for i, name := range sent {
			if login := w.auth[name]; login != "" {
				sent[i] += " as " + login
			}
		}
		return describe(queries, got, gaps), sent
	}
	outcome, sent := play(Config{Cache: cache})
	if *update {
		archive := txtar.Parse(text)
		for i, f := range archive.Files {
			switch f.Name {
			case "sent":
				archive.Files[i].Data = []byte(strings.Join(sent, "\n") + "\n")
			case "want":
				archive.Files[i].Data = []byte(outcome + "\n")
			}
		}
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := lineDiff(w.files["want"], outcome); diff != "" {
		t.Errorf("%s: (-want +got)\n%s", file, diff)
	}
	if diff := lineDiff(w.files["sent"], strings.Join(sent, "\n")); diff != "" {
		t.Errorf("%s: sent (-want +got)\n%s", file, diff)
	}
	again, sent := play(Config{Cache: cache, Offline: true})
	if diff := lineDiff(outcome, again); diff != "" || len(sent) > 0 {
		t.Errorf("%s: from what was kept, %d requests\n%s", file, len(sent), diff)
	}
	if _, sent = play(Config{Offline: true}); len(sent) > 0 {
		t.Errorf("%s: offline %d requests: %q", file, len(sent), sent)
	}
}

// A registry that lets a question about facts wait costs the facts alone.
func TestFactsAreNotWaitedForLong(t *testing.T) {
	t.Parallel()
	w := newWorld("-- index.example/pypi/valve/json --\n{\"info\": {\"version\": \"1.0.0\", \"project_urls\": {\"Source\": \"https://github.com/acme/valve\"}}}\n")
	w.hook["proxy.example"] = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	r := w.resolver(t, Config{Environ: []string{"GOPROXY=https://proxy.example", "PIP_INDEX_URL=https://index.example/simple", "GOMODCACHE=" + t.TempDir()}})
	r.factsFor = time.Second
	pump, valve := gomod("github.com/acme/pump", "v1.0.0"), Query{PURL: "pkg:pypi/valve@1.0.0", Version: "1.0.0", Direct: true}
	pump.Direct = true
	got, gaps := r.Resolve(t.Context(), []Query{pump, valve})
	if len(gaps) > 0 || short(got[pump.PURL]) != "github.com/acme/pump | module-path 0.98" || got[pump.PURL].Released != "" || got[valve.PURL].Latest != "1.0.0" {
		t.Errorf("%+v\n%v", got, gaps)
	}
	if n := len(w.sent()); n != 2 {
		t.Errorf("%d requests: %q", n, w.sent())
	}
}

func lineDiff(want, got string) string {
	return cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n"))
}

// packCrate packs files as Cargo does: below one folder, in the order of their names.
func packCrate(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for part := range strings.SplitSeq("\n"+text, "\n> ") {
		name, body, ok := strings.Cut(part, "\n")
		if !ok || name == "" {
			continue
		}
		if err := w.WriteHeader(&tar.Header{Name: "crate-1.0.0/" + name, Mode: 0o644, Size: int64(len(body))}); err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte(body)) // into memory
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func worldQueries(t *testing.T, text string) (queries []Query) {
	t.Helper()
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		p, err := packageurl.FromString(words[0])
		if err != nil {
			t.Fatal(err)
		}
		q := Query{PURL: words[0], Version: p.Version}
		for _, word := range words[1:] {
			if kind, address, ok := strings.Cut(word, "="); ok && kind == "name" {
				q.Name = address
			} else if ok {
				q.Hints = append(q.Hints, dependency.Hint{Kind: kind, URL: address})
			} else if word == "direct" {
				q.Direct = true
			} else {
				t.Fatalf("%q is nothing that a query has", word)
			}
		}
		queries = append(queries, q)
	}
	return queries
}

// describe writes an outcome as text.
func describe(queries []Query, got map[string]Resolution, gaps []gap.Gap) string {
	var b strings.Builder
	for _, q := range queries {
		r := got[q.PURL]
		fmt.Fprintf(&b, "%s\n  %s\n", q.PURL, short(r))
		if r.Evidence != "" {
			fmt.Fprintf(&b, "  %s\n", r.Evidence)
		}
		f := r.Facts
		lines := map[string]string{"released": f.Released, "latest": strings.TrimSpace(f.Latest + " " + f.LatestReleased),
			"deprecated": strings.TrimSpace(f.DeprecatedOn + " " + f.Deprecated), "yanked": strings.TrimSpace(f.YankedOn + " " + f.Yanked)}
		if f.Publishers != nil {
			lines["publishers"] = fmt.Sprint(*f.Publishers)
		}
		for _, name := range slices.Sorted(maps.Keys(lines)) {
			if lines[name] != "" {
				fmt.Fprintf(&b, "  %s: %s\n", name, lines[name])
			}
		}
	}
	for _, g := range gaps {
		fmt.Fprintf(&b, "gap %s %s %s\n", g.Kind, g.What, g.Detail)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
