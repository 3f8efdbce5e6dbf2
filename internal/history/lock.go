package history

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"
)

// locks are locks on files that hold against this process and others. They end with the process, however it ends.
type locks struct {
	mu   sync.Mutex
	held map[string]chan struct{}
}

// A fileLock is a lock that is held. Programs that are given its file hold it too, as long as they run: a git that outlives
// us is not disturbed by our successor.
type fileLock struct {
	file *os.File
	free func()
}

// errLocked means that another process holds a lock.
var errLocked = errors.New("locked")

// take waits for the lock on the file at path, which is made if need be. It is never removed: somebody may be waiting for it.
func (l *locks) take(ctx context.Context, path string) (*fileLock, error) {
	for {
		l.mu.Lock()
		busy, ok := l.held[path]
		if !ok {
			if l.held == nil {
				l.held = make(map[string]chan struct{})
			}
			l.held[path] = make(chan struct{})
			l.mu.Unlock()
			break
		}
		l.mu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	free := func() {
		l.mu.Lock()
		close(l.held[path])
		delete(l.held, path)
		l.mu.Unlock()
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		free()
		return nil, err
	}
	wait := time.NewTicker(50 * time.Millisecond)
	defer wait.Stop()
	for {
		err := lockFile(file)
		if err == nil {
			return &fileLock{file, free}, nil
		}
		if errors.Is(err, errLocked) {
			select {
			case <-wait.C:
				continue
			case <-ctx.Done():
				err = ctx.Err()
			}
		}
		file.Close()
		free()
		return nil, err
	}
}

func (l *fileLock) release() {
	l.file.Close() // which ends the lock
	l.free()
}
