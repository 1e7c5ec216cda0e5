package main

import (
	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/internal/app"
)

// telemetryFlags are those by which a daemon is told where to tell how it does.
func telemetryFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "telemetry", EnvVars: []string{"POSP_TELEMETRY"}, Usage: "`ADDRESS` of metrics and EigenLayer's node API, such as 127.0.0.1:9471; empty: none"},
		&cli.StringFlag{Name: "pprof", EnvVars: []string{"POSP_PPROF"}, Usage: "`ADDRESS` of Go's profiles, on the loopback; empty: none"},
		&cli.StringFlag{Name: "otlp", EnvVars: []string{"POSP_OTLP"}, Usage: "`URL` of a collector that takes traces by OTLP over HTTP, such as http://127.0.0.1:4318; empty: none"},
		&cli.Float64Flag{Name: "otlp-ratio", EnvVars: []string{"POSP_OTLP_RATIO"}, Value: 1, Usage: "`SHARE` of the traces that are kept, 0 to 1; daemons with the same keep the same samples'"},
		verboseFlag,
		&cli.StringFlag{Name: "log-format", EnvVars: []string{"POSP_LOG_FORMAT"}, Value: "console", Usage: "`FORMAT` of the log on standard error: console or json"},
		&cli.StringFlag{Name: "log-level", EnvVars: []string{"POSP_LOG_LEVEL"}, Value: "info", Usage: "`LEVEL` from which on to log: debug, info, warn or error"},
	}
}

func telemetryConfig(c *cli.Context) app.TelemetryConfig {
	return app.TelemetryConfig{Listen: c.String("telemetry"), Pprof: c.String("pprof"), OTLP: c.String("otlp"), Ratio: c.Float64("otlp-ratio")}
}

func logConfig(c *cli.Context) app.LogConfig {
	cfg := app.LogConfig{Format: c.String("log-format"), Level: c.String("log-level")}
	if c.Bool("verbose") {
		cfg.Level = "debug"
	}
	return cfg
}
