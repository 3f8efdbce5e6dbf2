package history

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// A pack is one mapped pack file with its index. See gitformat-pack(5).
type pack struct {
	index *packIndex
	data  []byte // without the trailing checksum
}

// openPack reads the frame of a pack. Version 3 was never written by git.
func openPack(index, data []byte) (*pack, error) {
	x, err := openIndex(index)
	if err != nil {
		return nil, err
	}
	const header, trailer = 12, 20
	if len(data) < header+trailer || !bytes.HasPrefix(data, []byte("PACK")) {
		return nil, fmt.Errorf("pack is truncated or no pack: %w", errDamaged)
	}
	if v := binary.BigEndian.Uint32(data[4:]); v != 2 {
		return nil, fmt.Errorf("pack version %d: %w", v, errUnsupported)
	}
	if int(binary.BigEndian.Uint32(data[8:])) != x.count || !bytes.Equal(data[len(data)-trailer:], x.pack) {
		return nil, fmt.Errorf("pack and its index do not belong together: %w", errDamaged)
	}
	return &pack{index: x, data: data[:len(data)-trailer]}, nil
}

// An entry is the header of one object in a pack.
type entry struct {
	kind objectKind
	size uint64 // of the inflated data that follows, as stated
	body int    // where the deflated data begins
	base uint64 // offset of the base, for deltas
}

// entryAt reads the header at an offset.
func (p *pack) entryAt(offset uint64) (e entry, err error) {
	if offset < 12 || offset >= uint64(len(p.data)) {
		return e, errDamaged
	}
	i := int(offset)
	c := p.data[i]
	i++
	e.kind, e.size = objectKind(c>>4&7), uint64(c&15)
	for shift := 4; c >= 0x80; shift += 7 {
		if i >= len(p.data) || shift > 53 {
			return e, errDamaged
		}
		c = p.data[i]
		i++
		e.size |= uint64(c&0x7f) << shift
	}
	switch e.kind {
	case commitObject, treeObject, blobObject, tagObject:
	case offsetDelta:
		back := uint64(0)
		for n := 0; ; n++ {
			if i >= len(p.data) || n > 8 {
				return e, errDamaged
			}
			c := p.data[i]
			i++
			if back = back<<7 | uint64(c&0x7f); c < 0x80 {
				break
			}
			back++
		}
		if back == 0 || back >= offset {
			return e, errDamaged
		}
		e.base = offset - back
	case nameDelta:
		if len(p.data)-i < 20 {
			return e, errDamaged
		}
		id := objectID(p.data[i : i+20])
		base, ok := p.index.find(&id)
		if !ok {
			return e, fmt.Errorf("base of a delta is not in its pack: %w", errDamaged)
		}
		i, e.base = i+20, base
	default:
		return e, errDamaged
	}
	e.body = i
	return e, nil
}

// maxChain bounds the length of a chain of deltas; git itself writes none longer than 4095.
const maxChain = 4096

// A packReader reads objects out of packs with buffers that it keeps. What read returns is good until the next call.
type packReader struct {
	inflater
	out, base, delta []byte
	chain            []entry
	offsets          []uint64
	cache            *deltaCache
}

// read gives the object at an offset if its kind is wanted. For other kinds it gives the kind alone, at the price of a few
// header bytes.
func (r *packReader) read(p *pack, offset uint64, want ...objectKind) (objectKind, []byte, error) {
	e, err := p.entryAt(offset)
	if err != nil {
		return 0, nil, err
	}
	if e.kind == offsetDelta || e.kind == nameDelta {
		return r.readDelta(p, offset, e, want)
	}
	if !wanted(e.kind, want) {
		return e.kind, nil, nil
	}
	r.out, err = r.inflate(r.out[:0], p.data[e.body:], e.size)
	return e.kind, r.out, err
}

func wanted(kind objectKind, want []objectKind) bool {
	for _, w := range want {
		if w == kind {
			return true
		}
	}
	return false
}

// readDelta follows a chain of deltas down to its base, or to a link that was built lately, and builds it up again.
func (r *packReader) readDelta(p *pack, offset uint64, e entry, want []objectKind) (objectKind, []byte, error) {
	if r.cache == nil {
		r.cache = new(deltaCache)
	}
	r.chain, r.offsets = r.chain[:0], r.offsets[:0]
	var kind objectKind
	for {
		if k, data, ok := r.cache.get(p, offset); ok {
			kind, r.out = k, append(r.out[:0], data...)
			break
		}
		r.chain, r.offsets = append(r.chain, e), append(r.offsets, offset)
		if e.kind != offsetDelta && e.kind != nameDelta {
			break
		}
		if len(r.chain) > maxChain {
			return 0, nil, fmt.Errorf("chain of deltas without end: %w", errDamaged)
		}
		offset = e.base
		var err error
		if e, err = p.entryAt(offset); err != nil {
			return 0, nil, err
		}
	}
	links := len(r.chain)
	if kind == 0 { // the last link is the base
		links--
		kind = r.chain[links].kind
		if !wanted(kind, want) {
			return kind, nil, nil
		}
		var err error
		if r.out, err = r.inflate(r.out[:0], p.data[r.chain[links].body:], r.chain[links].size); err != nil {
			return 0, nil, err
		}
		r.cache.put(p, r.offsets[links], kind, r.out)
	} else if !wanted(kind, want) {
		return kind, nil, nil
	}
	for i := links - 1; i >= 0; i-- {
		var err error
		if r.delta, err = r.inflate(r.delta[:0], p.data[r.chain[i].body:], r.chain[i].size); err != nil {
			return 0, nil, err
		}
		r.base, r.out = r.out, r.base
		if r.out, err = applyDelta(r.out[:0], r.base, r.delta); err != nil {
			return 0, nil, err
		}
		r.cache.put(p, r.offsets[i], kind, r.out)
	}
	return kind, r.out, nil
}

// A deltaCache keeps objects that were lately built from deltas or served as a base: neighbours in a history share them.
// Small objects only, so that it never holds more than 8 MiB.
type deltaCache struct {
	slots [512]struct {
		pack   *pack
		offset uint64
		kind   objectKind
		data   []byte
	}
}

const maxCached = 16 << 10

func (c *deltaCache) slot(offset uint64) int { return int(offset * 0x9E3779B97F4A7C15 >> 55) }

func (c *deltaCache) get(p *pack, offset uint64) (objectKind, []byte, bool) {
	s := &c.slots[c.slot(offset)]
	if s.pack != p || s.offset != offset {
		return 0, nil, false
	}
	return s.kind, s.data, true
}

func (c *deltaCache) put(p *pack, offset uint64, kind objectKind, data []byte) {
	if len(data) > maxCached {
		return
	}
	s := &c.slots[c.slot(offset)]
	s.pack, s.offset, s.kind = p, offset, kind
	s.data = append(s.data[:0], data...)
}
