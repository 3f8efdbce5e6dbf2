package message

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mainstay-oss/mainstay/internal/need"
)

func TestEveryKeyHasBothLanguages(t *testing.T) {
	for key, e := range catalogue {
		if e.en == "" {
			t.Errorf("%s has no English text", key)
		}
		if e.ko == "" {
			t.Errorf("%s has no Korean text", key)
		}
	}
}

var placePattern = regexp.MustCompile(`\{(\d+)[^}]*\}`)

// TestLanguagesUseTheSameArguments catches a translation that drops a figure. A plural choice
// and a particle are wording, not figures.
func TestLanguagesUseTheSameArguments(t *testing.T) {
	for key, e := range catalogue {
		if en, ko := figures(e.en), figures(e.ko); !slices.Equal(en, ko) {
			t.Errorf("%s: English shows the arguments %v, Korean %v", key, en, ko)
		}
	}
}

func figures(text string) []string {
	var found []string
	for _, m := range placePattern.FindAllStringSubmatch(text, -1) {
		if !strings.ContainsAny(m[0], "?~") && !slices.Contains(found, m[1]) {
			found = append(found, m[1])
		}
	}
	slices.Sort(found)
	return found
}

func TestText(t *testing.T) {
	catalogue["test.plural"] = entry{en: "{0} {0?upstream|upstreams}, {1%}, {2}{", ko: "{1%} {2} {0}"}
	defer delete(catalogue, "test.plural")
	for _, c := range []struct {
		lang Lang
		args []any
		want string
	}{
		{English, []any{1, 0.624, "x"}, "1 upstream, 62 %, x{"},
		{English, []any{12345, 0.0304, "{0}"}, "12,345 upstreams, 3.0 %, {0}{"},
		{Korean, []any{2, 0.0004, 1.5}, "<0.1 % 1.5 2"},
		{English, []any{2}, "2 upstreams, {1%}, {2}{"},
	} {
		if got := (Printer{c.lang}).Text("test.plural", c.args...); got != c.want {
			t.Errorf("Text(%v) = %q, want %q", c.args, got, c.want)
		}
	}
	if got := (Printer{}).Text("no.such.key"); got != "[no.such.key]" {
		t.Errorf("an unknown key gave %q", got)
	}
}

func TestLoadRefusesMalformedText(t *testing.T) {
	for name, text := range map[string]string{
		"twice":        "a\n  en x\n  ko y\na\n  en x\n",
		"no key":       "  en x\n",
		"no language":  "a\n  fr x\n",
		"continuation": "a\n  |x\n",
	} {
		if err := load(map[string]entry{}, text); err == nil {
			t.Errorf("%s: loaded without an error", name)
		}
	}
}

// TestKeysInCodeExist reads every source file: each literal key given to Text must be in the catalogue, and each key of the
// catalogue must be named somewhere, whole or by its beginning ("gap." + kind + ".why").
func TestKeysInCodeExist(t *testing.T) {
	used, literals := keysInCode(t, need.Root(t))
	for key, place := range used {
		if _, ok := catalogue[key]; !ok {
			t.Errorf("%s: no text for %q", place, key)
		}
	}
	for key := range catalogue {
		if _, ok := used[key]; ok || literals[key] {
			continue
		}
		prefixed := false
		for i := range key {
			if key[i] == '.' && literals[key[:i+1]] {
				prefixed = true
			}
		}
		if !prefixed {
			t.Errorf("%s is not used by any code", key)
		}
	}
}

var keyInTemplate = regexp.MustCompile(`"([a-z]+\.[a-z0-9_.-]*)"`)

func keysInCode(t *testing.T, root string) (used map[string]string, literals map[string]bool) {
	used, literals = map[string]string{}, map[string]bool{}
	fset := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "bench" || strings.HasPrefix(d.Name(), ".") && path != root) {
			return filepath.SkipDir
		}
		if d.IsDir() {
			return nil
		}
		if ext := filepath.Ext(path); ext == ".tmpl" || ext == ".html" {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range keyInTemplate.FindAllSubmatch(text, -1) {
				literals[string(m[1])] = true
			}
			return nil
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil {
					literals[s] = true
				}
			}
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "Text" {
				return true
			}
			if lit, ok := call.Args[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil {
					used[s] = fset.Position(lit.Pos()).String()
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return used, literals
}
