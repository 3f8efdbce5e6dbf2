package people

import "strings"

// generic names say nothing about who wrote a commit: defaults of tools, accounts of machines, examples of manuals.
var generic = set(`
	- . ? x me my user username user.name users name your.name yourname noname no.name none null nil nobody nouser
	undefined unknown unnamed anonymous anon author committer contributor developer dev devs test tester testing example
	root admin administrator sysadmin superuser system daemon guest default localhost
	ubuntu debian fedora centos ec2-user vagrant docker jenkins pi git github gitlab bitbucket svn cvs hg
	mac macbook pc windows win10 win7 lenovo dell asus hp thinkpad
	john.doe jane.doe foo bar foo.bar
	not.committed.yet no.author (no.author) unknown.author unknown.user github.user your.full.name first.last firstname.lastname
	홍길동 관리자 사용자 이름 匿名 用户 管理员 张三
`)

// Generic tells whether a name says nothing about who bears it: it never joins two author strings. The comparison takes no
// note of case, and of spaces only where they part words.
func Generic(name string) bool {
	name = strings.Join(strings.Fields(strings.ToLower(name)), ".")
	return name == "" || generic[name]
}

// genericLocals are the parts before the @ of addresses that say nothing about who writes under them: whole companies commit
// under one no-reply address.
var genericLocals = set(`noreply no-reply no_reply donotreply do-not-reply nobody none null nil unknown invalid devnull`)

// GenericAddress tells whether an address says nothing about who bears it: it never joins two author strings. A forge's
// no-reply address, which history reduces to login@noreply, says whose it is and is not generic; nor is one whose part
// after a + names somebody.
func GenericAddress(email string) bool {
	local, host, found := strings.Cut(strings.ToLower(strings.TrimSpace(email)), "@")
	return found && host != "noreply" && genericLocals[local]
}

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
