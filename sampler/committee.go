package sampler

import (
	"encoding/binary"
	"slices"
	"sort"

	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/merkle"
)

// Electorate is an epoch's operator table, made ready to draw committees of many
// batches from: each of them costs nothing that grows with the table, but for a
// logarithm.
type Electorate struct {
	members  []posp.Member
	before   []uint256.Int // weight before each row
	total    *uint256.Int
	eligible int // rows that weigh something
}

// NewElectorate takes the whole table. Members out of order, without a weight,
// or whose weights overflow are a ValidationError.
func NewElectorate(members []posp.Member) (*Electorate, error) {
	before, total, err := Sums(members)
	if err != nil {
		return nil, err
	}
	e := &Electorate{members: members, before: before, total: total}
	for i := range members {
		if !members[i].Weight.IsZero() {
			e.eligible++
		}
	}
	return e, nil
}

// Committees draws the committees of one batch: operators of the epoch's
// table, by weight, without the provider and whom it declares excluded.
//
// Committees reuses its memory: one goroutine at a time.
type Committees struct {
	*Electorate
	out   []int       // rows that are excluded and weigh something, ascending
	left  uint256.Int // the weight without them
	taken []int       // scratch: those and the members of a committee so far, ascending
	hash  hasher
	in    [4 * 32]byte // abi(tag, seed, j, r)
}

var tagCommittee = posp.Tag("posp.committee.v1")

// Committees takes the batch's seed.
func (e *Electorate) Committees(seed posp.Hash, exclude ...posp.Address) *Committees {
	c := &Committees{Electorate: e, left: *e.total, hash: newHasher()}
	for _, a := range exclude {
		i, found := slices.BinarySearchFunc(e.members, a, func(m posp.Member, a posp.Address) int { return m.Operator.Cmp(a) })
		if at, again := slices.BinarySearch(c.out, i); found && !again && !e.members[i].Weight.IsZero() {
			c.out = slices.Insert(c.out, at, i)
			c.left.Sub(&c.left, e.members[i].Weight)
		}
	}
	copy(c.in[:], tagCommittee[:])
	copy(c.in[32:], seed[:])
	return c
}

// NewCommittees is the Committees of one batch alone.
func NewCommittees(seed posp.Hash, members []posp.Member, exclude ...posp.Address) (*Committees, error) {
	e, err := NewElectorate(members)
	if err != nil {
		return nil, err
	}
	return e.Committees(seed, exclude...), nil
}

// Size is how many a committee of m has: all the eligible when there are fewer.
func (c *Committees) Size(m int) int { return max(0, min(m, c.eligible-len(c.out))) }

// Append appends the committee of sample j to dst: up to m indices into the
// table, in the order drawn; all the eligible when there are fewer.
func (c *Committees) Append(dst []int, j uint64, m int) []int {
	c.taken = append(c.taken[:0], c.out...)
	left := c.left // the weight still in
	binary.BigEndian.PutUint64(c.in[88:], j)
	for r := range c.Size(m) {
		binary.BigEndian.PutUint64(c.in[120:], uint64(r))
		var u uint256.Int
		u.SetBytes32(c.hash.sum(c.in[:])[:])
		u.Mod(&u, &left)
		i := c.at(&u)
		at, _ := slices.BinarySearch(c.taken, i)
		c.taken = slices.Insert(c.taken, at, i)
		left.Sub(&left, c.members[i].Weight)
		dst = append(dst, i)
	}
	return dst
}

// at is the eligible member in whose interval u falls: the first of those
// still in whose running sum is above u. It uses u up: where it would be if those
// who are out were still in.
func (c *Committees) at(u *uint256.Int) int {
	for _, i := range c.taken {
		if u.Lt(&c.before[i]) {
			break
		}
		u.Add(u, c.members[i].Weight)
	}
	// The last that begins at or before u; those that weigh nothing begin where the next does.
	return sort.Search(len(c.before), func(i int) bool { return u.Lt(&c.before[i]) }) - 1
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
