package report

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/mainstay-oss/mainstay/internal/message"
	"github.com/mainstay-oss/mainstay/internal/need"
)

// TestPageInBrowser opens a page in Chromium: its script must run under the page's own policy, and nothing may be
// complained of.
func TestPageInBrowser(t *testing.T) {
	t.Parallel()
	chromium := need.Chromium(t)
	for name, doc := range map[string]*Document{"company": makeDocument(pageWorlds[1], message.Korean), "inspect": makeInspection(message.English)} {
		dir := t.TempDir()
		file := filepath.Join(dir, name+".html")
		if err := os.WriteFile(file, []byte(renderPage(t, doc, message.Lang(doc.Language))), 0o600); err != nil {
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
				t.Errorf("%s: the browser says %s", name, line)
			}
		}
		root, err := html.Parse(&out)
		if err != nil {
			t.Fatal(err)
		}
		if name == "inspect" {
			continue
		}
		sortable := 0
		for _, n := range elements(byID(root, "upstreams"), "span") {
			if attr(n, "role") == "button" {
				sortable++
			}
		}
		if sortable != 13 {
			t.Errorf("%d columns can be sorted, want 13: did the script run?", sortable)
		}
		for n := range byID(root, "all").Descendants() {
			if n.Type == html.ElementNode && attr(n, "class") == "shown" && textOf(n) != "업스트림 41개 중 41개" {
				t.Errorf("the filter says %q", textOf(n))
			}
		}
	}
}
