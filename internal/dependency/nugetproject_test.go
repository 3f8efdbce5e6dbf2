package dependency

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

const (
	nugetProject = `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <AcmeVersion>1.5.0</AcmeVersion>
    <Twice>1.0.0</Twice>
    <Twice Condition="'$(A)' == 'b'">2.0.0</Twice>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Acme.Json" Version="1.2.0" />
    <PackageReference Include="Acme.Child">
      <Version>[2.0.0]</Version>
      <PrivateAssets>all</PrivateAssets>
    </PackageReference>
    <PackageReference Include="Acme.Property" Version="$(acmeversion)" />
    <PackageReference Include="Acme.Unknown" Version="$(Twice)" />
    <PackageReference Include="Acme.Range" Version="[1.0,2.0)" />
    <PackageReference Include="Acme.Floating" Version="1.*" />
    <PackageReference Include="Acme.Central" />
    <ProjectReference Include="../core/Core.csproj" />
  </ItemGroup>
  <Target Name="x"><ItemGroup><PackageReference Include="Acme.Made" Version="1.0.0" /></ItemGroup></Target>
</Project>
`
	nugetCentral = `<Project>
  <ItemGroup>
    <PackageVersion Include="Acme.Unused" Version="9.0.0" />
    <PackageVersion Include="acme.central" Version="3.0.0" />
    <PackageVersion Include="Acme.Json" Version="1.0.0" />
    <PackageVersion Include="Acme.Range" Version="1.1.0" />
    <GlobalPackageReference Include="Acme.Everywhere" Version="4.0.0" />
  </ItemGroup>
</Project>
`
)

func TestNuGetProject(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, text := range map[string]string{
		"Directory.Packages.props":     nugetCentral,
		"src/app/App.csproj":           nugetProject,
		"src/test/Test.fsproj":         `<Project><ItemGroup><PackageReference Include="Microsoft.NET.Test.Sdk" VersionOverride="17.0.0" /></ItemGroup></Project>`,
		"locked/Locked.csproj":         nugetProject,
		"locked/packages.lock.json":    `{"version": 1, "dependencies": {"net8.0": {"A": {"type": "Direct", "resolved": "1.0.0"}}}}`,
		"own/Directory.Packages.props": `<Project><ItemGroup><PackageVersion Include="Acme.Central" Version="8.0.0" /></ItemGroup></Project>`,
		"own/Own.csproj":               `<Project><ItemGroup><PackageReference Include="Acme.Central" /></ItemGroup></Project>`,
	} {
		writeFile(t, filepath.Join(root, filepath.FromSlash(name)), []byte(text))
	}
	inv := read(t, root)
	if len(inv.Gaps) > 0 {
		t.Error(inv.Gaps)
	}
	pkg := func(name, version string, scope Scope, line int) Package {
		p := Package{PURL: "pkg:nuget/" + name, Name: name, Version: version, Direct: true, Scope: scope, Line: line}
		if version != "" {
			p.PURL += "@" + version
		}
		return p
	}
	project, locked := "*.csproj, *.fsproj, *.vbproj", "packages.lock.json"
	want := []File{
		{Path: "locked/packages.lock.json", Format: locked, Subject: "locked", Edges: true, Packages: []Package{pkg("A", "1.0.0", Runtime, 1)}},
		{Path: "own/Own.csproj", Format: project, Subject: "own", Packages: []Package{pkg("Acme.Central", "8.0.0", Runtime, 1)}},
		{Path: "src/app/App.csproj", Format: project, Subject: "src/app", Packages: []Package{
			pkg("Acme.Central", "3.0.0", Runtime, 17),
			pkg("Acme.Child", "2.0.0", Dev, 9),
			pkg("Acme.Everywhere", "4.0.0", Dev, 0),
			pkg("Acme.Floating", "", Runtime, 16),
			pkg("Acme.Json", "1.2.0", Runtime, 8),
			pkg("Acme.Property", "1.5.0", Runtime, 13),
			pkg("Acme.Range", "", Runtime, 15),
			pkg("Acme.Unknown", "", Runtime, 14),
		}},
		{Path: "src/test/Test.fsproj", Format: project, Subject: "src/test", Packages: []Package{
			pkg("Acme.Everywhere", "4.0.0", Test, 0),
			pkg("Microsoft.NET.Test.Sdk", "17.0.0", Test, 1),
		}},
	}
	if diff := cmp.Diff(want, inv.Files, cmpopts.IgnoreUnexported(File{}, Package{})); diff != "" {
		t.Error(diff)
	}
	var subjects []string
	for _, s := range inv.Subjects {
		subjects = append(subjects, s.ID)
	}
	if diff := cmp.Diff([]string{"locked", "own", "src/app", "src/test"}, subjects); diff != "" {
		t.Error(diff)
	}
	// On its own, the central file is not silent.
	file, _, ok, err := Parse("Directory.Packages.props", []byte(nugetCentral))
	if err != nil || !ok || len(file.Packages) != 5 || file.Packages[4].PURL != "pkg:nuget/acme.central@3.0.0" {
		t.Error(err, ok, file.Packages)
	}
	// A name that no property gives is told of.
	_, gaps, ok, _ := Parse("a.csproj", []byte("<Project>\n<PackageReference Include=\"$(X)\"/></Project>"))
	if !ok || len(gaps) != 1 || gaps[0].Kind != gap.BadPURL || gaps[0].Line != 2 {
		t.Error(ok, gaps)
	}
}

func FuzzNuGetProject(f *testing.F) {
	f.Add([]byte(nugetProject))
	f.Add([]byte(nugetCentral))
	f.Add([]byte(nugetProject[:len(nugetProject)*2/3]))
	f.Fuzz(func(t *testing.T, data []byte) {
		checkParse(t, "a.csproj", data)
		checkParse(t, "Directory.Packages.props", data)
	})
}
