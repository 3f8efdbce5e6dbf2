package reference

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
)

// The file: magic; the length of the deflated index in four bytes, little end first; the index; then each column's deflated
// bytes in the order of the index. A column is a number for each row: 0 where the value is missing, else one more than the
// zig-zag difference from the value of the same project's month before, as a varint. Columns are inflated when first asked
// for, so that a program that needs few of them pays for few.
const magic = "mainstay cohort 1\n"

// missing marks a value that could not be computed.
const missing = math.MinInt64

// Limits of a file; ours is far below. They keep a damaged one from taking the memory.
const (
	maxIndex  = 4 << 20
	maxRows   = 1 << 20
	stretches = 24 // of the months column, for each row
)

// A blob is one column, inflated once.
type blob struct {
	unit    float64
	decoded func() []int64
}

// Parse reads a cohort. Everything is checked here but for the columns' own bytes, whose values are bounded when read.
func Parse(data []byte) (*Cohort, error) {
	rest, ok := bytes.CutPrefix(data, []byte(magic))
	if !ok || len(rest) < 4 {
		return nil, errors.New("not a cohort of this version")
	}
	size := int64(binary.LittleEndian.Uint32(rest))
	rest = rest[4:]
	if size > int64(len(rest)) {
		return nil, errors.New("the index is cut")
	}
	text, err := inflate(rest[:size], maxIndex)
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	c := &Cohort{projects: map[string]int{}, blobs: map[string]*blob{}}
	if err := json.Unmarshal(text, &c.index); err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	rest = rest[size:]
	rows := 0
	for i, p := range c.Projects {
		if p.First < 0 || p.First > maxRows || p.Months < 1 || p.Months > maxRows-rows {
			return nil, fmt.Errorf("%s: %d months from %d on", p.Repo, p.Months, p.First)
		}
		c.projects[id(p.Repo)] = i
		c.starts = append(c.starts, rows)
		rows += p.Months
	}
	c.starts = append(c.starts, rows)
	for _, s := range c.Columns {
		if s.Size < 0 || s.Size > len(rest) || s.Digits < 0 || s.Digits > 9 {
			return nil, fmt.Errorf("column %s is cut", s.Name)
		}
		packed := rest[:s.Size]
		rest = rest[s.Size:]
		b := &blob{unit: math.Pow10(s.Digits)}
		if s.Name == colMonths {
			b.decoded = sync.OnceValue(func() []int64 { return unpackMonths(packed, c.starts) })
			c.months = b
			continue
		}
		b.decoded = sync.OnceValue(func() []int64 { return unpack(packed, c.starts) })
		c.blobs[s.Name] = b
	}
	if c.months == nil || len(rest) > 0 {
		return nil, errors.New("columns are missing or left over")
	}
	c.cases = sync.OnceValue(func() *cases { return newCases(c) })
	return c, nil
}

func inflate(packed []byte, limit int64) ([]byte, error) {
	in := flate.NewReader(bytes.NewReader(packed))
	out, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err == nil && int64(len(out)) > limit {
		err = errors.New("too large")
	}
	return out, err
}

func deflate(plain []byte) []byte {
	var out bytes.Buffer
	w, _ := flate.NewWriter(&out, flate.BestCompression) // the level is valid, and a buffer takes every byte
	w.Write(plain)
	w.Close()
	return out.Bytes()
}

// unpack gives the values of a column. What is damaged reads as missing: the file is part of the program, and a test reads
// every value of it.
func unpack(packed []byte, starts []int) []int64 {
	rows := starts[len(starts)-1]
	plain, _ := inflate(packed, int64(rows)*binary.MaxVarintLen64)
	values := make([]int64, rows)
	for p := range len(starts) - 1 {
		last := int64(0)
		for row := starts[p]; row < starts[p+1]; row++ {
			values[row], plain = next(plain, last)
			if values[row] != missing {
				last = values[row]
			}
		}
	}
	return values
}

