// Package chart draws what the protocol's numbers look like: run lengths of
// the sequential test, standings as they move, and log e-values of honest
// parties beside those of cheats.
package chart

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	_ "gonum.org/v1/plot/vg/vgsvg" // a format that Save writes
)

// Line is one named series; points with an infinite or NaN y are left out.
type Line struct {
	Name   string
	X, Y   []float64
	Honest bool // drawn in black and broken
}

const (
	width, height = 22 * vg.Centimeter, 11 * vg.Centimeter
	legendWidth   = 5 * vg.Centimeter
)

// Chart is a plot with its legend, which stands beside it.
type Chart struct {
	plot   *plot.Plot
	legend plot.Legend
}

// colors are told apart by those who see few (Okabe and Ito).
var colors = []color.RGBA{
	{0, 114, 178, 255}, {213, 94, 0, 255}, {0, 158, 115, 255}, {204, 121, 167, 255},
	{230, 159, 0, 255}, {86, 180, 233, 255}, {120, 120, 120, 255}, {150, 75, 0, 255},
}

func newChart(title, x, y string) *Chart {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Title.Padding = vg.Points(6)
	c := &Chart{p, plot.NewLegend()}
	for _, style := range []*text.Style{&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label, &c.legend.TextStyle} {
		style.Font.Variant = "Sans"
	}
	c.legend.TextStyle.Font.Size, c.legend.Padding = vg.Points(9), vg.Points(2)
	c.legend.Top, c.legend.Left = true, true
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = color.Gray{230}, color.Gray{230}
	p.Add(grid)
	return c
}

// style is the i-th cheat's, or the honest one's.
func style(i int, honest bool) draw.LineStyle {
	if honest {
		return draw.LineStyle{Color: color.Black, Width: vg.Points(1.5), Dashes: []vg.Length{vg.Points(5), vg.Points(3)}}
	}
	s := draw.LineStyle{Color: colors[i%len(colors)], Width: vg.Points(1.5)}
	if i >= len(colors) {
		s.Dashes = []vg.Length{vg.Points(2), vg.Points(2)}
	}
	return s
}

// addLines draws lines with their names in the legend.
func (c *Chart) addLines(lines []Line, points bool) error {
	cheats := 0
	for _, l := range lines {
		s := style(cheats, l.Honest)
		if !l.Honest {
			cheats++
		}
		var xy plotter.XYs
		for i, y := range l.Y {
			if !math.IsInf(y, 0) && !math.IsNaN(y) {
				xy = append(xy, plotter.XY{X: l.X[i], Y: y})
			}
		}
		if len(xy) == 0 {
			continue
		}
		line, err := plotter.NewLine(xy)
		if err != nil {
			return fmt.Errorf("draw %s: %w", l.Name, err)
		}
		line.LineStyle = s
		c.plot.Add(line)
		if points {
			dots, err := plotter.NewScatter(xy)
			if err != nil {
				return fmt.Errorf("draw %s: %w", l.Name, err)
			}
			dots.GlyphStyle = draw.GlyphStyle{Color: s.Color, Radius: vg.Points(2.5), Shape: draw.CircleGlyph{}}
			c.plot.Add(dots)
		}
		c.legend.Add(l.Name, line)
	}
	return nil
}

// level draws a horizontal line at y with its name.
func (c *Chart) level(y float64, name string) {
	f := plotter.NewFunction(func(float64) float64 { return y })
	f.LineStyle = draw.LineStyle{Color: color.RGBA{R: 200, A: 255}, Width: vg.Points(1), Dashes: []vg.Length{vg.Points(1), vg.Points(2)}}
	c.plot.Add(f)
	c.legend.Add(name, f)
}

// RunLengths draws expected samples to a fault (log scale) against the
// fraction of samples that are cheated (log scale, above 0), and 1/alpha.
func RunLengths(title string, lines []Line, oneIn float64) (*Chart, error) {
	c := newChart(title, "fraction of samples cheated", "expected samples to a fault")
	p := c.plot
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = fractionTicks{}, powers{}
	if err := c.addLines(lines, true); err != nil {
		return nil, err
	}
	c.level(oneIn, "1/alpha")
	p.X.Min, p.X.Max = min(p.X.Min, 0.01), 1
	p.Y.Min, p.Y.Max = 1, max(p.Y.Max, 10*oneIn)
	// Beyond this it does not matter, and one long line would flatten the others.
	p.Y.Max = min(p.Y.Max, 1e3*oneIn)
	return c, nil
}

// powers marks powers of ten.
type powers struct{}

func (powers) Ticks(low, high float64) (ticks []plot.Tick) {
	for e := math.Ceil(math.Log10(low) - 1e-9); e <= math.Log10(high)+1e-9; e++ {
		label := fmt.Sprintf("%.0f", math.Pow(10, e))
		if e > 5 {
			label = fmt.Sprintf("1e%.0f", e)
		}
		ticks = append(ticks, plot.Tick{Value: math.Pow(10, e), Label: label})
	}
	return ticks
}

// fractionTicks marks 1, 2 and 5 of each power of ten.
type fractionTicks struct{}

func (fractionTicks) Ticks(low, high float64) (ticks []plot.Tick) {
	for e := math.Floor(math.Log10(low)); e <= math.Ceil(math.Log10(high)); e++ {
		for _, m := range []float64{1, 2, 5} {
			if x := m * math.Pow(10, e); x >= low*0.999 && x <= high*1.001 {
				ticks = append(ticks, plot.Tick{Value: x, Label: fmt.Sprintf("%.4g %%", 100*x)})
			}
		}
	}
	return ticks
}

