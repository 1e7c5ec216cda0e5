package sampler

import (
	"encoding/binary"

	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/merkle"
)

// Committees draws the committees of one batch: operators of the epoch's
// table, by weight, without the provider and whom it declares excluded.
//
// Committees reuses its memory: one goroutine at a time.
type Committees struct {
	index  []int         // of the eligible, in the table
	weight []uint256.Int // theirs, above 0
	total  uint256.Int   // of those
	taken  []bool        // scratch: eligible already in the committee
	hash   hasher
	in     [4 * 32]byte // abi(tag, seed, j, r)
}

var tagCommittee = posp.Tag("posp.committee.v1")

// NewCommittees takes the batch's seed and the whole table. Members out of
// order, without a weight, or whose weights overflow are a ValidationError.
func NewCommittees(seed posp.Hash, members []posp.Member, exclude ...posp.Address) (*Committees, error) {
	if _, _, err := Sums(members); err != nil {
		return nil, err
	}
	out := make(map[posp.Address]bool, len(exclude))
	for _, a := range exclude {
		out[a] = true
	}
	c := &Committees{hash: newHasher()}
	for i, m := range members {
		if !out[m.Operator] && !m.Weight.IsZero() {
			c.index = append(c.index, i)
			c.weight = append(c.weight, *m.Weight)
			c.total.Add(&c.total, m.Weight)
		}
	}
	c.taken = make([]bool, len(c.index))
	copy(c.in[:], tagCommittee[:])
	copy(c.in[32:], seed[:])
	return c, nil
}

// Append appends the committee of sample j to dst: up to m indices into the
// table, in the order drawn; all the eligible when there are fewer.
func (c *Committees) Append(dst []int, j uint64, m int) []int {
	clear(c.taken)
	left := c.total // the weight still in
	binary.BigEndian.PutUint64(c.in[88:], j)
	for r := range max(0, min(m, len(c.index))) {
		binary.BigEndian.PutUint64(c.in[120:], uint64(r))
		var u uint256.Int
		u.SetBytes32(c.hash.sum(c.in[:])[:])
		u.Mod(&u, &left)
		i := c.at(&u)
		c.taken[i] = true
		left.Sub(&left, &c.weight[i])
		dst = append(dst, c.index[i])
	}
	return dst
}

// at is the eligible member in whose interval u falls: the first of those
// still in whose running sum is above u. It uses u up.
func (c *Committees) at(u *uint256.Int) int {
	for i := range c.weight {
		if c.taken[i] {
			continue
		}
		if u.Lt(&c.weight[i]) {
			return i
		}
		u.Sub(u, &c.weight[i])
	}
	panic("sampler: u is not below the weight still in") // Append took it modulo that
}

// Committee is the committee of one sample; for many, NewCommittees.
func Committee(seed posp.Hash, j uint64, members []posp.Member, exclude []posp.Address, m int) ([]int, error) {
	c, err := NewCommittees(seed, members, exclude...)
	if err != nil {
		return nil, err
	}
	return c.Append(nil, j, m), nil
}

// Sums is the weight before each member, and the total. It is where a table is
// checked: members must ascend by address, every weight be set, and the total
// fit into 256 bits; otherwise a ValidationError.
func Sums(members []posp.Member) (before []uint256.Int, total *uint256.Int, err error) {
	before, total = make([]uint256.Int, len(members)), new(uint256.Int)
	for i, m := range members {
		if i > 0 && members[i-1].Operator.Cmp(m.Operator) >= 0 {
			return nil, nil, posp.Invalidf("operator table: %s does not ascend at row %d", m.Operator, i)
		}
		if m.Weight == nil {
			return nil, nil, posp.Invalidf("operator table: %s has no weight", m.Operator)
		}
		before[i] = *total
		if _, over := total.AddOverflow(total, m.Weight); over {
			return nil, nil, posp.Invalidf("operator table: the weights overflow 256 bits at %s", m.Operator)
		}
	}
	return before, total, nil
}

// TableTree is the tree over the rows of an operator table, for proofs.
func TableTree(members []posp.Member) (*merkle.Tree, error) {
	before, _, err := Sums(members)
	if err != nil {
		return nil, err
	}
	rows := make([]posp.Hash, len(members))
	for i, m := range members {
		if m.KeyX == nil || m.KeyY == nil {
			return nil, posp.Invalidf("operator table: %s has no key", m.Operator)
		}
		rows[i] = m.LeafHash(&before[i])
	}
	return merkle.New(rows), nil
}

// TableRoot is the root of an operator table.
func TableRoot(members []posp.Member) (posp.Hash, error) {
	tree, err := TableTree(members)
	if err != nil {
		return posp.Hash{}, err
	}
	return tree.Root(), nil
}
