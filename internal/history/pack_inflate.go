package history

import (
	"encoding/binary"
	"hash/adler32"
	"math/bits"
)

// An inflater undoes zlib (RFC 1950, RFC 1951) from memory to memory. Most of the time that it takes to read a history goes
// into streams of two to six hundred bytes, where a general reader spends more on its own window, on tables for long codes
// and on single-byte calls than on the data: this one takes a third of the time (BenchmarkInflate).
type inflater struct {
	literals, distances huffman
	lengths             [320]byte   // code lengths of the block being read
	used                [320]uint16 // the places in lengths that are not 0
}

// inflate gives the data that the zlib stream at the start of src holds, in dst if it has room. The stream must hold exactly
// size bytes. Memory grows as data arrives, never because size says so. src may go on after the stream.
func (f *inflater) inflate(dst, src []byte, size uint64) ([]byte, error) {
	if size > maxObject {
		return nil, errTooLarge
	}
	// A zlib stream: 32 KiB of window at most, deflate, no preset dictionary, header divisible by 31.
	if len(src) < 2 || src[0]&0x0f != 8 || src[0]>>4 > 7 || src[1]&0x20 != 0 || (uint(src[0])<<8|uint(src[1]))%31 != 0 {
		return nil, errDamaged
	}
	s := stream{src: src, at: 2, out: dst[:cap(dst)], limit: int(size)}
	for last := false; !last; {
		s.fill()
		last = s.take(1) == 1
		var ok bool
		switch s.take(2) {
		case 0:
			ok = s.stored()
		case 1:
			ok = s.block(&fixed.literals, &fixed.distances)
		case 2:
			ok = f.readTables(&s) && s.block(&f.literals, &f.distances)
		}
		if !ok {
			return nil, errDamaged
		}
	}
	if s.n != s.limit || !s.align() || len(src)-s.at < 4 || adler32.Checksum(s.out[:s.n]) != binary.BigEndian.Uint32(src[s.at:]) {
		return nil, errDamaged
	}
	return s.out[:s.n], nil
}

// A stream is deflated data being undone.
type stream struct {
	src   []byte
	at    int    // next byte of src that is not in hold
	hold  uint64 // bits not yet used, the next one lowest
	held  uint   // number of bits in hold
	past  uint   // how many of them are zero bits from beyond the end of src
	out   []byte
	n     int // bytes of out that are data
	limit int // bytes that there may be
}

// fill holds at least 56 bits. Beyond the end of src they are zeros; whoever ends among them has used what is not there.
func (s *stream) fill() {
	if len(s.src)-s.at >= 8 {
		s.hold |= binary.LittleEndian.Uint64(s.src[s.at:]) << s.held
		s.at += int((63 - s.held) >> 3)
		s.held |= 56
		return
	}
	for s.held < 56 {
		if s.at < len(s.src) {
			s.hold |= uint64(s.src[s.at]) << s.held
			s.at++
		} else {
			s.past += 8
		}
		s.held += 8
	}
}

// take uses up to 56 bits after a fill.
func (s *stream) take(n uint) uint {
	v := uint(s.hold & (1<<n - 1))
	s.hold >>= n
	s.held -= n
	return v
}

// align drops the bits up to the next byte of src and gives the whole bytes in hold back; false if more was used than there is.
func (s *stream) align() bool {
	if s.past > s.held {
		return false
	}
	s.at -= int((s.held - s.past) / 8)
	s.hold, s.held, s.past = 0, 0, 0
	return true
}

// round is the room that is kept free: three literals and the longest copy.
const round = 3 + 258

// room makes room for one round.
func (s *stream) room() bool {
	if s.n > s.limit {
		return false
	}
	if len(s.out)-s.n < round {
		bigger := make([]byte, max(1024, min(2*len(s.out), s.limit)+2*round))
		copy(bigger, s.out[:s.n])
		s.out = bigger
	}
	return true
}

// stored copies a block that is not compressed.
func (s *stream) stored() bool {
	if !s.align() || len(s.src)-s.at < 4 {
		return false
	}
	n := int(binary.LittleEndian.Uint16(s.src[s.at:]))
	if n^0xffff != int(binary.LittleEndian.Uint16(s.src[s.at+2:])) {
		return false
	}
	s.at += 4
	if n > len(s.src)-s.at || n > s.limit-s.n {
		return false
	}
	s.out = append(s.out[:s.n], s.src[s.at:s.at+n]...)
	s.out = s.out[:cap(s.out)]
	s.at, s.n = s.at+n, s.n+n
	return true
}

