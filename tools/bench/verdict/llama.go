package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/openai"
)

// llamaBinary finds llama.cpp's server; "" where there is none.
func llamaBinary() string {
	if path := os.Getenv("POSP_LLAMA_SERVER"); path != "" {
		return path
	}
	path, err := exec.LookPath("llama-server")
	if err != nil {
		return ""
	}
	return path
}

// llama starts llama.cpp's server on weights, and calls use with it.
func llama(ctx context.Context, w *model.Weights, args []string, use func(*openai.Scorer) error) error {
	dir, err := os.MkdirTemp("", "posp-llama-")
	if err != nil {
		return fmt.Errorf("make directory: %w", err)
	}
	defer os.RemoveAll(dir)
	f, err := os.Create(filepath.Join(dir, "model.gguf"))
	if err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	if err = model.WriteGGUF(f, w, model.GGUFOptions{}); err == nil {
		err = f.Close()
	}
	if err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("find a port: %w", err)
	}
	address := l.Addr().String()
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	l.Close()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var log bytes.Buffer
	cmd := exec.CommandContext(ctx, llamaBinary(), append([]string{"-m", "model.gguf", "--host", "127.0.0.1", "--port", port}, args...)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &log, &log
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start llama-server: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	defer func() { stop(); <-ended }()
	if err := healthy(ctx, "http://"+address, ended); err != nil {
		return fmt.Errorf("llama-server: %w\n%s", err, log.Bytes()[max(0, log.Len()-2000):])
	}
	s, err := openai.Dial(ctx, "http://"+address, openai.Options{Vocab: w.Config.VocabSize})
	if err != nil {
		return err
	}
	return use(s)
}

// healthy waits until the server answers.
func healthy(ctx context.Context, base string, ended chan error) error {
	deadline := time.After(2 * time.Minute)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-ended:
			ended <- nil
			return fmt.Errorf("it ended: %w", err)
		case <-deadline:
			return fmt.Errorf("it is not ready in two minutes")
		case <-time.After(200 * time.Millisecond):
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/health", nil)
		if err != nil {
			return err
		}
		if answer, err := http.DefaultClient.Do(r); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
}
