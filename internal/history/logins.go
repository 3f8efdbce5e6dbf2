package history

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
)

// A Login says that the head of a pull that came from somebody's repository on the forge was written by an author string: a
// merge of the default branch says "Merge pull request #N from <login>/<branch>", and its second parent is the head. Most who
// open a pull wrote it, so that many such merges tell whose the login is; one alone may err.
type Login struct {
	Merged   int64  // committer date of the merge, Unix seconds
	Login    string // in lower case
	Identity int32  // index into History.Identities
}

// Logins gives what the merges on the chain of first parents say of logins, oldest first. h is the history of this repository;
// author strings that it does not know are left out. Nothing is fetched: commits are in every copy.
//
// The error is an *Error of one of the kinds of FilesAt.
func (r *Repository) Logins(ctx context.Context, h *History) ([]Login, error) {
	g, tip, err := r.open(ctx)
	if err != nil {
		return nil, err
	}
	var heads []objectID
	var logins []Login
	err = g.run(ctx, nil, func(out *bufio.Reader) error {
		return eachLine(out, func(line []byte) error {
			date, rest, _ := bytes.Cut(line, []byte(" "))
			login, ok := pullFrom(rest[bytes.IndexByte(rest, '\t')+1:])
			parents := bytes.Fields(rest[:max(bytes.IndexByte(rest, '\t'), 0)])
			if !ok || len(parents) != 2 {
				return nil
			}
			head, ok := parseID(parents[1])
			if !ok {
				return errHash(parents[1])
			}
			merged, _ := strconv.ParseInt(string(date), 10, 64)
			heads, logins = append(heads, head), append(logins, Login{Merged: merged, Login: login})
			return nil
		})
		// A subject may be of any length; its beginning says all.
	}, "rev-list", "--first-parent", "--merges", "--reverse", "--no-commit-header", "--format=%ct %P%x09%<(120,trunc)%s", tip.String(), "--")
	if err != nil {
		return nil, r.failure(err)
	}
	number := make(map[[2]string]int32, len(h.Identities))
	for i := range h.Identities {
		number[[2]string{h.Identities[i].Name, h.Identities[i].Email}] = int32(i)
	}
	known := logins[:0]
	err = g.objects(ctx, heads, func(i int, kind objectKind, raw []byte) error {
		if kind != commitObject {
			return nil
		}
		c, err := parseCommit(raw)
		if err != nil {
			return fmt.Errorf("%v: %w", heads[i], err)
		}
		author := parseSignature(c.author)
		email, _ := normalEmail(author.email)
		if n, ok := number[[2]string{normalName(author.name), email}]; ok {
			login := logins[i]
			login.Identity = n
			known = append(known, login)
		}
		return nil
	})
	if err != nil {
		return nil, r.failure(err)
	}
	return known, nil
}

// pullFrom gives the login of "Merge pull request #12 from login/branch", in lower case.
func pullFrom(subject []byte) (login string, ok bool) {
	rest, ok := bytes.CutPrefix(subject, []byte("Merge pull request #"))
	if !ok {
		return "", false
	}
	_, digits := leadingNumber(rest)
	rest, ok = bytes.CutPrefix(rest[digits:], []byte(" from "))
	name, _, found := bytes.Cut(rest, []byte("/"))
	if !ok || digits == 0 || !found || len(name) == 0 || len(name) > maxLogin || bytes.ContainsAny(name, " \t:@") {
		return "", false
	}
	return strings.ToLower(string(name)), true
}

// maxLogin bounds a login, in bytes; no forge allows more.
const maxLogin = 64
