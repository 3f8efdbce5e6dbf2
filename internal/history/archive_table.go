package history

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"

	"github.com/mainstay-oss/mainstay/internal/gap"
)

// Bounds of a table, so that a small file that unpacks without end costs bounded time and memory.
const (
	maxRows  = 4_000_000 // more than twice the commits of the largest repository known
	maxLine  = 64 << 10  // bytes
	maxTable = 1 << 30   // bytes, unpacked
	maxField = 255       // bytes of a hash, a domain
	maxDate  = 1 << 40   // seconds from 1970, some 35,000 years
)

// A table reads a tab-separated file with a header, gzipped if its name says so. After an error it gives no more rows.
type table struct {
	path   string
	file   *os.File
	lines  *bufio.Reader
	names  []string // the columns that are wanted
	column []int    // where each of them stands
	width  int      // columns in the file
	line   int      // 1-based, of the row that was read last
	unread int64    // bytes that may still come
	fields [][]byte // of the row, as they stand in the file; valid until the next row
	err    error
}

// openTable opens dir/name and finds the columns.
func openTable(dir, name string, columns ...string) (*table, error) {
	t := &table{path: filepath.ToSlash(filepath.Join(dir, name)), names: columns, unread: maxTable}
	file, err := openArchiveFile(filepath.Join(dir, name))
	if err != nil {
		return nil, t.fail(err)
	}
	t.file = file
	var r io.Reader = file
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(file); err != nil {
			file.Close()
			return nil, t.fail(unexpectedEnd(err))
		}
	}
	t.lines = bufio.NewReaderSize(r, maxLine)
	if err := t.header(); err != nil {
		file.Close()
		return nil, err
	}
	return t, nil
}

func (t *table) header() error {
	line, ok := t.readLine()
	if !ok {
		if t.err == nil {
			t.err = t.fail(errors.New("no header"))
		}
		return t.err
	}
	have := strings.Split(string(line), "\t")
	t.width = len(have)
	for _, want := range t.names {
		at := -1
		for i, name := range have {
			if name != want {
				continue
			}
			if at >= 0 {
				return t.fail(fmt.Errorf("two columns %q", want))
			}
			at = i
		}
		if at < 0 {
			return t.fail(fmt.Errorf("no column %q", want))
		}
		t.column = append(t.column, at)
	}
	t.fields = make([][]byte, t.width)
	return nil
}

func (t *table) close() { t.file.Close() }

// next reads a row. It gives false at the end of the file and after an error.
func (t *table) next() bool {
	if t.err != nil {
		return false
	}
	line, ok := t.readLine()
	if !ok {
		return false
	}
	if t.line-1 > maxRows {
		t.err = t.tooLarge(fmt.Sprintf("more than %d rows", maxRows))
		return false
	}
	n := 0
	for n < t.width {
		tab := bytes.IndexByte(line, '\t')
		if tab < 0 {
			t.fields[n] = line
			n++
			line = nil
			break
		}
		t.fields[n] = line[:tab]
		line = line[tab+1:]
		n++
	}
	if n < t.width || line != nil {
		if line != nil {
			n += 1 + bytes.Count(line, []byte("\t"))
		}
		t.err = t.fail(fmt.Errorf("%d fields, the header has %d", n, t.width))
		return false
	}
	return true
}

func (t *table) readLine() ([]byte, bool) {
	line, err := t.lines.ReadSlice('\n')
	if err == io.EOF && len(line) == 0 {
		return nil, false
	}
	t.line++
	t.unread -= int64(len(line))
	switch {
	case err == bufio.ErrBufferFull:
		t.err = t.tooLarge(fmt.Sprintf("a line of more than %d bytes", maxLine))
	case t.unread < 0:
		t.err = t.tooLarge(fmt.Sprintf("more than %d bytes unpacked", maxTable))
	case err == io.EOF:
		// Every writer ends the last line; without its end its last field may be cut.
		t.err = t.fail(errors.New("the last line has no end: the file is truncated"))
	case err != nil:
		t.err = t.fail(unexpectedEnd(err))
	}
	if t.err != nil {
		return nil, false
	}
	line = line[:len(line)-1]
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line, true
}

// field gives the value of the wanted column i.
func (t *table) field(i int) []byte { return t.fields[t.column[i]] }

// text gives the value of the wanted column i, a blank as nothing.
func (t *table) text(i int) []byte {
	s := t.field(i)
	if len(s) == 1 && s[0] == '-' {
		return nil
	}
	if len(s) > maxField {
		t.invalid(i, "is longer than any hash or domain")
		return nil
	}
	return s
}

// number gives the value of the wanted column i, which must be a whole number between low and high.
func (t *table) number(i int, low, high int64) int64 {
	s := t.field(i)
	digits, negative := s, false
	if len(digits) > 0 && digits[0] == '-' {
		digits, negative = digits[1:], true
	}
	if len(digits) == 0 || len(digits) > 18 {
		t.invalid(i, "is not a number")
		return low
	}
	var n int64
	for _, c := range digits {
		if c < '0' || c > '9' {
			t.invalid(i, "is not a number")
			return low
		}
		n = 10*n + int64(c-'0')
	}
	if negative {
		n = -n
	}
	if n < low || n > high {
		t.invalid(i, fmt.Sprintf("is not between %d and %d", low, high))
		return low
	}
	return n
}

// invalid notes that the value of the wanted column i is wrong; the next row will not be given.
func (t *table) invalid(i int, why string) {
	if t.err != nil {
		return
	}
	value := t.field(i)
	if len(value) > 40 {
		value = value[:40]
	}
	t.err = t.fail(fmt.Errorf("%s %q %s", t.names[i], value, why))
}

// fail gives err with the place that was reached.
func (t *table) fail(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	kind := gap.Corrupt
	var pathError *os.PathError
	if errors.As(err, &pathError) {
		kind, err = gap.Unreadable, pathError.Err
	}
	return &Error{Kind: kind, File: t.path, Line: t.line, Detail: err.Error(), Err: err}
}

func (t *table) tooLarge(detail string) *Error {
	return &Error{Kind: gap.TooLarge, File: t.path, Line: t.line, Detail: detail}
}

// unexpectedEnd makes plain that an end that came too early is one: the gzip reader may say "EOF".
func unexpectedEnd(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("the file is truncated: %w", io.ErrUnexpectedEOF)
	}
	return err
}
