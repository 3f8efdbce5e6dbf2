package history

import "strings"

// Classes of domains that say nothing about an employer. They stand in Identity.Domain in place of a domain: unknown and
// noreply in every history, all four in one from an archive.
const (
	DomainFreemail = "freemail" // an address that anybody can have
	DomainNoReply  = "noreply"  // an address that a forge made
	DomainUnknown  = "unknown"  // no domain, or none that exists outside one machine or network
	DomainPersonal = "personal" // a domain of one's own, or of too few people to hide among
)

// DomainClass gives the class of a domain by its name alone: freemail, noreply, unknown or, if it may be an organisation's,
// nothing. Whether a domain is personal can only be said among others (WriteArchive).
func DomainClass(domain string) string {
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	switch domain {
	case DomainFreemail, DomainNoReply, DomainUnknown, DomainPersonal:
		return domain
	}
	dot := strings.LastIndexByte(domain, '.')
	if dot <= 0 || len(domain) > 253 || localOnly[domain[dot+1:]] || !hostName(domain) {
		return DomainUnknown
	}
	if freemail[domain] {
		return DomainFreemail
	}
	if strings.HasPrefix(domain, "noreply.") || strings.Contains(domain, ".noreply.") {
		return DomainNoReply
	}
	// Providers that lend one name under many countries: yahoo.co.jp, hotmail.fr, yandex.com.tr.
	if first, rest, _ := strings.Cut(domain, "."); freemailFamily[first] && len(rest) <= 6 {
		return DomainFreemail
	}
	return ""
}

// hostName tells whether s is made of labels of letters, digits and hyphens, the last of them no number (as in an IP address).
func hostName(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
		for _, r := range label {
			if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_') {
				return false
			}
		}
	}
	last := s[strings.LastIndexByte(s, '.')+1:]
	return last[0] < '0' || last[0] > '9'
}

// localOnly are endings that no domain on the internet has: RFC 2606, RFC 6761, RFC 6762, RFC 8375 and what machines and
// routers make up.
var localOnly = words(`
	invalid test localhost local localdomain lan home internal intranet corp private arpa onion domain host none null
	(none) fritz.box box
`)

// freemail are providers of mailboxes for everybody, most with a domain of several million users, and access providers
// whose customers get an address.
var freemail = words(`
	gmail.com googlemail.com google.mail.com
	outlook.com hotmail.com live.com msn.com passport.com windowslive.com
	yahoo.com ymail.com rocketmail.com myyahoo.com
	icloud.com me.com mac.com
	aol.com aim.com netscape.net
	proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tuta.io tutamail.com keemail.me
	fastmail.com fastmail.fm fastmail.net fastmail.org fastmail.cn fastmail.us fastmail.co.uk fastmail.in fastmail.jp fastmail.to
	sent.com mailbox.org posteo.de posteo.net posteo.org riseup.net disroot.org autistici.org cock.li airmail.cc hushmail.com hush.com
	hey.com duck.com runbox.com zoho.com zohomail.com mail.com email.com usa.net inbox.com lavabit.com mailfence.com startmail.com
	gmx.com gmx.net gmx.de gmx.at gmx.ch gmx.fr gmx.us gmx.org gmx.info web.de freenet.de t-online.de arcor.de online.de mail.de email.de
	kabelmail.de vodafone.de bluewin.ch
	mail.ru bk.ru inbox.ru list.ru internet.ru ya.ru rambler.ru lenta.ru nm.ru pochta.ru narod.ru tut.by
	ukr.net i.ua bigmir.net meta.ua
	qq.com vip.qq.com foxmail.com 163.com vip.163.com 126.com vip.126.com yeah.net 188.com sina.com vip.sina.com sina.cn sohu.com
	139.com 189.cn wo.cn 21cn.com tom.com 263.net aliyun.com
	naver.com hanmail.net daum.net nate.com kakao.com korea.com hotmail.co.kr dreamwiz.com empal.com lycos.co.kr paran.com
	docomo.ne.jp ezweb.ne.jp softbank.ne.jp nifty.com biglobe.ne.jp ocn.ne.jp excite.co.jp goo.jp
	hinet.net seed.net.tw pchome.com.tw
	rediffmail.com rediff.com sify.com in.com
	orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr numericable.fr voila.fr club-internet.fr aliceadsl.fr cegetel.net
	libero.it tiscali.it virgilio.it alice.it tin.it fastwebnet.it email.it
	terra.es telefonica.net ono.com sapo.pt
	terra.com.br uol.com.br bol.com.br ig.com.br
	seznam.cz email.cz centrum.cz post.cz atlas.cz volny.cz azet.sk zoznam.sk
	wp.pl o2.pl onet.pl op.pl poczta.onet.pl interia.pl interia.eu poczta.fm gazeta.pl tlen.pl vp.pl go2.pl
	freemail.hu citromail.hu abv.bg mail.bg
	telia.com bredband.net home.se spray.se online.no broadpark.no stofanet.dk post.tele.dk mail.dk kolumbus.fi saunalahti.fi iki.fi
	telenet.be skynet.be pandora.be xs4all.nl home.nl planet.nl ziggo.nl kpnmail.nl hetnet.nl chello.nl upcmail.nl chello.at aon.at
	btinternet.com btopenworld.com ntlworld.com virginmedia.com blueyonder.co.uk sky.com talktalk.net tiscali.co.uk freeserve.co.uk
	comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net mindspring.com juno.com
	optonline.net rr.com roadrunner.com pacbell.net swbell.net ameritech.net frontier.com centurylink.net
	rogers.com shaw.ca telus.net sympatico.ca videotron.ca bell.net
	bigpond.com bigpond.net.au optusnet.com.au iinet.net.au internode.on.net xtra.co.nz
	users.sourceforge.net users.sf.net
`)

// freemailFamily are first labels of providers whose other labels are a country's.
var freemailFamily = words(`yahoo hotmail live outlook yandex gmx aol msn ymail`)

func words(text string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(text) {
		m[w] = true
	}
	return m
}
