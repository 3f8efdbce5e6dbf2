package pipeline

import (
	"os"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// TestNoticeSourcesAreWorded: what the program's own table says of who said so is known in both languages.
func TestNoticeSourcesAreWorded(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("../upstream/notices.tsv")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(table)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(f) < 4 {
			continue
		}
		seen[f[3]] = true
		if noticeSources[f[3]] == "" {
			t.Errorf("%s: no words for %q", f[0], f[3])
		}
	}
	for source := range noticeSources {
		if !seen[source] {
			t.Errorf("no notice has the source %q", source)
		}
	}
	ko := Pipeline{Printer: message.Printer{Lang: message.Korean}}
	if got := ko.noticeSource("moved to the Apache Attic"); got != "Apache Attic으로 이관" {
		t.Errorf("in Korean: %q", got)
	}
	if got := ko.noticeSource("README.md"); got != "README.md" {
		t.Errorf("a source of others became %q", got)
	}
}
