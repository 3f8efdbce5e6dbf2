package dependency

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestBunLocation(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"a":           "node_modules/a",
		"@s/a":        "node_modules/@s/a",
		"a/b":         "node_modules/a/node_modules/b",
		"@s/a/b/@s/c": "node_modules/@s/a/node_modules/b/node_modules/@s/c",
		"a/@s":        "node_modules/a/node_modules/@s",
	} {
		if got := bunLocation(key); got != want {
			t.Errorf("%s: %s, want %s", key, got, want)
		}
	}
}

func TestPlainJSON(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{`{"a": [1, 2,], "b": {"c": 1,},}`, `{"a": [1, 2 ], "b": {"c": 1 } }`},
		{"[1, // one,\n 2, /* two\n,] */ ]", "[1,        \n 2        \n      ]"},
		{`["// no", "/* no */", ",]", "\",]"]`, `["// no", "/* no */", ",]", "\",]"]`},
		{`["\\", ]`, `["\\"  ]`},
		{"[1,,]", "[1, ]"},
		{"[1 /* open", "[1 /* open"},
		{"\"open", "\"open"},
		{"\"open\\", "\"open\\"},
		{"[1] // end", "[1]       "},
	} {
		if got := string(plainJSON([]byte(tt.text))); got != tt.want {
			t.Errorf("%q:\n got %q\nwant %q", tt.text, got, tt.want)
		}
	}
}

// FuzzPlainJSON holds that JSON stays as it is, and that everything else keeps its length and lines.
func FuzzPlainJSON(f *testing.F) {
	seed(f, func(base string) bool { return base == "bun.lock" || base == "package-lock.json" })
	f.Fuzz(func(t *testing.T, data []byte) {
		plain := plainJSON(data)
		if json.Valid(data) && !bytes.Equal(data, plain) {
			t.Fatalf("%q became %q", data, plain)
		}
		if len(plain) != len(data) {
			t.Fatalf("%d bytes became %d", len(data), len(plain))
		}
		for i := range data {
			if (data[i] == '\n') != (plain[i] == '\n') {
				t.Fatalf("a line end at %d", i)
			}
		}
		if again := plainJSON(plain); json.Valid(plain) && !bytes.Equal(plain, again) {
			t.Fatalf("%q became %q", plain, again)
		}
	})
}

func FuzzBunLock(f *testing.F) {
	seed(f, func(base string) bool { return base == "bun.lock" })
	f.Fuzz(func(t *testing.T, data []byte) {
		checkParse(t, "bun.lock", data)
		checkCut(t, "bun.lock", data)
	})
}
