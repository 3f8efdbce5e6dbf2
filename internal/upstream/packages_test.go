package upstream

import "testing"

// FuzzPackages reads anything as the answers of the registries that have no reader of their own to fuzz.
func FuzzPackages(f *testing.F) {
	for _, s := range []string{
		`{"packages":{"acme/pump":[{"version":"1.0.0","time":"2023-05-06T00:00:00+00:00","source":{"type":"git","url":"https://github.com/a/b"},"abandoned":"x/y"},{"version":"0.9"}]}}`,
		`{"metadata-url":"/p2/%package%.json"}`,
		`{"meta":{"links":{"GitHub":"https://github.com/a/b"}},"releases":[{"version":"1.0.0","inserted_at":"2023-05-06T00:00:00Z","retirement":{"reason":"other"}}]}`,
		`{"isDiscontinued":true,"latest":{"version":"1","pubspec":{"repository":"https://github.com/a/b/tree/main/c"}},"versions":[{"version":"1.0.0","retracted":true}]}`,
		`{"homepage":"https://github.com/a/b","source":{"git":"git@github.com:a/b.git"},"deprecated_in_favor_of":"C"}`,
		`{"info":{"project_urls":{"Source":"https://github.com/a/b"}},"releases":{"1.0.0":[{"yanked":true,"yanked_reason":"x"}]},"project-status":{"status":"archived"}}`,
		`{"versionKey":{"version":"1.0.0"},"links":[{"label":"SOURCE_REPO","url":"https://github.com/a/b"}],"isDeprecated":true}`,
		`[{"username":"a"}]`, "Home-page: https://github.com/a/b\nProject-URL: Source, https://github.com/a/b\n\n", `{"files":[{"url":"../x","core-metadata":true}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := composerMetadata(b, "https://repo.example/packages.json", "acme/pump"); err != nil && err.Error() == "" {
			t.Fatal("an error without words")
		}
		for _, read := range []func([]byte) (answer, error){
			func(b []byte) (answer, error) { return readComposer(b, "acme/pump") },
			func(b []byte) (answer, error) { return readHex(b, "pump") },
			readHexOwners,
			func(b []byte) (answer, error) { return readPub(b, "pump") },
			func(b []byte) (answer, error) { return readPodspec(b, "Pump") },
			func(b []byte) (answer, error) { return readPyPI(b, "pump") },
			func(b []byte) (answer, error) { return readDepsDev(b, "pump") },
			func(b []byte) (answer, error) {
				return readSimple(b, "pump", request{url: "https://index.example/simple/pump/"})
			},
			func(b []byte) (answer, error) { return readCoreMetadata(b, "pump"), nil },
		} {
			a, err := read(b)
			if err != nil && a.found != nil {
				t.Fatal("half a result")
			}
			checkCandidates(t, a.found)
			if a.facts != nil {
				checkFacts(t, a.facts("1.0.0"))
			}
		}
	})
}