// block undoes a compressed block. Its inner loop works on copies of the stream's fields, which the compiler keeps in
// registers, and as long as there are eight bytes to take bits from and room for a whole round: three literals and a copy.
func (s *stream) block(literals, distances *huffman) bool {
	for {
		if !s.room() {
			return false
		}
		hold, held, at, n, src, out := s.hold, s.held, s.at, s.n, s.src, s.out
		for len(src)-at >= 8 && len(out)-n >= round {
			hold |= binary.LittleEndian.Uint64(src[at:]) << held
			at += int((63 - held) >> 3)
			held |= 56
			e := literals.quick[hold&(1<<quickBits-1)]
			if e&kindMask == literal && e != 0 {
				hold >>= e & 15
				held -= uint(e & 15)
				out[n] = byte(e >> 16)
				n++
				if e = literals.quick[hold&(1<<quickBits-1)]; e&kindMask == literal && e != 0 {
					hold >>= e & 15
					held -= uint(e & 15)
					out[n] = byte(e >> 16)
					n++
					if e = literals.quick[hold&(1<<quickBits-1)]; e&kindMask == literal && e != 0 {
						hold >>= e & 15
						held -= uint(e & 15)
						out[n] = byte(e >> 16)
						n++
						continue
					}
				}
			}
			// At least 56 - 2*9 bits are held. A copy with short codes takes at most 9 and 5 for its length and 9 and 13 for its
			// distance; everything else is left to the plain way.
			if e&kindMask != copyFrom {
				break
			}
			extra := uint(e >> 8 & 31)
			bits, left := hold>>(e&15), held-uint(e&15)-extra
			length := int(e>>16) + int(bits&(1<<extra-1))
			bits >>= extra
			if e = distances.quick[bits&(1<<quickBits-1)]; e&kindMask != copyFrom {
				break
			}
			extra = uint(e >> 8 & 31)
			bits >>= e & 15
			back := int(e>>16) + int(bits&(1<<extra-1))
			hold, held = bits>>extra, left-uint(e&15)-extra
			if back > n {
				return false
			}
			if back >= length {
				copy(out[n:n+length], out[n-back:])
			} else {
				for i := n; i < n+length; i++ {
					out[i] = out[i-back]
				}
			}
			n += length
		}
		s.hold, s.held, s.at, s.n = hold, held, at, n

		// One step the plain way. It uses at most 48 bits: 15 and 5 for a length, 15 and 13 for a distance.
		if !s.room() {
			return false
		}
		s.fill()
		e := literals.decode(s)
		switch e & kindMask {
		case literal:
			s.out[s.n] = byte(e >> 16)
			s.n++
		case copyFrom:
			if !s.copy(e, distances) {
				return false
			}
		case endOfBlock:
			return s.past <= s.held && s.n <= s.limit
		default:
			return false
		}
	}
}

// copy repeats what was written before, as the entry of a length says.
func (s *stream) copy(e uint32, distances *huffman) bool {
	length := int(e>>16) + int(s.take(uint(e>>8&31)))
	if e = distances.decode(s); e&kindMask != copyFrom {
		return false
	}
	back := int(e>>16) + int(s.take(uint(e>>8&31)))
	if back > s.n || s.past > s.held {
		return false
	}
	for i := s.n; i < s.n+length; i++ {
		s.out[i] = s.out[i-back]
	}
	s.n += length
	return true
}

// An entry of a code table: bits 0 to 3 the length of the code, 4 to 5 the kind, 8 to 12 the number of extra bits, and from
// 16 the literal, or the least length or distance.
const (
	literal    = 0 << 4
	copyFrom   = 1 << 4
	endOfBlock = 2 << 4
	invalid    = 3 << 4
	kindMask   = 3 << 4
)

// quickBits is the length up to which codes are looked up in one step. Longer ones stand for symbols that make up less than
// one in five hundred; a bigger table would take longer to build than it saves.
const quickBits = 9

// A huffman is a prefix code of symbols.
type huffman struct {
	quick   [1 << quickBits]uint32 // entry by the next bits; 0 for codes longer than quickBits
	count   [16]uint16             // number of codes by length
	entries [288]uint32            // by length, then by symbol
}

// decode gives the entry of the next code. At least 15 bits must be held.
func (h *huffman) decode(s *stream) uint32 {
	e := h.quick[s.hold&(1<<quickBits-1)]
	if e != 0 {
		s.hold >>= e & 15
		s.held -= uint(e & 15)
		return e
	}
	return h.decodeLong(s)
}

// decodeLong goes through a code bit by bit: the codes of each length are consecutive numbers.
func (h *huffman) decodeLong(s *stream) uint32 {
	code, first, index := 0, 0, 0
	for n := 1; n < 16; n++ {
		code |= int(s.take(1))
		count := int(h.count[n])
		if code-count < first {
			return h.entries[index+code-first]
		}
		index += count
		first = (first + count) << 1
		code <<= 1
	}
	return invalid
}

