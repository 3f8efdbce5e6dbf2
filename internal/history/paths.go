package history

import (
	"bufio"
	"errors"
	"io"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// maxPath bounds a path, in bytes; no file system that is in use holds a longer one. Files with longer paths are passed over.
const maxPath = 4096

// Different paths of one repository together may take this much memory, in bytes: enough for five million. The largest
// repositories known have had some two million.
const (
	maxPaths     = 512 << 20
	pathOverhead = 64 // of a string and its place in a map
)

// paths keeps each path once.
type paths struct {
	known map[string]string
	size  int
}

// keep gives the path as a string.
func (p *paths) keep(path []byte) (string, error) {
	if s, ok := p.known[string(path)]; ok {
		return s, nil
	}
	if p.size += len(path) + pathOverhead; p.size > maxPaths {
		return "", &Error{Kind: gap.TooLarge, Detail: "more paths than five million of usual length"}
	}
	if p.known == nil {
		p.known = make(map[string]string)
	}
	s := string(path)
	p.known[s] = s
	return s, nil
}

// fields reads what git writes with -z: fields, each ended by a NUL byte.
type fields struct {
	in   *bufio.Reader
	long []byte
}

// next gives a field, good until the next call. Of one that is longer than the reader's buffer it gives the beginning, and
// whole is false. The error is io.EOF after the last field.
func (f *fields) next() (text []byte, whole bool, err error) {
	text, err = f.in.ReadSlice(0)
	switch {
	case err == nil:
		return text[:len(text)-1], true, nil
	case err == io.EOF && len(text) > 0:
		return nil, false, io.ErrUnexpectedEOF
	case !errors.Is(err, bufio.ErrBufferFull):
		return nil, false, err
	}
	f.long = append(f.long[:0], text...)
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = f.in.ReadSlice(0)
	}
	return f.long, false, unexpected(err)
}
