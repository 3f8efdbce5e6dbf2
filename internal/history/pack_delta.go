package history

// applyDelta builds an object from its base and the instructions of a delta, in dst. See gitformat-pack(5), "Deltified
// representation". Neither size that the delta states is believed before the instructions have borne it out.
func applyDelta(dst, base, delta []byte) ([]byte, error) {
	baseSize, delta, ok := deltaSize(delta)
	if !ok || baseSize != uint64(len(base)) {
		return nil, errDamaged
	}
	size, delta, ok := deltaSize(delta)
	if !ok {
		return nil, errDamaged
	}
	if size > maxObject {
		return nil, errTooLarge
	}
	dst = dst[:0]
	for len(delta) > 0 {
		op := delta[0]
		delta = delta[1:]
		switch {
		case op&0x80 != 0: // copy from the base
			var from, n uint32
			for i := range 4 {
				if op&(1<<i) != 0 {
					if len(delta) == 0 {
						return nil, errDamaged
					}
					from |= uint32(delta[0]) << (8 * i)
					delta = delta[1:]
				}
			}
			for i := range 3 {
				if op&(0x10<<i) != 0 {
					if len(delta) == 0 {
						return nil, errDamaged
					}
					n |= uint32(delta[0]) << (8 * i)
					delta = delta[1:]
				}
			}
			if n == 0 {
				n = 0x10000
			}
			if uint64(from)+uint64(n) > uint64(len(base)) || uint64(len(dst))+uint64(n) > size {
				return nil, errDamaged
			}
			dst = append(dst, base[from:from+n]...)
		case op != 0: // insert the bytes that follow
			n := int(op)
			if n > len(delta) || uint64(len(dst)+n) > size {
				return nil, errDamaged
			}
			dst = append(dst, delta[:n]...)
			delta = delta[n:]
		default: // reserved
			return nil, errDamaged
		}
	}
	if uint64(len(dst)) != size {
		return nil, errDamaged
	}
	return dst, nil
}

// deltaSize reads a size of seven bits a byte, the least significant first.
func deltaSize(s []byte) (size uint64, rest []byte, ok bool) {
	for i := 0; i < len(s) && i < 9; i++ {
		size |= uint64(s[i]&0x7f) << (7 * i)
		if s[i] < 0x80 {
			return size, s[i+1:], true
		}
	}
	return 0, nil, false
}
