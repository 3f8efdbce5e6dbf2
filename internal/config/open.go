package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// maxSize bounds the file, in bytes; a real one has a few hundred lines.
const maxSize = 64 << 10

// readNamed reads a file that the user names. Links are followed wherever they lead.
func readNamed(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	return readRegular(file, info, func() (*os.File, error) { return os.OpenFile(file, openFlags, 0) })
}

// readFound reads a file that was found in a folder. A link must stay inside the folder.
func readFound(dir, name string) ([]byte, error) {
	file := filepath.Join(dir, name)
	if _, err := os.Lstat(file); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Stat(name)
	if err != nil {
		// That it exists is known, so a link that leads to nothing is no reason to look further up.
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return nil, fmt.Errorf("%s: a link that leads nowhere or out of the folder (%v); pass the file with --config to allow that", file, err)
	}
	return readRegular(file, info, func() (*os.File, error) { return root.OpenFile(name, openFlags, 0) })
}

// openFlags keep a pipe that takes the file's place between the look and the opening from holding up the program.
const openFlags = os.O_RDONLY | syscall.O_NONBLOCK

// readRegular reads at most maxSize bytes of a regular file; devices and pipes, which have no end, are refused unopened.
func readRegular(file string, info fs.FileInfo, open func() (*os.File, error)) ([]byte, error) {
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a regular file", file)
	}
	f, err := open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a regular file", file)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxSize {
		return nil, fmt.Errorf("%s: larger than %d bytes", file, maxSize)
	}
	return data, nil
}
