// Package locktest writes made-up monorepos of many lockfiles, to measure with.
//
// What a package needs depends on the package alone, as where versions are fixed, and each has the bytes that real entries
// have, hashes and all. How many packages a file of a format has is that of the largest of a handful of real projects,
// rounded up: 650 to 1,450 in JavaScript's, 850 in Rust's, 340 in Ruby's, 70 in Gradle's, 140 to 280 in Python's and PHP's,
// whose entries of 2.5 to 3.8 KB make up for it. The three most common are given twice as many as that.
package locktest

import (
	"bytes"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Distinct is how many packages a format has in all.
const Distinct = 20_000

// A Kind is one format.
type Kind struct {
	Name     string // of the file
	Label    string // of the format
	Packages int    // of one file
	Share    int    // how many of a hundred lockfiles of a mixed monorepo are of this format
	write    func(b *bytes.Buffer, l lock)
}

// Kinds are the formats that monorepos of many lockfiles have.
var Kinds = []Kind{
	{"package-lock.json", "npm", 2000, 25, packageLock},
	{"pnpm-lock.yaml", "pnpm", 2000, 15, pnpmLock},
	{"yarn.lock", "yarn-classic", 2000, 10, yarnClassic},
	{"yarn.lock", "yarn-berry", 2000, 10, yarnBerry},
	{"poetry.lock", "poetry", 300, 5, poetryLock},
	{"uv.lock", "uv", 300, 5, uvLock},
	{"requirements.txt", "requirements", 300, 4, requirements},
	{"Cargo.lock", "cargo", 1000, 4, cargoLock},
	{"Gemfile.lock", "gemfile", 500, 4, gemfileLock},
	{"composer.lock", "composer", 300, 4, composerLock},
	{"gradle.lockfile", "gradle", 300, 6, gradleLock},
	{"packages.lock.json", "nuget", 300, 4, nugetLock},
	{"go.mod", "go", 300, 4, goMod},
}

// Find gives the kind with a label.
func Find(label string) Kind {
	return Kinds[slices.IndexFunc(Kinds, func(k Kind) bool { return k.Label == label })]
}

// Mixed writes a monorepo of files of all kinds by their shares, each with its own packages among distinct ones.
func Mixed(tb testing.TB, root string, files int) {
	tb.Helper()
	var turns []int // kinds, spread evenly
	for turn := range 100 {
		for k := range Kinds {
			if share := Kinds[k].Share; (turn+1)*share/100 > turn*share/100 {
				turns = append(turns, k)
			}
		}
	}
	for i := range files {
		k := Kinds[turns[i%len(turns)]]
		// JavaScript's kinds share their packages; with half as many again there are Distinct of all kinds together.
		Write(tb, root, i, k, k.Packages, max(k.Packages, Distinct*3/2*k.Share/100))
	}
}

// Write writes the lockfile of one project of the monorepo: some packages of all distinct ones.
func Write(tb testing.TB, root string, project int, k Kind, packages, distinct int) {
	tb.Helper()
	var b bytes.Buffer
	k.write(&b, lock{project: project, packages: packages, first: project * 37 % distinct, distinct: distinct})
	dir := filepath.Join(root, fmt.Sprintf("service-%04d", project))
	if err := os.MkdirAll(dir, 0o777); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, k.Name), b.Bytes(), 0o666); err != nil {
		tb.Fatal(err)
	}
}

// A lock is one lockfile: a window of the distinct packages.
type lock struct{ project, packages, first, distinct int }

// all gives the packages in the order of their numbers, each with what it needs.
func (l lock) all(yield func(pkg int, needs []int) bool) {
	ids := make([]int, l.packages)
	for i := range ids {
		ids[i] = (l.first + i) % l.distinct
	}
	in := make(map[int]bool, len(ids))
	for _, id := range ids {
		in[id] = true
	}
	slices.Sort(ids)
	for _, id := range ids {
		var needs []int
		for _, step := range [...]int{1, 7, 60} {
			if to := (id + step) % l.distinct; in[to] && (id+step)%5 != 0 {
				needs = append(needs, to)
			}
		}
		if !yield(id, needs) {
			return
		}
	}
}

// direct gives what the project itself names.
func (l lock) direct() []int {
	var ids []int
	for id := range l.all {
		if id%20 == 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

func name(id int) string    { return fmt.Sprintf("plugin-helper-%05d", id) }
func version(id int) string { return fmt.Sprintf("%d.%d.%d", id%9+1, id%31, id%7) }

func sum(id int) [64]byte { return sha512.Sum512([]byte(name(id))) }

func base64Sum(id int) string {
	s := sum(id)
	return base64.StdEncoding.EncodeToString(s[:])
}

func hexSum(id, n int) string {
	s := sum(id)
	return hex.EncodeToString(s[:n])
}
