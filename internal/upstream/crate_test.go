package upstream

import (
	"slices"
	"testing"
)

// Where an index keeps a crate is told by the length of its name.
func TestIndexPath(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"a": "1/a", "ab": "2/ab", "Abc": "3/a/abc", "serde": "se/rd/serde", "cargo_x-y": "ca/rg/cargo_x-y"} {
		if got := indexPath(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestCrateAddress(t *testing.T) {
	t.Parallel()
	for config, want := range map[string]string{
		`{"dl":"https://a.example/dl"}`:                               "https://a.example/dl/Pump/1.0.0+x/download",
		`{"dl":"https://a.example/{prefix}/{crate}/{version}.crate"}`: "https://a.example/pu/mp/Pump/1.0.0+x.crate",
		`{"dl":"https://a.example/{sha256-checksum}"}`:                "",
		`{"dl":"file:///srv/{crate}"}`:                                "",
		`{"dl":"https://me:secret@a.example/{crate}"}`:                "",
		`{}`: "",
		`[]`: "",
	} {
		if got, err := crateAddress([]byte(config), "Pump", "1.0.0+x"); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q %v, want %q", config, got, err, want)
		}
	}
}

// A crate's archive that is cut behind its manifest is as good as a whole one, and one that is cut before says nothing.
func TestCrateIsReadFromItsBeginning(t *testing.T) {
	t.Parallel()
	whole := []byte(packCrate(t, "> .cargo_vcs_info.json\n{\"path_in_vcs\": \"pump\"}\n> Cargo.toml\n[package]\nname = \"pump\"\nrepository = \"https://github.com/acme/pumps\"\n> src/lib.rs\n// much\n"))
	var seen []string
	for n := range len(whole) + 1 {
		a, err := readCrate(whole[:n], "pump")
		if n > 40 && err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		got := ""
		if len(a.found) == 1 {
			got = a.found[0].ID + " " + a.found[0].Folder
		}
		if !slices.Contains(seen, got) {
			seen = append(seen, got)
		}
	}
	if !slices.Equal(seen, []string{"", "github.com/acme/pumps pump"}) {
		t.Errorf("%q", seen)
	}
}

func FuzzCrate(f *testing.F) {
	for _, s := range []string{"[package]\nrepository = \"https://github.com/o/r/tree/main/x\"\n", "[package]\nrepository = 7\nhomepage = \"https://github.com/o/r\"\n", "package = 1"} {
		f.Add([]byte(s), []byte(`{"path_in_vcs": "a/b"}`), []byte(`{"name":"a","vers":"1.0.0","yanked":true,"pubtime":"2020-01-02T03:04:05Z"}`))
	}
	f.Fuzz(func(t *testing.T, manifest, vcs, index []byte) {
		a, err := readCargoToml(manifest, vcs, "name")
		if err != nil && a.found != nil {
			t.Fatal("half a result")
		}
		checkCandidates(t, a.found)
		if a, _ := readCrateIndex(index); a.facts != nil {
			checkFacts(t, a.facts("1.0.0"))
		}
		if a, _ := readCrate(manifest, "name"); a.found != nil {
			checkCandidates(t, a.found)
		}
	})
}
