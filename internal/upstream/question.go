package upstream

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"
)

// A question is asked once for all packages that need its answer. Steps are taken until one names a repository; facts are
// further steps that are taken whatever came out, for what they tell of the package besides.
type question struct {
	steps []step
	facts []step

	wanted bool // a repository depends on it; otherwise it is asked for facts alone
	direct bool // a subject names the package itself

	found []candidate
	said  []saying
	err   error // the gravest met on the way to a repository, if none was named
}

// A step is one place to look for an answer: a file or an address.
type step struct {
	unknown   bool   // the place is one that only a program knows, and none may be started
	file      string // of the user's own: in the module cache, a local repository, a proxy that is a folder
	from      string // what file belongs to; its path is the user's and stands in no answer
	limit     int64  // bytes of file
	request   request
	read      func([]byte) (answer, error)
	goOn      func(error) bool // whether the next step may be taken after this error
	stopEmpty bool             // an answer without a repository is the last word of registries
	anyway    bool             // taken after a last word too
	published bool             // the day on which the answer was last modified is that of the version's release
	follow    int              // at most so many further requests, to the same host, may come of the answer
	suffices  bool             // of facts: once it is answered, no later one is taken
}

// An answer is what one step's text says. It may be empty.
type answer struct {
	found []candidate
	facts func(version string) Facts // what is said of a version and of the package; nil for nothing
	then  []step                     // taken next if the answer names no repository; at most follow of its step, bodies all included
}

// A saying is what was said of a package, by whom and when.
type saying struct {
	facts  func(version string) Facts
	source string
	at     time.Time
}

// maxSteps bounds the steps of one question: parents of parents, pages of pages.
const maxSteps = 32

func always(error) bool           { return true }
func onlyNotFound(err error) bool { return errors.Is(err, ErrNotFound) }

// reads makes a reader of a function that finds repositories alone.
func reads(f func([]byte) ([]candidate, error)) func([]byte) (answer, error) {
	return func(b []byte) (answer, error) {
		c, err := f(b)
		return answer{found: c}, err
	}
}

// take takes steps until one names a repository. The error is the gravest met on the way, if none did.
func (r *Resolver) take(ctx context.Context, q *question, steps []step) ([]candidate, error) {
	var worst error
	for taken := 0; len(steps) > 0 && taken < maxSteps; taken++ {
		s := steps[0]
		steps = steps[1:]
		resp, err := r.body(ctx, s)
		if err == nil {
			var a answer
			a, err = s.read(resp.body)
			if a.facts != nil {
				q.said = append(q.said, saying{a.facts, s.source(), resp.at})
			}
			if published, err := http.ParseTime(resp.modified); err == nil && s.published {
				day := published.UTC().Format(time.DateOnly)
				q.said = append(q.said, saying{func(string) Facts { return Facts{Released: day} }, s.source(), resp.at})
			}
			if len(a.found) > 0 {
				return a.found, nil
			}
			if !q.wanted && a.facts != nil && len(a.then) == 0 {
				return nil, nil // all that was to be learned
			}
			if len(a.then) > 0 {
				steps = append(a.then[:len(a.then):len(a.then)], steps...)
				continue
			}
			if s.stopEmpty && err == nil {
				steps = afterLastWord(steps)
			}
		}
		if err == nil {
			continue
		}
		if worst == nil || gravity(err) > gravity(worst) {
			worst = err
		}
		if !s.goOn(err) { // the end of ctx is no reason to stop: a later place may have a kept answer
			break
		}
	}
	return nil, worst
}

// askFacts takes a question's steps for facts. A fact that is not to be had is not known, and no gap.
func (r *Resolver) askFacts(ctx context.Context, q *question) {
	for _, s := range q.facts {
		_, err := r.take(ctx, q, []step{s})
		if s.suffices && (err == nil || !s.goOn(err)) {
			return
		}
	}
}

func afterLastWord(steps []step) (rest []step) {
	for _, s := range steps {
		if s.anyway {
			rest = append(rest, s)
		}
	}
	return rest
}

// source names who answers a step: a host, or what a file of the user's belongs to.
func (s step) source() string {
	if s.file != "" {
		return s.from
	}
	if u, err := url.Parse(s.request.url); err == nil {
		return u.Host
	}
	return ""
}

// body gives a step's answer and when it was given.
func (r *Resolver) body(ctx context.Context, s step) (response, error) {
	if s.unknown {
		return response{}, ErrOffline
	}
	if s.file != "" {
		b, err := readFile(s.file, s.limit)
		if errors.Is(err, os.ErrNotExist) {
			err = ErrNotFound
		}
		var at time.Time
		if info, err := os.Stat(s.file); err == nil {
			at = info.ModTime()
		}
		return response{body: b, at: at}, err
	}
	resp, err := r.fetch.get(ctx, s.request)
	if err != nil {
		return response{}, err
	}
	if err := statusError(resp.status); err != nil {
		if errors.Is(err, ErrNotFound) {
			return response{}, err
		}
		u, _ := url.Parse(s.request.url)
		return response{}, fmt.Errorf("%s %w", u.Host, err)
	}
	return resp, nil
}

// gravity orders errors by how much they say about why nothing was found.
func gravity(err error) int {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return 4
	case errors.Is(err, ErrUnreachable):
		return 3
	case errors.Is(err, ErrOffline):
		return 2
	case errors.Is(err, ErrNotFound):
		return 0
	}
	return 1
}

// planned counts requests.
type planned struct {
	hosts  map[string]int
	shared map[string]bool // addresses that are asked for once, and are counted
}

// question counts the requests that a question needs at most, by host. What is at hand is read to see whether more is needed.
// The repositories are those that this names.
func (p *planned) question(r *Resolver, q *question) []candidate {
	found := p.steps(r, q.steps)
	for _, s := range q.facts {
		p.steps(r, []step{s})
	}
	return found
}

func (p *planned) steps(r *Resolver, steps []step) []candidate {
	for taken := 0; len(steps) > 0 && taken < maxSteps; taken++ {
		s := steps[0]
		steps = steps[1:]
		body, here := r.atHand(s)
		switch {
		case here && body == nil:
		case here:
			a, err := s.read(body)
			if len(a.found) > 0 {
				return a.found
			}
			if len(a.then) > 0 {
				steps = append(a.then[:len(a.then):len(a.then)], steps...)
			} else if s.stopEmpty && err == nil {
				steps = afterLastWord(steps)
			}
		default:
			if u, err := url.Parse(s.request.url); err == nil && u.Host != "" {
				p.hosts[u.Host] += s.follow
				if !p.shared[s.request.url] {
					p.hosts[u.Host]++
				}
				if s.request.shared {
					p.shared[s.request.url] = true
				}
			}
		}
	}
	return nil
}

// atHand gives a step's answer if it takes no request to have it; the body is nil if it is known that there is none.
func (r *Resolver) atHand(s step) (body []byte, here bool) {
	if s.file != "" {
		body, _ = readFile(s.file, s.limit)
		return body, true
	}
	e, _, enough := r.fetch.cached(s.request)
	if !enough || e.Status != http.StatusOK {
		return nil, enough
	}
	return e.Body, true
}
