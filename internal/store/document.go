package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/klauspost/compress/zstd"
)

// maxDocument bounds a document, and what is unpacked of one. A scan of 8,000 packages has 4 MB.
const maxDocument = 256 << 20

// A document mostly says what the one before it said. It is compressed with the last that stands alone as its dictionary, which
// leaves a few percent; where that would not save half, it stands alone itself. So two reads always are enough.

// baseID is the number that a compressed document gives its dictionary.
const baseID = 1

// pack compresses a document of a subject. base is the scan with whose document it is read; nil where it stands alone.
func pack(ctx context.Context, tx *sql.Tx, subject int64, document []byte) (base *int64, packed []byte, err error) {
	var id int64
	var whole []byte
	err = tx.QueryRowContext(ctx, `SELECT id, document FROM scan WHERE subject = ? AND base IS NULL ORDER BY id DESC LIMIT 1`, subject).Scan(&id, &whole)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, nil, err
	}
	if err == nil {
		with, err := decompress(whole, nil)
		if err != nil {
			return nil, nil, err
		}
		if len(with) > 0 {
			if packed, err = compress(document, with); err != nil {
				return nil, nil, err
			}
			if len(packed) < len(whole)/2 {
				return &id, packed, nil
			}
		}
	}
	packed, err = compress(document, nil)
	return nil, packed, err
}

// unpack gives the document of a scan.
func unpack(ctx context.Context, db *sql.DB, scan int64) ([]byte, error) {
	var packed, whole []byte
	err := db.QueryRowContext(ctx, `SELECT scan.document, base.document FROM scan LEFT JOIN scan AS base ON base.id = scan.base WHERE scan.id = ?`, scan).Scan(&packed, &whole)
	if err != nil {
		return nil, err
	}
	var with []byte
	if whole != nil {
		if with, err = decompress(whole, nil); err != nil {
			return nil, err
		}
	}
	return decompress(packed, with)
}

// compress writes a frame with a checksum.
func compress(document, with []byte) ([]byte, error) {
	options := []zstd.EOption{zstd.WithEncoderLevel(zstd.SpeedBetterCompression), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(32 << 20)}
	if with != nil {
		options = append(options, zstd.WithEncoderDictRaw(baseID, with))
	}
	enc, err := zstd.NewWriter(nil, options...)
	if err != nil {
		return nil, err
	}
	defer enc.Close()
	return enc.EncodeAll(document, nil), nil
}

// errDocument means that a document is not what was written.
var errDocument = errors.New("a document is damaged")

func decompress(packed, with []byte) ([]byte, error) {
	options := []zstd.DOption{zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxDocument)}
	if with != nil {
		options = append(options, zstd.WithDecoderDictRaw(baseID, with))
	}
	dec, err := zstd.NewReader(nil, options...)
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	document, err := dec.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDocument, err)
	}
	return document, nil
}