// Paths draws standings (nats) after each sample, and the line.
func Paths(title string, lines []Line, line float64) (*Chart, error) {
	c := newChart(title, "samples", "standing, nats")
	if err := c.addLines(lines, false); err != nil {
		return nil, err
	}
	c.plot.X.Min = 0
	c.level(line, "fault")
	c.plot.Y.Min, c.plot.Y.Max = 0, 1.35*line
	return c, nil
}

// Sample is a named sample of log e-values in nats.
type Sample struct {
	Name   string
	LogE   []float64
	Honest bool
}

// LogE draws what share of each sample's log e-values lie above each value:
// the honest ones must fall off at once, a cheat's reach the right.
func LogE(title string, samples []Sample, failAt float64) (*Chart, error) {
	c := newChart(title, "logE of one sample, nats", "share of samples above")
	const points = 400
	low, high := 0.0, failAt
	for _, s := range samples {
		for _, x := range s.LogE {
			low, high = min(low, x), max(high, x)
		}
	}
	low, high = low-0.5, high+0.5
	var lines []Line
	for _, s := range samples {
		l := Line{Name: fmt.Sprintf("%s (%d)", s.Name, len(s.LogE)), Honest: s.Honest}
		for i := range points + 1 {
			x := low + (high-low)*float64(i)/points
			above := 0
			for _, y := range s.LogE {
				if y > x {
					above++
				}
			}
			l.X, l.Y = append(l.X, x), append(l.Y, float64(above)/float64(max(1, len(s.LogE))))
		}
		lines = append(lines, l)
	}
	if err := c.addLines(lines, false); err != nil {
		return nil, err
	}
	fail, err := plotter.NewLine(plotter.XYs{{X: failAt, Y: 0}, {X: failAt, Y: 1}})
	if err != nil {
		return nil, fmt.Errorf("draw %s: %w", title, err)
	}
	fail.LineStyle = draw.LineStyle{Color: color.RGBA{R: 200, A: 255}, Width: vg.Points(1), Dashes: []vg.Length{vg.Points(1), vg.Points(2)}}
	c.plot.Add(fail)
	c.legend.Add("FAIL", fail)
	c.plot.Y.Min, c.plot.Y.Max = 0, 1
	return c, nil
}

// Bar is a sum of parts.
type Bar struct {
	Name  string
	Parts []float64 // as many as there are names of parts
}

// Bars draws sums one beside the other, each as its parts, the first lowest.
func Bars(title, y string, parts []string, bars []Bar) (*Chart, error) {
	c := newChart(title, "", y)
	var names []string
	for _, b := range bars {
		if len(b.Parts) != len(parts) {
			return nil, fmt.Errorf("draw %s: %d parts of %d", b.Name, len(b.Parts), len(parts))
		}
		names = append(names, b.Name)
	}
	width := 10 * vg.Centimeter / vg.Length(max(1, len(bars)))
	var below *plotter.BarChart
	for i, name := range parts {
		values := make(plotter.Values, len(bars))
		for k, b := range bars {
			values[k] = b.Parts[i]
		}
		layer, err := plotter.NewBarChart(values, width)
		if err != nil {
			return nil, fmt.Errorf("draw %s: %w", name, err)
		}
		layer.Color, layer.LineStyle.Width = colors[i%len(colors)], vg.Points(0.5)
		layer.LineStyle.Color = color.White
		if below != nil {
			layer.StackOn(below)
		}
		below = layer
		c.plot.Add(layer)
		c.legend.Add(name, layer)
	}
	c.plot.NominalX(names...)
	c.plot.Y.Min = 0
	return c, nil
}

// Growth draws lines over a size (log scale).
func Growth(title, x, y string, lines []Line) (*Chart, error) {
	c := newChart(title, x, y)
	c.plot.X.Scale, c.plot.X.Tick.Marker = plot.LogScale{}, powers{}
	if err := c.addLines(lines, true); err != nil {
		return nil, err
	}
	c.plot.Y.Min = 0
	return c, nil
}

// CheckName refuses a file name of which Save cannot tell the format.
func CheckName(path string) error {
	if ext := strings.ToLower(filepath.Ext(path)); ext != ".svg" && ext != ".png" {
		return fmt.Errorf("chart %s: the name must end in .svg or .png", path)
	}
	return nil
}

// Save writes the chart as SVG or PNG, by the name's ending.
func (c *Chart) Save(path string) error {
	if err := CheckName(path); err != nil {
		return err
	}
	canvas, err := draw.NewFormattedCanvas(width, height, strings.ToLower(filepath.Ext(path))[1:])
	if err != nil {
		return fmt.Errorf("draw chart: %w", err)
	}
	all := draw.New(canvas)
	if _, raster := canvas.(vgimg.PngCanvas); raster { // which has no background of its own
		all.SetColor(color.White)
		all.Fill(all.Rectangle.Path())
	}
	margin := vg.Points(8)
	c.plot.Draw(draw.Crop(all, margin, -legendWidth, margin, -margin))
	c.legend.Draw(draw.Crop(all, width-legendWidth+margin, 0, margin, -3*margin))
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return fmt.Errorf("draw chart: %w", err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write chart: %w", err)
	}
	return nil
}
