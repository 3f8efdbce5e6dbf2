package upstream

import "testing"

func TestRetraction(t *testing.T) {
	t.Parallel()
	w, err := readModuleWord([]byte("module m.example/x\nretract v1.2.0 // leaks\n// all before\nretract [v0.1.0, v1.0.5]\nretract v9\n"), "m.example/x")
	if err != nil {
		t.Fatal(err)
	}
	for version, want := range map[string]string{"v1.2.0": "leaks", "v1.2.1": "", "v1.0.5": "all before", "v1.0.6": "", "v0.0.9": "", "v0.1.0": "all before",
		"v1.0.6-0.20200101000000-0123456789ab": "", "v1.0.5-rc.1": "all before", "": "", "latest": ""} {
		if got := w.retraction(version); got != want {
			t.Errorf("%s: %q, want %q", version, got, want)
		}
	}
}

func FuzzModuleWord(f *testing.F) {
	for _, s := range []string{"// Deprecated: use y.\nmodule m.example/x\n\nretract (\n\tv1.2.0 // leaks\n\t[v0.1.0, v1.0.5]\n)\n", "module \"m.example/x\"\nretract v1.0.0\nunknown (\n", "module m.example/y\n", "retract [v2, v1]", ""} {
		f.Add([]byte(s), "v1.0.0")
	}
	f.Fuzz(func(t *testing.T, b []byte, version string) {
		w, err := readModuleWord(b, "m.example/x")
		if err != nil {
			return
		}
		l := moduleLine{top: "v1.3.0", use: highest("v1.3.0 "+version, w), days: map[string]string{"v1.3.0": "2024-01-01"}, word: w}
		f := l.facts(version)
		checkFacts(t, f)
		if f.Latest != "" && w.retraction(f.Latest) != "" {
			t.Fatalf("%+v", f)
		}
	})
}

func TestHighest(t *testing.T) {
	t.Parallel()
	w, err := readModuleWord([]byte("module m.example/x\nretract v1.3.0\n"), "m.example/x")
	if err != nil {
		t.Fatal(err)
	}
	for versions, want := range map[string]string{"v1.3.0\nv1.2.0\nv2.0.0-rc.1\nv1.10.0-beta\n": "v1.2.0", "v1.3.0 v0.1.0-a v0.1.0-b": "v0.1.0-b", "v1.2.0 v3.0.0+incompatible": "v3.0.0+incompatible",
		"": "", "v1.3.0": "", "<html> 1.0.0": ""} {
		if got := highest(versions, w); got != want {
			t.Errorf("%q: %s, want %s", versions, got, want)
		}
	}
}
