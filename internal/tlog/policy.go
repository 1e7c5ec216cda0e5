package tlog

import (
	"fmt"
	"net/url"
	"strings"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
)

// Policy says which log is meant, where it is, and which witnesses must have
// signed a head of it. Its text is that of Sigsum's and C2SP's policies:
//
//	log VERIFIER-KEY URL
//	witness NAME VERIFIER-KEY URL
//	group NAME any|all|N NAME...
//	quorum NAME|none
//
// A verifier key is NAME+HASH+BASE64 (c2sp.org/signed-note). One text serves the
// log, which asks its witnesses, and those who read it.
type Policy struct {
	text string
	url  string
	log  note.Verifier
	torchwood.Policy
}

// ParsePolicy reads a policy of exactly one log, which must say where it is.
func ParsePolicy(text string) (p Policy, err error) {
	p.text = text
	for _, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		f := strings.Fields(line)
		if len(f) == 0 || f[0] != "log" {
			continue
		}
		if p.log != nil {
			return Policy{}, fmt.Errorf("log policy: it names two logs")
		}
		if len(f) != 3 {
			return Policy{}, fmt.Errorf("log policy: want a line %q", "log VERIFIER-KEY URL")
		}
		if p.log, err = note.NewVerifier(f[1]); err != nil {
			return Policy{}, fmt.Errorf("log policy: verifier key %q: %w", f[1], err)
		}
		u, err := url.Parse(f[2])
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return Policy{}, fmt.Errorf("log policy: %q is not an http URL", f[2])
		}
		p.url = strings.TrimSuffix(f[2], "/")
	}
	if p.log == nil {
		return Policy{}, fmt.Errorf("log policy: want a line %q", "log VERIFIER-KEY URL")
	}
	if p.Policy, err = torchwood.ParsePolicy([]byte(text)); err != nil {
		return Policy{}, fmt.Errorf("log policy: %w", err)
	}
	return p, nil
}

// String is the policy's text.
func (p Policy) String() string { return p.text }

// Origin is the log's name.
func (p Policy) Origin() string { return p.log.Name() }

// checkLog refuses a key that is not the policy's log's.
func (p Policy) checkLog(s note.Signer) error {
	if s.Name() != p.log.Name() || s.KeyHash() != p.log.KeyHash() {
		return fmt.Errorf("the log's key is %s+%08x; the policy names %s+%08x", s.Name(), s.KeyHash(), p.log.Name(), p.log.KeyHash())
	}
	return nil
}
