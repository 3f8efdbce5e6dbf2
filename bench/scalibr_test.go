package bench

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"path"
	"testing"

	cpb "github.com/google/osv-scalibr/binary/proto/config_go_proto"
	"github.com/google/osv-scalibr/extractor"
	"github.com/google/osv-scalibr/extractor/filesystem"
	"github.com/google/osv-scalibr/extractor/filesystem/language/dart/pubspec"
	"github.com/google/osv-scalibr/extractor/filesystem/language/dotnet/csproj"
	"github.com/google/osv-scalibr/extractor/filesystem/language/dotnet/nugetcpm"
	"github.com/google/osv-scalibr/extractor/filesystem/language/dotnet/packagesconfig"
	"github.com/google/osv-scalibr/extractor/filesystem/language/dotnet/packageslockjson"
	"github.com/google/osv-scalibr/extractor/filesystem/language/elixir/mixlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/golang/gomod"
	"github.com/google/osv-scalibr/extractor/filesystem/language/java/gradlelockfile"
	"github.com/google/osv-scalibr/extractor/filesystem/language/java/gradleversioncatalog"
	"github.com/google/osv-scalibr/extractor/filesystem/language/java/pomxml"
	"github.com/google/osv-scalibr/extractor/filesystem/language/javascript/bunlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/javascript/packagejson"
	"github.com/google/osv-scalibr/extractor/filesystem/language/javascript/packagelockjson"
	"github.com/google/osv-scalibr/extractor/filesystem/language/javascript/pnpmlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/javascript/yarnlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/php/composerlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/pdmlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/pipfilelock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/poetrylock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/pylock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/pyprojecttoml"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/requirements"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/uvlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/ruby/gemfilelock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/rust/cargolock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/rust/cargotoml"
	"github.com/google/osv-scalibr/extractor/filesystem/language/swift/packageresolved"
	"github.com/google/osv-scalibr/extractor/filesystem/language/swift/podfilelock"
	"github.com/google/osv-scalibr/extractor/filesystem/sbom/cdx"
	"github.com/google/osv-scalibr/extractor/filesystem/sbom/spdx"
	"github.com/google/osv-scalibr/extractor/filesystem/simplefileapi"
	scalibrfs "github.com/google/osv-scalibr/fs"
	"github.com/google/osv-scalibr/log"
)

// extractors are those of osv-scalibr that read lockfiles, manifests and SBOMs without a network.
var extractors = []func(*cpb.PluginConfig) (filesystem.Extractor, error){
	gomod.New,
	packagelockjson.New, pnpmlock.New, yarnlock.New, bunlock.New, packagejson.New,
	requirements.New, pipfilelock.New, poetrylock.New, uvlock.New, pdmlock.New, pylock.New, pyprojecttoml.New,
	cargolock.New, cargotoml.New,
	pomxml.New, gradlelockfile.New, gradleversioncatalog.New,
	gemfilelock.New,
	composerlock.New,
	packageslockjson.New, packagesconfig.New, csproj.New, nugetcpm.New,
	mixlock.New,
	pubspec.New, podfilelock.New, packageresolved.New,
	cdx.New, spdx.New,
}

// names are those under which a file of a format is shown to osv-scalibr where it goes by names and would not take it under
// its own: what is compared is how files are read, not how they are found. Nothing is shown of formats that it does not read.
var names = map[string]string{
	"CycloneDX JSON":   "bom.json",
	"CycloneDX XML":    "bom.xml",
	"SPDX 2 JSON":      "sbom.spdx.json",
	"SPDX 2 tag-value": "sbom.spdx",
	"SPDX 3 JSON-LD":   "sbom.spdx.json",
	"requirements.txt": "requirements.txt",
}

// silent drops what osv-scalibr logs: it would hide what the test says.
type silent struct{}

func (silent) Errorf(string, ...any) {}
func (silent) Error(...any)          {}
func (silent) Warnf(string, ...any)  {}
func (silent) Warn(...any)           {}
func (silent) Infof(string, ...any)  {}
func (silent) Info(...any)           {}
func (silent) Debugf(string, ...any) {}
func (silent) Debug(...any)          {}

func newScalibr(t testing.TB) []filesystem.Extractor {
	t.Helper()
	log.SetLogger(silent{})
	config := &cpb.PluginConfig{PluginSpecific: []*cpb.PluginSpecificConfig{{Config: &cpb.PluginSpecificConfig_JavascriptPackageJson{
		JavascriptPackageJson: &cpb.JavascriptPackageJsonConfig{IncludeDependencies: true},
	}}}}
	list := make([]filesystem.Extractor, len(extractors))
	for i, make := range extractors {
		var err error
		if list[i], err = make(config); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// takers gives the extractors that take a file by its name.
func takers(list []filesystem.Extractor, name string, info fs.FileInfo) []filesystem.Extractor {
	var found []filesystem.Extractor
	for _, e := range list {
		if e.FileRequired(simplefileapi.New(name, info)) {
			found = append(found, e)
		}
	}
	return found
}

// extract runs one extractor on one file of a folder. A panic is an error: other people's, and told as such.
func extract(e filesystem.Extractor, folder, name string, data []byte, info fs.FileInfo) (found []*extractor.Package, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	inv, err := e.Extract(context.Background(), &filesystem.ScanInput{
		FS: scalibrfs.DirFS(folder), Path: name, Root: folder, Info: info, Reader: bytes.NewReader(data),
	})
	return inv.Packages, err
}

// shownAs gives the name under which a file is shown: its own where an extractor takes that.
func shownAs(list []filesystem.Extractor, name, format string, info fs.FileInfo) string {
	if other := names[format]; other != "" && len(takers(list, name, info)) == 0 {
		return path.Join(path.Dir(name), other)
	}
	return name
}
