package bench

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/osv-scalibr/extractor"
	"github.com/google/osv-scalibr/extractor/filesystem"
	packageurl "github.com/package-url/packageurl-go"

	"github.com/mainstay-oss/mainstay/internal/dependency"
	"github.com/mainstay-oss/mainstay/internal/need"
)

// A set holds packages by their purl without qualifiers and subpath.
type set map[string]bool

// A compared is one file of a case, as both read it.
type compared struct {
	caseName, file string
	format         string // Mainstay's name for it, "" if it does not read it
	shown          string // the name under which osv-scalibr was shown it, "" if no extractor takes it
	ours, theirs   set
	err            error // osv-scalibr's
}

// key gives what makes two packages the same: type, namespace, name and version in canonical form.
func key(raw string) (string, error) {
	p, err := packageurl.FromString(raw)
	if err != nil {
		return "", err
	}
	p.Qualifiers, p.Subpath = nil, ""
	return p.ToString(), nil
}

// caseNames are the cases with rows about lockfiles, manifests and SBOMs in EXPECT.tsv.
func caseNames(t testing.TB, cases string) []string {
	t.Helper()
	table, err := os.ReadFile(filepath.Join(cases, "EXPECT.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	found := set{}
	for line := range strings.Lines(string(table)) {
		if col := strings.Split(line, "\t"); len(col) == 5 && (col[1] == "spine" || col[1] == "inventory") {
			found[col[0]] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// caseFiles are the files of a case, as slash paths.
func caseFiles(t testing.TB, folder string) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// compareCase reads every file of a case with both.
func compareCase(t testing.TB, list []filesystem.Extractor, cases, caseName string) []compared {
	t.Helper()
	folder := filepath.Join(cases, caseName)
	files := caseFiles(t, folder)
	ours, formats := readOurs(t, folder, files)
	theirs, shown, errs := readTheirs(t, list, folder, files, formats)
	var all []compared
	for _, file := range files {
		if formats[file] == "" && shown[file] == "" {
			continue
		}
		all = append(all, compared{
			caseName: caseName, file: file, format: formats[file], shown: shown[file],
			ours: ours[file], theirs: theirs[file], err: errs[file],
		})
	}
	return all
}

// readOurs gives what Mainstay reads of each file in its folder. What it passes over there, as a lockfile says more, it is given alone.
func readOurs(t testing.TB, folder string, files []string) (packages map[string]set, formats map[string]string) {
	t.Helper()
	packages, formats = map[string]set{}, map[string]string{}
	take := func(inv dependency.Inventory, file func(string) string) {
		for _, f := range inv.Files {
			name := file(f.Path)
			formats[name] = f.Format
			for _, p := range f.Packages {
				add(t, packages, name, p.PURL)
			}
		}
	}
	inv, err := dependency.Read(context.Background(), folder, dependency.Options{})
	if err != nil {
		t.Fatal(err)
	}
	take(inv, func(rel string) string { return rel })
	for _, file := range files {
		if formats[file] != "" {
			continue
		}
		inv, err := dependency.Read(context.Background(), filepath.Join(folder, filepath.FromSlash(file)), dependency.Options{})
		var unknown *dependency.UnknownFormatError
		if err != nil && !errors.As(err, &unknown) {
			t.Fatal(err)
		}
		take(inv, func(rel string) string { return path.Join(path.Dir(file), rel) })
	}
	return packages, formats
}

// readTheirs gives what osv-scalibr's extractors read of each file. An extractor that follows an include says of each package which file
// it stands in.
func readTheirs(t testing.TB, list []filesystem.Extractor, folder string, files []string, formats map[string]string) (packages map[string]set, shown map[string]string, errs map[string]error) {
	t.Helper()
	packages, shown, errs = map[string]set{}, map[string]string{}, map[string]error{}
	for _, file := range files {
		name := filepath.Join(folder, filepath.FromSlash(file))
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		as := shownAs(list, file, formats[file], info)
		for _, e := range takers(list, as, info) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			shown[file] = as
			found, err := extract(e, folder, as, data, info)
			errs[file] = errors.Join(errs[file], err)
			for _, p := range found {
				in := file
				if related := p.Location.Related; e.Name() == "python/requirements" && len(related) > 0 && related[0].PathOrEmpty() != as {
					in = related[0].PathOrEmpty() // the file that was included
				}
				if raw := purlOf(e, p); raw != "" {
					add(t, packages, in, raw)
				}
			}
		}
	}
	return packages, shown, errs
}

// purlOf gives the package URL of a package of osv-scalibr's, "" if it has none. Of go.mod it writes versions without their "v".
func purlOf(e filesystem.Extractor, p *extractor.Package) string {
	u := p.PURL()
	if u == nil {
		return ""
	}
	if e.Name() == "go/gomod" && u.Version != "" && u.Name != "stdlib" {
		u.Version = "v" + u.Version
	}
	return u.String()
}

func add(t testing.TB, packages map[string]set, file, raw string) {
	t.Helper()
	k, err := key(raw)
	if err != nil {
		k = raw // no package URL in their hands: it differs from all others, and the table tells why
	}
	if packages[file] == nil {
		packages[file] = set{}
	}
	packages[file][k] = true
}

// allCases compares the files of all cases.
func allCases(t testing.TB) []compared {
	t.Helper()
	cases := filepath.Join(need.Shared(t), "data", "cases")
	list := newScalibr(t)
	var all []compared
	for _, name := range caseNames(t, cases) {
		all = append(all, compareCase(t, list, cases, name)...)
	}
	return all
}
