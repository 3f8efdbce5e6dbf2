package history

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// packSeeds gives the packs and indexes of small repositories that git packed: plain, with deltas of both kinds.
func packSeeds(f *testing.F) (seeds [][2][]byte) {
	for _, name := range []string{"packed", "deltas", "deltas by name"} {
		r := newHandmade(f)
		tip := r.commit(signed(0))
		for i := range 8 {
			tip = r.commit(signed(i)+"\n"+strings.Repeat("It leaked where the hose meets the valve.\n", 5), tip)
		}
		r.ref("refs/heads/main", tip)
		packings[name](r)
		index := onlyIndex(r)
		x, err := os.ReadFile(index)
		if err != nil {
			f.Fatal(err)
		}
		p, err := os.ReadFile(strings.TrimSuffix(index, filepath.Ext(index)) + ".pack")
		if err != nil {
			f.Fatal(err)
		}
		seeds = append(seeds, [2][]byte{x, p})
	}
	return seeds
}

// FuzzPack reads every object of a pack of any bytes, with the index that git made for the seed or one that was changed.
// Nothing panics, nothing grows beyond its bounds, and reading twice gives the same.
func FuzzPack(f *testing.F) {
	for _, s := range packSeeds(f) {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, index, data []byte) {
		if x, err := openIndex(index); err == nil && len(data) >= 32 {
			// Let changes through that the checks of the frame would catch: it is the rest that is under test.
			data = bytes.Clone(data)
			copy(data, "PACK\x00\x00\x00\x02")
			binary.BigEndian.PutUint32(data[8:], uint32(x.count))
			copy(data[len(data)-20:], x.pack)
		}
		p, err := openPack(index, data)
		if err != nil {
			return
		}
		var first, second packReader
		for i := range min(p.index.count, 100) {
			offset, ok := p.index.offset(i)
			if !ok {
				continue
			}
			kind, raw, err := first.read(p, offset, commitObject, tagObject, treeObject)
			if err != nil {
				continue
			}
			if len(raw) > maxObject {
				t.Fatalf("object of %d bytes", len(raw))
			}
			second.cache = nil // by another way: without the links that were built before
			kind2, raw2, err := second.read(p, offset, commitObject, tagObject, treeObject)
			if err != nil || kind2 != kind || !bytes.Equal(raw, raw2) {
				t.Fatalf("read twice: %v %q, then %v %q, %v", kind, raw, kind2, raw2, err)
			}
		}
	})
}

// FuzzIndex looks objects up in an index of any bytes. What is found is where the index says, and an index that git wrote
// finds all of its objects.
func FuzzIndex(f *testing.F) {
	for _, s := range packSeeds(f) {
		f.Add(s[0], s[0][8+1024:8+1024+20])
		x, err := openIndex(s[0])
		if err != nil {
			f.Fatal(err)
		}
		for i := range x.count {
			id := objectID(x.names[20*i:])
			want, ok := x.offset(i)
			if got, found := x.find(&id); !ok || !found || got != want {
				f.Fatalf("object %v is found at %d (%v), not at %d", id, got, found, want)
			}
		}
	}
	f.Fuzz(func(t *testing.T, data, name []byte) {
		x, err := openIndex(data)
		if err != nil || len(name) != 20 {
			return
		}
		id := objectID(name)
		if offset, ok := x.find(&id); ok && offset < 1<<31 && !bytes.Contains(data, name) {
			t.Errorf("found %v, which is not in the index", id)
		}
		for i := range min(x.count, 1000) {
			x.offset(i)
		}
	})
}

// FuzzDelta applies instructions of any bytes.
func FuzzDelta(f *testing.F) {
	base := []byte(strings.Repeat("It leaked where the hose meets the valve.\n", 5))
	f.Add(base, []byte{byte(len(base) | 0x80), 1, 5, 0x91, 3, 2, 3, 'a', 'b', 'c'})
	f.Add(base, []byte{byte(len(base) | 0x80), 1, 42, 0x90, 42})
	f.Add([]byte{}, []byte{0, 1, 1, 'x'})
	f.Add([]byte("x"), []byte{1, 0xff, 0xff, 0xff, 0x7f, 0x80, 0x80})
	f.Fuzz(func(t *testing.T, base, delta []byte) {
		out, err := applyDelta(nil, base, delta)
		if err != nil {
			return
		}
		_, rest, _ := deltaSize(delta)
		if size, _, ok := deltaSize(rest); !ok || uint64(len(out)) != size {
			t.Errorf("%d bytes where the delta states %d", len(out), size)
		}
	})
}
