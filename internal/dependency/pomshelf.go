package dependency

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"
)

// mostLacks bounds what is told of the parents and BOMs that one POM lacks.
const mostLacks = 100

// poms are the POMs at hand: those of the scanned folder, and those that were fetched.
type poms struct {
	disk    map[string]*pom      // by path
	named   map[[2]string][]*pom // of the scanned folder, by group and artifact
	own     map[[2]string]bool   // group and version of the projects of the scanned folder
	fetched map[pomID]*pom       // nil: it was asked for and is not to be had
	lines   map[*pom]pomLine
	ids     map[*pom]pomID
	models  map[*pom]*pomModel
	linking map[*pom]bool // whose parents are being found
	making  map[*pom]bool // whose models are being made

	asks   bool           // what is not at hand can still be asked for
	wanted map[pomID]bool // to be asked for

	walked, mostWalked int // nodes of all walks since again, and where they end
	identities         map[builtAs]madeIdentity
}

// A pomLine is a POM with its parents.
type pomLine struct {
	chain   []*pom // itself, its parent, and so on up
	lacks   []pomLack
	pending bool
}

func newPOMs() *poms {
	return &poms{
		disk: map[string]*pom{}, named: map[[2]string][]*pom{}, own: map[[2]string]bool{}, fetched: map[pomID]*pom{},
		lines: map[*pom]pomLine{}, ids: map[*pom]pomID{}, models: map[*pom]*pomModel{}, linking: map[*pom]bool{}, making: map[*pom]bool{}, wanted: map[pomID]bool{},
		mostWalked: mostWalked, identities: map[builtAs]madeIdentity{},
	}
}

// add adds a POM of the scanned folder.
func (s *poms) add(at string, p *pom) {
	p.at = at
	s.disk[at] = p
}

// settle finds out the coordinates of all POMs of the scanned folder. That takes the parents that paths lead to; then others
// can be found by their coordinates too.
func (s *poms) settle() {
	var paths []string
	for at := range s.disk {
		paths = append(paths, at)
	}
	slices.Sort(paths)
	ids := map[*pom]pomID{}
	for _, at := range paths {
		ids[s.disk[at]] = s.id(s.disk[at])
	}
	for _, at := range paths {
		id := ids[s.disk[at]]
		name := [2]string{id.group, id.artifact}
		s.named[name] = append(s.named[name], s.disk[at])
		if id.version != "" && !strings.Contains(id.version, "${") {
			s.own[[2]string{id.group, id.version}] = true
		}
	}
	clear(s.lines)
	clear(s.ids)
}

// again forgets what lacked POMs that have been asked for since.
func (s *poms) again() {
	clear(s.wanted)
	s.walked = 0
	for p, l := range s.lines {
		if l.pending {
			delete(s.lines, p)
			delete(s.ids, p)
		}
	}
	for p, m := range s.models {
		if m.pending {
			delete(s.models, p)
		}
	}
}

// id gives the coordinates of a POM.
func (s *poms) id(p *pom) pomID {
	id, ok := s.ids[p]
	if !ok {
		id = newModel(s, s.line(p).chain).id()
		s.ids[p] = id
	}
	return id
}

// line gives a POM with its parents.
func (s *poms) line(p *pom) pomLine {
	if l, ok := s.lines[p]; ok {
		return l
	}
	var l pomLine
	s.linking[p] = true
	for at := p; at != nil; {
		l.chain = append(l.chain, at)
		up, lack := s.parent(at)
		if up != nil && (slices.Contains(l.chain, up) || len(l.chain) == mostParents) {
			up, lack = nil, &pomLack{pomID: at.parent.pomID, in: at, line: at.parent.line, why: endless}
		}
		if lack != nil {
			l.lacks = append(l.lacks, *lack)
			l.pending = lack.why != endless && s.want(lack.pomID)
		}
		at = up
	}
	delete(s.linking, p)
	s.lines[p] = l
	return l
}

const endless = "it leads back to itself, or has no end"