// build makes the code from the lengths of the codes of the used symbols, in their order. entry gives the symbols' entries.
// Like zlib it takes no code with unused bits, except for one or no symbol in all, and that only if sparse is allowed.
func (h *huffman) build(used []uint16, lengths []byte, entry []uint32, sparse bool) bool {
	h.count = [16]uint16{}
	for _, symbol := range used {
		h.count[lengths[symbol]&15]++
	}
	left := 1
	var next [17]uint16
	for n := 1; n < 16; n++ {
		left = left<<1 - int(h.count[n])
		if left < 0 {
			return false
		}
		next[n+1] = next[n] + h.count[n]
	}
	if left > 0 && !(sparse && (len(used) == 0 || len(used) == 1 && h.count[1] == 1)) {
		return false
	}
	for _, symbol := range used {
		n := lengths[symbol] & 15
		h.entries[next[n]] = entry[symbol] | uint32(n)
		next[n]++
	}
	if left > 0 {
		h.quick = [1 << quickBits]uint32{} // everything goes the long way, which knows what is invalid
		return true
	}
	// Codes in order, their bits reversed: each length begins with the table of the length before, twice.
	code, size, at := 0, 1, 0
	for n := 1; n <= quickBits; n++ {
		copy(h.quick[size:2*size], h.quick[:size])
		size *= 2
		for range h.count[n] {
			h.quick[code] = h.entries[at]
			at++
			if code == size-1 {
				// The last code of all; what is longer than the table's reach has none.
				for ; size < len(h.quick); size *= 2 {
					copy(h.quick[size:2*size], h.quick[:size])
				}
				return true
			}
			code = nextReversed(code, size)
		}
	}
	for { // places without short code
		h.quick[code] = 0
		if code == size-1 {
			return true
		}
		code = nextReversed(code, size)
	}
}

// nextReversed adds one to a number whose bits are reversed within size.
func nextReversed(code, size int) int {
	bit := 1 << (bits.Len(uint(code^(size-1))) - 1)
	return code&(bit-1) | bit
}

// readTables reads the codes at the head of a block.
func (f *inflater) readTables(s *stream) bool {
	literals, distances, codes := int(s.take(5))+257, int(s.take(5))+1, int(s.take(4))+4
	if literals > 286 || distances > 30 {
		return false
	}
	var order [19]byte
	used := f.used[:0]
	s.fill()
	for i := range codes {
		if i == 16 {
			s.fill()
		}
		order[lengthOrder[i]] = byte(s.take(3))
	}
	for symbol, n := range order {
		if n > 0 {
			used = append(used, uint16(symbol))
		}
	}
	// The table for distances serves for the lengths' own code first.
	if !f.distances.build(used, order[:], lengthSymbols[:], false) {
		return false
	}
	all := f.lengths[:literals+distances]
	used = used[:0]
	split := 0 // how many of used are literals
	for i := 0; i < len(all); {
		if s.held < 7+7 { // a code and what a repetition takes
			if s.fill(); s.past > s.held {
				return false
			}
		}
		e := f.distances.decode(s)
		if e&kindMask == invalid {
			return false
		}
		value, times := byte(e>>16), 1
		switch value {
		case 16:
			if i == 0 {
				return false
			}
			value, times = all[i-1], 3+int(s.take(2))
		case 17:
			value, times = 0, 3+int(s.take(3))
		case 18:
			value, times = 0, 11+int(s.take(7))
		}
		if times > len(all)-i {
			return false
		}
		for ; times > 0; times-- {
			all[i] = value
			if value != 0 {
				used = append(used, uint16(i))
				if i < literals {
					split++
				}
			}
			i++
		}
	}
	if all[256] == 0 || !f.literals.build(used[:split], all, literalSymbols[:], false) {
		return false
	}
	used = used[split:]
	for i := range used {
		used[i] -= uint16(literals)
	}
	return f.distances.build(used, all[literals:], distanceSymbols[:], true)
}

// lengthOrder is the order in which a block gives the lengths of the codes for lengths.
var lengthOrder = [19]byte{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

var (
	lengthSymbols = func() (e [19]uint32) {
		for i := range e {
			e[i] = uint32(i) << 16
		}
		return e
	}()
	literalSymbols = func() (e [288]uint32) {
		for i := range 256 {
			e[i] = literal | uint32(i)<<16
		}
		e[256] = endOfBlock
		base := uint32(3)
		for i := range uint32(28) {
			extra := uint32(0)
			if i >= 8 {
				extra = i/4 - 1
			}
			e[257+i] = copyFrom | extra<<8 | base<<16
			base += 1 << extra
		}
		e[285] = copyFrom | 258<<16
		e[286], e[287] = invalid, invalid
		return e
	}()
	distanceSymbols = func() (e [32]uint32) {
		base := uint32(1)
		for i := range uint32(30) {
			extra := uint32(0)
			if i >= 4 {
				extra = i/2 - 1
			}
			e[i] = copyFrom | extra<<8 | base<<16
			base += 1 << extra
		}
		e[30], e[31] = invalid, invalid
		return e
	}()
)

// fixed are the codes of blocks that bring none.
var fixed = func() (f inflater) {
	for i := range 288 {
		f.used[i] = uint16(i)
		switch {
		case i < 144:
			f.lengths[i] = 8
		case i < 256:
			f.lengths[i] = 9
		case i < 280:
			f.lengths[i] = 7
		default:
			f.lengths[i] = 8
		}
	}
	f.literals.build(f.used[:288], f.lengths[:], literalSymbols[:], false)
	for i := range 32 {
		f.lengths[i] = 5
	}
	f.distances.build(f.used[:32], f.lengths[:], distanceSymbols[:], false)
	return f
}()
