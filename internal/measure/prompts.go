package measure

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/model"
)

// The range of a request: what buyers ask for, and the whole context.
const (
	longestPrompt    = 240 // bytes
	shortestOutput   = 16  // tokens
	longestOutput    = 256
	coldest, hottest = 0.05, 2.0 // temperature
)

// Source gives requests that begin with beginnings of Go declarations, out of a tree of Go files.
type Source struct {
	rng   *rand.Rand
	files []string // those not read yet, in random order
	texts [][]byte // declarations with their comments, of the files read so far
}

// NewSource lists the Go files under root. Equal random numbers give equal
// requests as long as the files are the same.
func NewSource(root string, rng *rand.Rand) (*Source, error) {
	s := &Source{rng: rng}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "testdata":
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix(path, ".go"):
			s.files = append(s.files, path)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list Go files: %w", err)
	}
	rng.Shuffle(len(s.files), func(i, k int) { s.files[i], s.files[k] = s.files[k], s.files[i] })
	if len(s.files) == 0 {
		return nil, fmt.Errorf("there are no Go files under %s: name a tree with some, such as $(go env GOROOT)/src, with --source", root)
	}
	return s, nil
}

// declaration is one that was not given before.
func (s *Source) declaration() ([]byte, error) {
	for len(s.texts) == 0 {
		if len(s.files) == 0 {
			return nil, errors.New("the Go files have too few declarations: name a larger tree with --source, or ask for fewer outputs")
		}
		path := s.files[0]
		s.files = s.files[1:]
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read Go file: %w", err)
		}
		s.texts = declarations(text)
		s.rng.Shuffle(len(s.texts), func(i, k int) { s.texts[i], s.texts[k] = s.texts[k], s.texts[i] })
		s.texts = s.texts[:min(len(s.texts), 4)] // no file shall dominate
	}
	text := s.texts[0]
	s.texts = s.texts[1:]
	return text, nil
}

func declarations(text []byte) (all [][]byte) {
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, "", text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil // the tree holds some that are wrong on purpose
	}
	for _, d := range f.Decls {
		from := d.Pos()
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Doc != nil {
				from = d.Doc.Pos()
			}
		case *ast.GenDecl:
			if d.Tok == token.IMPORT {
				continue
			}
			if d.Doc != nil {
				from = d.Doc.Pos()
			}
		}
		if piece := text[files.Position(from).Offset:files.Position(d.End()).Offset]; len(piece) >= 16 {
			all = append(all, piece)
		}
	}
	return all
}

// Ordinary is what a buyer asks for: mostly a completion, sometimes a chat;
// greedy or seeded. tokens 0 means any number.
func (s *Source) Ordinary(tokens int) (inference.Request, error) {
	text, err := s.declaration()
	if err != nil {
		return inference.Request{}, err
	}
	text = text[:8+s.rng.IntN(min(len(text), longestPrompt)-8)]
	prompt := model.EncodePrompt(text)
	if s.rng.IntN(5) == 0 {
		chat := model.EncodeChat([][]byte{text})
		if len(chat) <= longestPrompt+1 {
			prompt = chat
		}
	}
	if tokens == 0 {
		tokens = shortestOutput + s.rng.IntN(longestOutput-shortestOutput+1)
	}
	var temperature, topP float64 = 0, 1
	if s.rng.IntN(10) >= 3 {
		temperature = coldest * math.Exp(s.rng.Float64()*math.Log(hottest/coldest))
		if s.rng.IntN(2) == 0 {
			topP = 0.3 + 0.7*s.rng.Float64()
		}
	}
	sampling, err := inference.NewSampling(temperature, topP, s.Seed(), uint32(tokens))
	return inference.Request{Prompt: prompt, Sampling: sampling}, err
}

// Under is an ordinary request under a rule: greedy or seeded.
func (s *Source) Under(rule posp.SamplingRule, tokens int) (inference.Request, error) {
	for {
		r, err := s.Ordinary(tokens)
		if err != nil || r.Sampling.Rule == rule {
			return r, err
		}
	}
}

// Hostile is a request that none of Ordinary's is like, by a buyer who wants an
// honest provider to look bad: random tokens, at the highest temperature, up to
// the whole context.
func (s *Source) Hostile(context int) (inference.Request, error) {
	prompt := make([]uint32, 1+s.rng.IntN(context/2))
	for i := range prompt {
		prompt[i] = s.rng.Uint32N(256)
	}
	sampling, err := inference.NewSampling(10, 1, s.Seed(), uint32(context-len(prompt)))
	return inference.Request{Prompt: prompt, Sampling: sampling}, err
}

// Seed is one of a request.
func (s *Source) Seed() (seed posp.Hash) {
	for i := range seed {
		seed[i] = byte(s.rng.Uint32())
	}
	return seed
}

// Arbitrary is a request of random tokens to a model of which no text is
// known: a third greedy, the others seeded, at temperatures up to 1.5.
func Arbitrary(rng *rand.Rand, vocab, prompt, tokens int) (inference.Request, error) {
	r := inference.Request{Prompt: make([]uint32, prompt)}
	for i := range r.Prompt {
		r.Prompt[i] = rng.Uint32N(uint32(vocab))
	}
	temperature := 0.0
	if rng.IntN(3) > 0 {
		temperature = 0.3 + 1.2*rng.Float64()
	}
	var err error
	r.Sampling, err = inference.NewSampling(temperature, 1, (&Source{rng: rng}).Seed(), uint32(tokens))
	return r, err
}
