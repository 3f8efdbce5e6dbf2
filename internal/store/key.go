package store

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"slices"
)

// A key says to which subjects a scan or an observation belongs, so that scans that are compared, and a series of how many
// subjects ride on an upstream, are of the same subjects. It stands for what the user asked about, not for what was found there: a project that gains a lockfile is the
// same subject with more in it, and its series goes on; a folder that was moved begins a new one. It is a hash so that the file
// does not spell out paths, which often hold the user's name. It hides no path from who can guess it.

// PathKey is the key of a folder, a lockfile, an SBOM or a file that lists a cohort.
func PathKey(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		abs = real
	}
	return key("path", abs), nil
}

// NamesKey is the key of what has no place on the disk: packages, upstreams, the name of a cohort. Kind tells these apart. The order
// of the names does not matter.
func NamesKey(kind string, names ...string) string {
	return key(kind, slices.Compact(slices.Sorted(slices.Values(names)))...)
}

const keyLength = 16 // hexadecimal digits

func key(kind string, names ...string) string {
	h := sha256.New()
	for _, s := range append([]string{kind}, names...) {
		h.Write([]byte(s)) // a hash never fails
		h.Write([]byte{0}) // which no path or name holds
	}
	return hex.EncodeToString(h.Sum(nil))[:keyLength]
}