// unpackMonths gives the stretches of each row, oldest first. Each is told by its difference from the stretch of the month
// before that covers nearly the same days, the newest by that from the newest.
func unpackMonths(packed []byte, starts []int) []int64 {
	rows := starts[len(starts)-1]
	plain, _ := inflate(packed, int64(rows)*stretches*binary.MaxVarintLen64)
	values := make([]int64, rows*stretches)
	for p := range len(starts) - 1 {
		for row := starts[p]; row < starts[p+1]; row++ {
			for k := range stretches {
				var x int64
				if x, plain = next(plain, before(values, row, k, starts[p])); x != missing {
					values[row*stretches+k] = x
				}
			}
		}
	}
	return values
}

// before is the value from which stretch k of a row is told.
func before(values []int64, row, k, first int) int64 {
	if row == first {
		return 0
	}
	return values[(row-1)*stretches+min(k+1, stretches-1)]
}

func next(plain []byte, last int64) (int64, []byte) {
	u, n := binary.Uvarint(plain)
	if n <= 0 || u == 0 {
		return missing, plain[max(n, 0):]
	}
	u--
	return last + (int64(u>>1) ^ -int64(u&1)), plain[n:]
}

func put(plain []byte, x, last int64) []byte {
	if x == missing {
		return binary.AppendUvarint(plain, 0)
	}
	d := x - last
	return binary.AppendUvarint(plain, (uint64(d)<<1^uint64(d>>63))+1)
}

// pack writes a column as unpack reads it.
func pack(values []int64, starts []int) []byte {
	var plain []byte
	for p := range len(starts) - 1 {
		last := int64(0)
		for _, x := range values[starts[p]:starts[p+1]] {
			plain = put(plain, x, last)
			if x != missing {
				last = x
			}
		}
	}
	return deflate(plain)
}

func packMonths(values []int64, starts []int) []byte {
	var plain []byte
	for p := range len(starts) - 1 {
		for row := starts[p]; row < starts[p+1]; row++ {
			for k := range stretches {
				plain = put(plain, values[row*stretches+k], before(values, row, k, starts[p]))
			}
		}
	}
	return deflate(plain)
}

// encode writes a cohort: values by name, in the order of the columns of x.
func encode(x index, values map[string][]int64) ([]byte, error) {
	starts := []int{0}
	for _, p := range x.Projects {
		starts = append(starts, starts[len(starts)-1]+p.Months)
	}
	var columns []byte
	for i := range x.Columns {
		s := &x.Columns[i]
		var packed []byte
		if s.Name == colMonths {
			packed = packMonths(values[s.Name], starts)
		} else {
			packed = pack(values[s.Name], starts)
		}
		s.Size = len(packed)
		columns = append(columns, packed...)
	}
	text, err := json.Marshal(x)
	if err != nil {
		return nil, err
	}
	head := deflate(text)
	out := binary.LittleEndian.AppendUint32([]byte(magic), uint32(len(head)))
	return append(append(out, head...), columns...), nil
}

// Differ names the first thing in which two cohorts differ; empty if they hold the same values.
func Differ(a, b *Cohort) string {
	if len(a.Projects) != len(b.Projects) || len(a.Columns) != len(b.Columns) {
		return fmt.Sprintf("%d projects and %d columns, %d and %d", len(a.Projects), len(a.Columns), len(b.Projects), len(b.Columns))
	}
	for i, p := range a.Projects {
		if p != b.Projects[i] {
			return fmt.Sprintf("%+v, %+v", p, b.Projects[i])
		}
	}
	for i, s := range a.Columns {
		if s.Name != b.Columns[i].Name || s.Digits != b.Columns[i].Digits {
			return fmt.Sprintf("column %s, %s", s.Name, b.Columns[i].Name)
		}
		x, y := a.months, b.months
		if s.Name != colMonths {
			x, y = a.blobs[s.Name], b.blobs[s.Name]
		}
		if !slices.Equal(x.decoded(), y.decoded()) {
			return "column " + s.Name
		}
	}
	return ""
}
