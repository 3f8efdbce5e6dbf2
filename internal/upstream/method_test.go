package upstream

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The document has a row for each rule, as the table has it.
func TestDocumentTellsMethods(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "doc", "resolution.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range Methods {
		asks := map[bool]string{true: "yes", false: "no"}[m.Network]
		if row := fmt.Sprintf("\n| `%s` | %g | %s | %s |\n", m.Name, m.Confidence, asks, m.Reason); !strings.Contains(string(text), row) {
			t.Errorf("doc/resolution.md lacks %s", row)
		}
	}
}
