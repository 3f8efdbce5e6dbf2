package history

import (
	"os"
	"path/filepath"
	"strings"
)

// indexArchives gives the folder of each upstream that has an archive below one of the roots. Earlier roots win.
//
// An archive whose meta.json cannot be read is found by the name of its folder, owner+name, so that its damage is reported
// and not passed over.
func indexArchives(roots []string) map[string]string {
	index := make(map[string]string)
	add := func(dir string) {
		id := ""
		if m, err := readMeta(dir); err == nil {
			id = m.upstream()
		} else if owner, name, ok := strings.Cut(filepath.Base(dir), "+"); ok && !os.IsNotExist(err) {
			id = "github.com/" + strings.ToLower(owner+"/"+name)
		} else if _, lost := os.Stat(filepath.Join(dir, commitsFile)); ok && lost == nil {
			id = "github.com/" + strings.ToLower(owner+"/"+name)
		}
		if _, taken := index[id]; id != "" && !taken {
			index[id] = dir
		}
	}
	for _, root := range roots {
		if _, err := os.Stat(filepath.Join(root, metaFile)); err == nil {
			add(root)
			continue
		}
		entries, err := os.ReadDir(root)
		if err != nil {
			continue // a folder that is not there holds no archives; the command line checks what the user names
		}
		for _, e := range entries {
			if e.Name()[0] != '.' {
				add(filepath.Join(root, e.Name()))
			}
		}
	}
	return index
}
