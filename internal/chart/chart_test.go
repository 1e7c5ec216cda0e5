package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every chart must say what its lines are, and be what its name says.
func TestChartsAreWritten(t *testing.T) {
	lines := []Line{
		{Name: "honest one", X: []float64{0.01, 1}, Y: []float64{1e12, math.Inf(1)}, Honest: true},
		{Name: "cheat two", X: []float64{0.01, 0.05, 1}, Y: []float64{1e4, 100, 1}},
	}
	samples := []Sample{{Name: "honest one", LogE: []float64{-0.7, -0.5}, Honest: true}, {Name: "cheat two", LogE: []float64{5, 24}}}
	for name, make := range map[string]func() (*Chart, error){
		"run-lengths": func() (*Chart, error) { return RunLengths("the title", lines, 1e9) },
		"one fraction": func() (*Chart, error) {
			return RunLengths("the title", []Line{{Name: "honest one", X: []float64{1}, Y: []float64{3}}, {Name: "cheat two", X: []float64{1}, Y: []float64{2}}}, 1e9)
		},
		"paths": func() (*Chart, error) { return Paths("the title", lines, 20.7) },
		"loge":  func() (*Chart, error) { return LogE("the title", samples, 13.8) },
		"bars": func() (*Chart, error) {
			return Bars("the title", "gas", []string{"honest one", "cheat two"}, []Bar{{"a", []float64{1, 2}}, {"b", []float64{3, 4}}})
		},
		"growth": func() (*Chart, error) { return Growth("the title", "rows", "gas", lines) },
	} {
		p, err := make()
		if err != nil {
			t.Fatal(err)
		}
		svg := filepath.Join(t.TempDir(), name+".svg")
		if err := p.Save(svg); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(svg)
		if err != nil {
			t.Fatal(err)
		}
		words, dec := "", xml.NewDecoder(bytes.NewReader(b))
		for {
			token, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s is no XML: %v", name, err)
			}
			if c, ok := token.(xml.CharData); ok {
				words += string(c)
			}
		}
		if name == "run-lengths" && (!strings.Contains(words, "1e9") || !strings.Contains(words, "5 %") || !strings.Contains(words, "1000")) {
			t.Errorf("%s has no ticks: %s", name, words)
		}
		for _, want := range []string{"the title", "honest one", "cheat two"} {
			if !strings.Contains(words, want) {
				t.Errorf("%s does not say %q", name, want)
			}
		}
		raster := filepath.Join(t.TempDir(), name+".PNG")
		if err := p.Save(raster); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(raster)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		img, err := png.Decode(f)
		if err != nil {
			t.Fatal(err)
		}
		r, g, bl, a := colors[0].RGBA()
		found := false
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				pr, pg, pb, pa := img.At(x, y).RGBA()
				found = found || pr == r && pg == g && pb == bl && pa == a
			}
		}
		if !found {
			t.Errorf("%s: the cheat's line is not there", name)
		}
	}
	if newChart("", "", "").Save(filepath.Join(t.TempDir(), "x.jpg")) == nil {
		t.Error("a chart with an unknown ending is written")
	}
}
