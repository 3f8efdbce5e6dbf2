package history

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// A packIndex is a pack's .idx file of version 2: the names of its objects in order, and where each begins.
// See gitformat-pack(5). The bytes are a mapped file and may be anything; every access is checked.
type packIndex struct {
	fanout  []byte // 256 big-endian counts of names whose first byte is at most the position
	names   []byte // 20 bytes each
	offsets []byte // 4 bytes each; the high bit points into large
	large   []byte // 8 bytes each
	count   int
	pack    []byte // checksum of the pack that it belongs to
}

var indexMagic = []byte("\377tOc\x00\x00\x00\x02")

// openIndex reads the frame of an index. Version 1, gone since 2007, is left to git.
func openIndex(data []byte) (*packIndex, error) {
	const header, trailer = 8 + 4*256, 40
	if !bytes.HasPrefix(data, indexMagic) {
		return nil, fmt.Errorf("pack index is not of version 2: %w", errUnsupported)
	}
	if len(data) < header+trailer {
		return nil, fmt.Errorf("pack index is truncated: %w", errDamaged)
	}
	x := &packIndex{fanout: data[8:header]}
	last := uint32(0)
	for i := range 256 {
		n := binary.BigEndian.Uint32(x.fanout[4*i:])
		if n < last {
			return nil, fmt.Errorf("pack index counts backwards: %w", errDamaged)
		}
		last = n
	}
	body := data[header : len(data)-trailer]
	const each = 20 + 4 + 4
	if uint64(len(body)) < uint64(last)*each || (uint64(len(body))-uint64(last)*each)%8 != 0 {
		return nil, fmt.Errorf("pack index of %d objects has the wrong size: %w", last, errDamaged)
	}
	x.count = int(last)
	x.names = body[:20*x.count]
	x.offsets = body[24*x.count : 28*x.count]
	x.large = body[28*x.count:]
	x.pack = data[len(data)-trailer : len(data)-20]
	return x, nil
}

// find gives the offset of an object in the pack.
func (x *packIndex) find(id *objectID) (offset uint64, ok bool) {
	lo, hi := 0, int(binary.BigEndian.Uint32(x.fanout[4*int(id[0]):]))
	if id[0] > 0 {
		lo = int(binary.BigEndian.Uint32(x.fanout[4*(int(id[0])-1):]))
	}
	// Names are evenly spread, so eight bytes decide nearly always.
	want := binary.BigEndian.Uint64(id[:8])
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		name := x.names[20*mid : 20*mid+20]
		got := binary.BigEndian.Uint64(name)
		order := 0
		if got == want {
			order = bytes.Compare(name[8:], id[8:])
		} else if got < want {
			order = -1
		} else {
			order = 1
		}
		switch {
		case order < 0:
			lo = mid + 1
		case order > 0:
			hi = mid
		default:
			return x.offset(mid)
		}
	}
	return 0, false
}

// offset gives the offset of the object at position i, not ok if the index points nowhere.
func (x *packIndex) offset(i int) (uint64, bool) {
	o := binary.BigEndian.Uint32(x.offsets[4*i:])
	if o < 1<<31 {
		return uint64(o), true
	}
	at := uint64(o&(1<<31-1)) * 8
	if at+8 > uint64(len(x.large)) {
		return 0, false
	}
	return binary.BigEndian.Uint64(x.large[at:]), true
}
