package transport

import (
	"net/netip"
	"sync"

	"golang.org/x/time/rate"
)

// Peers bound what one address may ask at once and over time. Nobody has proved
// anything yet: this keeps one address from using up what is there for all.
type Peers struct {
	Concurrent int     // requests at once of one address (IPv6: of one /64)
	Rate       float64 // requests a second, over time
	Burst      int     // at once after a pause

	mu sync.Mutex
	of map[netip.Prefix]*peer
}

type peer struct {
	seats int
	rate  *rate.Limiter
}

// maxPeers is when those that ask nothing now are forgotten.
const maxPeers = 1 << 14

// Enter takes a request of a remote address, host:port; leave ends it.
func (p *Peers) Enter(remote string) (leave func(), ok bool) {
	key := Network(remote)
	p.mu.Lock()
	defer p.mu.Unlock()
	own := p.of[key]
	if own == nil {
		if p.of == nil {
			p.of = map[netip.Prefix]*peer{}
		}
		if len(p.of) >= maxPeers {
			for k, o := range p.of {
				if o.seats == 0 {
					delete(p.of, k)
				}
			}
		}
		own = &peer{rate: rate.NewLimiter(rate.Limit(p.Rate), p.Burst)}
		p.of[key] = own
	}
	if own.seats >= p.Concurrent || !own.rate.Allow() {
		return nil, false
	}
	own.seats++
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		own.seats--
	}, true
}

// Network is what counts as one peer: an IPv4 address, or the /64 that one
// customer of an IPv6 network has. What is no address is all one peer.
func Network(remote string) netip.Prefix {
	a, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Prefix{}
	}
	ip, bits := a.Addr().Unmap().WithZone(""), 32
	if ip.Is6() {
		bits = 64
	}
	prefix, err := ip.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return prefix
}
