package history

import (
	"bytes"
	"io"

	"github.com/klauspost/compress/zlib"
)

// An inflater undoes zlib with buffers that it keeps.
type inflater struct {
	src bytes.Reader
	z   io.ReadCloser
}

// inflate appends to dst the data that the zlib stream at the start of src holds. The stream must hold size bytes, neither
// more nor less. dst grows as data arrives, never because size says so.
func (f *inflater) inflate(dst, src []byte, size uint64) ([]byte, error) {
	if size > maxObject {
		return dst, errTooLarge
	}
	f.src.Reset(src)
	if f.z == nil {
		z, err := zlib.NewReader(&f.src)
		if err != nil {
			return dst, errDamaged
		}
		f.z = z
	} else if err := f.z.(zlib.Resetter).Reset(&f.src, nil); err != nil {
		return dst, errDamaged
	}
	limit := len(dst) + int(size)
	for {
		if len(dst) == limit {
			var one [1]byte
			n, err := f.z.Read(one[:])
			if n == 0 && err == io.EOF {
				return dst, nil
			}
			if n == 0 && err == nil {
				continue
			}
			return dst, errDamaged
		}
		if len(dst) == cap(dst) {
			dst = append(dst, 0)[:len(dst)]
		}
		n, err := f.z.Read(dst[len(dst):min(limit, cap(dst))])
		dst = dst[:len(dst)+n]
		if err == io.EOF && len(dst) == limit {
			return dst, nil
		}
		if err != nil {
			return dst, errDamaged
		}
	}
}
