package forecast

// judge ranks some cases by one method.
func (s *session) judge(task Task, m method, cases []place) judged {
	scores, outcome, project := make([]float64, len(cases)), make([]bool, len(cases)), make([]int32, len(cases))
	for i, p := range cases {
		c := s.at(p)
		scores[i], project[i] = m.score(c, task), int32(p.project)
		outcome[i], _ = c.event(task)
	}
	return judgeAll(rank(scores, outcome, project), s.drawn, m.code == Mainstay)
}

// spreads puts intervals around the figures of one method on one group, if the group holds enough to speak of any.
func (s *session) spreads(code string, g *Group, j judged) MethodFigures {
	f := MethodFigures{Method: code, AUC: NotKnown(), AP: NotKnown(), Recall5: NotKnown(), Brier: NotKnown(), Skill: NotKnown(), ECE: NotKnown()}
	if !g.enough() {
		return f
	}
	f.AUC, f.AP, f.Recall5 = j.auc(), j.ap(), j.recall()
	if code == Mainstay {
		f.Brier, f.Skill, f.ECE = j.brier(), j.skill(), j.ece()
	}
	return f
}

func (g *Group) enough() bool {
	return min(g.Events, g.Quarters-g.Events) >= LeastCases && min(g.EventProjects, g.calmProjects) >= LeastProjects
}

// bins shows the model's calibration.
func (s *session) bins(task Task, cases []place) []Bin {
	scores, outcome := make([]float64, len(cases)), make([]bool, len(cases))
	for i, p := range cases {
		scores[i] = s.at(p).score(task)
		outcome[i], _ = s.at(p).event(task)
	}
	return Bins(scores, outcome, byScore(scores), eceBins)
}

// alarms looks at every stop with the threshold of each draw and, last, with that of the set as it is.
func (s *session) alarms(m method, whole judged) [][]stopAlarm {
	scores := make([][]float64, len(s.projects))
	for i := range s.projects {
		for k := range s.projects[i].Cases {
			scores[i] = append(scores[i], m.score(&s.projects[i].Cases[k], TaskStop))
		}
	}
	at := func(threshold float64) (alarms []stopAlarm) {
		for i := range s.projects {
			for _, stop := range s.projects[i].stops {
				first, held := stop.alarms(s.projects[i].Cases, scores[i], threshold)
				alarms = append(alarms, stopAlarm{int32(i), first, held})
			}
		}
		return alarms
	}
	var all [][]stopAlarm
	for d := range whole.drawn {
		all = append(all, at(whole.drawn[d].threshold))
	}
	return append(all, at(whole.once.threshold))
}

// lead sums up the stops of one group; nil if there are too few.
func (s *session) lead(g *Group, alarms [][]stopAlarm) *Lead {
	var member []bool
	projects := map[int]bool{}
	l := &Lead{}
	for i := range s.projects {
		for _, stop := range s.projects[i].stops {
			in := s.parts[i][stop.first][g.By] == g.Value
			if in {
				projects[i] = true
				l.Stops++
			}
			member = append(member, in)
		}
	}
	if l.Stops < LeastStops || len(projects) < LeastStops {
		return nil
	}
	var medians, lowers, uppers, aheads, helds []float64
	for d, all := range alarms {
		var some []stopAlarm
		for i, a := range all {
			if member[i] {
				some = append(some, a)
			}
		}
		var times []int32 // the set as it is
		if d < len(s.drawn) {
			times = s.drawn[d]
		}
		t := leadOf(some, times)
		if times != nil {
			medians, lowers, uppers = append(medians, t.median), append(lowers, t.lower), append(uppers, t.upper)
			aheads, helds = append(aheads, t.ahead), append(helds, t.held)
			continue
		}
		l.Alarmed = t.alarmed
		l.Ahead, l.Held = spread(t.ahead, aheads), spread(t.held, helds)
		l.Median, l.Lower, l.Upper = spread(t.median, medians), spread(t.lower, lowers), spread(t.upper, uppers)
	}
	if l.Alarmed < LeastStops {
		l.Median, l.Lower, l.Upper = NotKnown(), NotKnown(), NotKnown()
	}
	return l
}
