package report

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"html/template"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/mainstay-oss/mainstay/internal/message"
	"github.com/mainstay-oss/mainstay/internal/need"
)

// browse opens a page in Chromium and gives the document as it stands after its script ran. Whatever the browser complains
// of fails the test.
func browse(t *testing.T, chromium, page string) *html.Node {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--user-data-dir="+filepath.Join(dir, "profile"), "--enable-logging=stderr", "--dump-dom", "file://"+file)
	var out, words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &words
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, words.String())
	}
	for line := range strings.Lines(words.String()) {
		if strings.Contains(line, "CONSOLE") {
			t.Errorf("the browser says %s", line)
		}
	}
	return parsePage(t, out.String())
}

// TestPageInBrowser opens pages in Chromium: the script must run under the page's own policy.
func TestPageInBrowser(t *testing.T) {
	t.Parallel()
	chromium := need.Chromium(t)
	browse(t, chromium, renderPage(t, makeInspection(message.English), message.English))
	browse(t, chromium, renderPage(t, makeDrill(message.Korean), message.Korean))
	root := browse(t, chromium, renderPage(t, makeDocument(pageWorlds[1], message.Korean), message.Korean))
	if got := filterText(root); got != "업스트림 41개 중 41개" {
		t.Errorf("the filter says %q: did the script run?", got)
	}
}

// TestPageSortsAndFilters presses the page's own buttons.
func TestPageSortsAndFilters(t *testing.T) {
	t.Parallel()
	chromium := need.Chromium(t)
	doc := makeDocument(pageWorlds[1], message.English)
	const chance, tone = 4, "watch"
	view := newPage(doc, message.Printer{})
	script := pageScript + `
		document.querySelectorAll("#upstreams thead th")[4].querySelector("[role=button]").click();
		document.querySelector("[data-tone=watch]").click();`
	view.Script, view.Policy = template.JS(script), policy(pageStyle, script)
	var page bytes.Buffer
	if err := view.write(&page, message.Printer{}); err != nil {
		t.Fatal(err)
	}
	root := browse(t, chromium, page.String())
	table := byID(root, "upstreams")
	if got := attr(elements(table, "th")[chance], "aria-sort"); got != "descending" {
		t.Errorf("aria-sort is %q", got)
	}
	var want, got []float64
	for _, u := range doc.Upstreams {
		if toneOf(&u) == tone {
			want = append(want, *u.Outlook.Probability12m)
		}
	}
	slices.SortFunc(want, func(a, b float64) int { return cmp.Compare(b, a) })
	for _, row := range elements(elements(table, "tbody")[0], "tr") {
		if slices.ContainsFunc(row.Attr, func(a html.Attribute) bool { return a.Key == "hidden" }) {
			continue
		}
		if attr(row, "data-t") != tone {
			t.Errorf("a row of tone %s is shown", attr(row, "data-t"))
		}
		// The cells of a row are its th and its td; the th is the second.
		f, err := strconv.ParseFloat(strings.TrimSuffix(textOf(elements(row, "td")[chance-1]), " %"), 64)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, f/100)
	}
	if !slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) < 0.001 }) {
		t.Errorf("shown in the order %v, want %v", got, want)
	}
	if text := filterText(root); text != fmt.Sprintf("%d of %d upstreams", len(want), len(doc.Upstreams)) {
		t.Errorf("the filter says %q", text)
	}
}

func filterText(root *html.Node) string {
	for _, p := range elements(root, "p") {
		if attr(p, "class") == "shown" {
			return textOf(p)
		}
	}
	return ""
}
