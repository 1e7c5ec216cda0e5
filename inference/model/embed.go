package model

import (
	"bytes"
	_ "embed"
	"fmt"
	"sync"
)

var (
	//go:embed weights/main.safetensors
	mainFile []byte
	//go:embed weights/small.safetensors
	smallFile []byte
)

var loadMain = sync.OnceValues(func() (*Weights, error) { return loadEmbedded("main", mainFile) })

var loadSmall = sync.OnceValues(func() (*Weights, error) { return loadEmbedded("small", smallFile) })

// Main returns the model that posp ships. Every call returns the same weights.
func Main() (*Weights, error) { return loadMain() }

// Small returns the smaller model of the same family, which a cheat may serve in its place.
func Small() (*Weights, error) { return loadSmall() }

// OpenEmbedded opens a model that posp ships, "main" or "small", as Open opens one in storage.
func OpenEmbedded(name string) (*File, error) {
	switch name {
	case "main":
		return read(bytes.NewReader(mainFile), int64(len(mainFile)))
	case "small":
		return read(bytes.NewReader(smallFile), int64(len(smallFile)))
	}
	return nil, fmt.Errorf("there is no embedded model %q: there are main and small", name)
}

func loadEmbedded(name string, file []byte) (*Weights, error) {
	w, err := Load(file)
	if err != nil {
		return nil, fmt.Errorf("load embedded model %s: %w", name, err)
	}
	return w, nil
}