// parent gives the parent of a POM: the file that its path leads to, if that is the parent, else the one of its coordinates.
func (s *poms) parent(p *pom) (*pom, *pomLack) {
	if p.parent == nil {
		return nil, nil
	}
	lack := pomLack{pomID: p.parent.pomID, in: p, line: p.parent.line}
	if p.at != "" && p.parent.path != "" && !path.IsAbs(p.parent.path) {
		at := path.Join(path.Dir(p.at), p.parent.path)
		for _, at := range []string{at, path.Join(at, "pom.xml")} {
			if q := s.disk[at]; q != nil && s.isParent(q, lack.pomID) {
				return q, nil
			}
		}
		if p.parent.said && (at == ".." || strings.HasPrefix(at, "../")) {
			lack.why = "its path leads out of the scanned folder"
		}
	}
	lack.version, _ = newModel(s, []*pom{p}).expand(lack.version)
	if q := s.find(lack.pomID); q != nil {
		return q, nil
	}
	return nil, &lack
}

// isParent says whether a POM is the parent that another means. Its version may be a property of its own (${revision}).
func (s *poms) isParent(q *pom, want pomID) bool {
	group, version := q.ownCoordinates()
	if want.artifact != "" && want.artifact != q.artifact || want.group != "" && want.group != group {
		return false
	}
	return want.version == "" || s.hasVersion(q, version, want.version)
}

func (s *poms) hasVersion(p *pom, written, want string) bool {
	return written == want || strings.Contains(written, "${") && !s.linking[p] && s.id(p).version == want
}

// find gives a POM by its coordinates.
func (s *poms) find(id pomID) *pom {
	for _, p := range s.named[[2]string{id.group, id.artifact}] {
		if _, version := p.ownCoordinates(); s.hasVersion(p, version, id.version) {
			return p
		}
	}
	return s.fetched[id]
}

// want notes that a POM is to be asked for, and says whether that is still to come.
func (s *poms) want(id pomID) bool {
	if _, asked := s.fetched[id]; asked || !s.asks || !id.canBeAsked() {
		return false
	}
	s.wanted[id] = true
	return true
}

var pomVersion = regexp.MustCompile(`^[A-Za-z0-9_.+~-]+$`)

// canBeAsked says whether a registry can have such a POM.
func (id pomID) canBeAsked() bool {
	return mavenName.MatchString(id.group) && mavenName.MatchString(id.artifact) && pomVersion.MatchString(id.version) &&
		!climbs(id.group) && !climbs(id.artifact) && !climbs(id.version) && mavenPinned(id.version) == id.version
}

func (id pomID) compare(other pomID) int {
	return cmp.Or(cmp.Compare(id.group, other.group), cmp.Compare(id.artifact, other.artifact), cmp.Compare(id.version, other.version))
}

// model gives the model of a POM.
func (s *poms) model(p *pom) *pomModel { return s.modelAt(p, 0) }

func (s *poms) modelAt(p *pom, depth int) *pomModel {
	if m := s.models[p]; m != nil {
		return m
	}
	l := s.line(p)
	m := newModel(s, l.chain)
	m.depth, m.lacks, m.pending = depth, slices.Clone(l.lacks), l.pending
	s.making[p] = true
	m.importBOMs()
	delete(s.making, p)
	s.models[p] = m
	return m
}

// importBOMs finds the BOMs whose management a model takes over.
func (m *pomModel) importBOMs() {
	seen := map[[2]string]bool{}
	for _, p := range m.chain {
		for i := range p.managed {
			if p.managed[i].scope != "import" || len(seen) == mostImports {
				continue
			}
			d := m.resolve(p.managed[i])
			name := [2]string{d.group, d.artifact}
			if seen[name] {
				continue
			}
			seen[name] = true
			bom := m.all.find(d.pomID)
			switch {
			case bom == nil:
				m.pending = m.all.want(d.pomID) || m.pending
				m.lack(pomLack{pomID: d.pomID, in: p, line: d.line})
			case m.all.making[bom] || m.depth == deepestBOM:
				m.lack(pomLack{pomID: d.pomID, in: p, line: d.line, why: endless})
			default:
				imported := m.all.modelAt(bom, m.depth+1)
				m.imports = append(m.imports, imported)
				m.pending = m.pending || imported.pending
				m.lack(imported.lacks...)
			}
		}
	}
}

// lack notes what dependency management lacks, each once.
func (m *pomModel) lack(lacks ...pomLack) {
	for _, l := range lacks {
		l.managed = true
		if len(m.lacks) < mostLacks && !slices.ContainsFunc(m.lacks, func(have pomLack) bool { return have.pomID == l.pomID }) {
			m.lacks = append(m.lacks, l)
		}
	}
}
