package main

import (
	"context"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/sampler"
)

const (
	drawn     = 1_000_000 // samples
	operators = 50
	committee = 3
)

// measureDraw draws from few leaves and from many, each in a process of its
// own, so that their memory can be compared.
func measureDraw(ctx context.Context, f *figures) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	for _, c := range []struct {
		leaves uint64
		name   string
		goal   float64
	}{{1, "1", 0}, {1_000_000, "10^6", 0}, {1_000_000_000, "10^9", 10}} {
		cmd := exec.CommandContext(ctx, self, "-draw", fmt.Sprint(c.leaves))
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("draw of %d: %w", c.leaves, err)
		}
		took, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
		if err != nil {
			return fmt.Errorf("draw of %d: %w", c.leaves, err)
		}
		if c.leaves == 1 { // what the process has without drawing
			f.add("peak memory of a process that draws 1 of 1", "MiB", 0, peak(cmd))
			continue
		}
		f.add("10^6 of "+c.name+" leaves, committees of 3 of 50", "s", c.goal, took)
		f.add("peak memory of 10^6 of "+c.name, "MiB", 0, peak(cmd))
	}
	return nil
}

// drawOnce draws up to 10^6 samples of that many leaves with their committees,
// on all processors, and prints the seconds.
func drawOnce(leaves uint64) error {
	members := make([]posp.Member, operators)
	for i := range members {
		members[i] = posp.Member{Operator: common.BigToAddress(big.NewInt(int64(i + 1))), Weight: uint256.NewInt(uint64(i+1) * 1e18 / operators)}
	}
	k, workers := min(leaves, drawn), uint64(runtime.GOMAXPROCS(0))
	seed, batch := posp.Tag("posp.bench.seed"), posp.Tag("posp.bench.batch")
	begin := time.Now()
	var g errgroup.Group
	for w := range workers {
		g.Go(func() error {
			d, err := sampler.New(seed, leaves, k)
			if err != nil {
				return err
			}
			c, err := sampler.NewCommittees(seed, members)
			if err != nil {
				return err
			}
			var rows []int
			for j, leaf := range d.Range(w*k/workers, (w+1)*k/workers) {
				rows = c.Append(rows[:0], j, committee)
				if id := posp.SampleID(batch, j, leaf); len(rows) != committee || id == (posp.Hash{}) {
					return fmt.Errorf("sample %d has a committee of %d", j, len(rows))
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	fmt.Println(time.Since(begin).Seconds())
	return nil
}
