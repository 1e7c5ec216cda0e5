package app

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

// answer is what a command found, as JSON by its fields, and as text.
type answer interface{ print(t *tabwriter.Writer) }

// show prints an answer as JSON or as text.
func show(a answer, asJSON bool, out io.Writer) error {
	if asJSON {
		return writeJSON(out, a)
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	a.print(t)
	return t.Flush()
}

// writeJSON prints a value for machines, and so that people can read it.
func writeJSON(out io.Writer, v any) error {
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// field prints a name and what it has.
func field(t io.Writer, name, format string, args ...any) {
	fmt.Fprintf(t, "%s\t%s\n", name, fmt.Sprintf(format, args...))
}
