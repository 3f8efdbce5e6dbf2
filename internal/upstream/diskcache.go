package upstream

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"time"
)

// diskCache keeps answers of registries, one file each: a line of JSON, then the body. It is an optimisation: whatever goes
// wrong with it is a miss.
type diskCache struct{ dir string }

// An entry is one kept answer; absence (404, 410) is kept too.
type entry struct {
	URL          string    `json:"url"`
	Status       int       `json:"status"`
	ETag         string    `json:"etag,omitempty"`
	LastModified string    `json:"last_modified,omitempty"`
	Fetched      time.Time `json:"fetched"`
	Body         []byte    `json:"-"`
}

func (c diskCache) path(url string) string {
	sum := sha256.Sum256([]byte(url))
	name := hex.EncodeToString(sum[:])
	return filepath.Join(c.dir, "registry", name[:2], name)
}

func (c diskCache) get(url string, limit int64) (entry, bool) {
	if c.dir == "" {
		return entry{}, false
	}
	b, err := readFile(c.path(url), limit+64<<10)
	if err != nil {
		return entry{}, false
	}
	head, body, ok := bytes.Cut(b, []byte("\n"))
	var e entry
	if !ok || json.Unmarshal(head, &e) != nil || e.URL != url || int64(len(body)) > limit {
		return entry{}, false
	}
	e.Body = body
	return e, true
}

// put writes an entry.
func (c diskCache) put(e entry) {
	if c.dir == "" {
		return
	}
	head, err := json.Marshal(e)
	if err != nil {
		return
	}
	writeWhole(c.path(e.URL), append(append(head, '\n'), e.Body...))
}

// writeWhole writes a file beside its place and moves it there, so that a reader never sees half of one. What goes wrong is
// left at that.
func writeWhole(path string, text []byte) {
	if os.MkdirAll(filepath.Dir(path), 0o700) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".part-*")
	if err != nil {
		return
	}
	defer os.Remove(f.Name()) // fails after the rename, as it should
	_, err = f.Write(text)
	if cerr := f.Close(); err == nil && cerr == nil {
		_ = os.Rename(f.Name(), path)
	}
}
