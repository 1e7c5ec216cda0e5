package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Names in a directory of Hugging Face's layout.
const (
	configFile  = "config.json"
	weightsFile = "model.safetensors"
	indexFile   = "model.safetensors.index.json"
)

// maxJSON bounds configurations and indexes, in bytes.
const maxJSON = 64 << 20

// directory opens a model in Hugging Face's layout.
func (o *opener) directory(path string) (*File, error) {
	c, err := readConfig(filepath.Join(path, configFile))
	if err != nil {
		return nil, err
	}
	var index struct {
		Files map[string]string `json:"weight_map"` // from tensor to file
	}
	text, err := readJSON(filepath.Join(path, indexFile))
	switch {
	case errors.Is(err, os.ErrNotExist):
		r, size, err := o.file(filepath.Join(path, weightsFile))
		if err != nil {
			return nil, err
		}
		metadata, found, err := parseSafetensors(r, size)
		if err != nil {
			return nil, err
		}
		return newFile(c, metadata, found)
	case err != nil:
		return nil, err
	}
	if err := json.Unmarshal(text, &index); err != nil {
		return nil, fmt.Errorf("parse %s: %w", indexFile, err)
	}
	shards := map[string]map[string]stored{}
	found := map[string]stored{}
	for tensor, name := range index.Files {
		shard, ok := shards[name]
		if !ok {
			if !filepath.IsLocal(name) || filepath.Base(name) != name {
				return nil, fmt.Errorf("%s names the file %q, want one in the same directory", indexFile, name)
			}
			r, size, err := o.file(filepath.Join(path, name))
			if err != nil {
				return nil, err
			}
			if _, shard, err = parseSafetensors(r, size); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			shards[name] = shard
		}
		s, ok := shard[tensor]
		if !ok {
			return nil, fmt.Errorf("%s says that %q is in %s, which does not have it", indexFile, tensor, name)
		}
		found[tensor] = s
	}
	for name, shard := range shards {
		for tensor := range shard {
			if index.Files[tensor] != name {
				return nil, fmt.Errorf("%s has tensor %q, which %s does not say", name, tensor, indexFile)
			}
		}
	}
	return newFile(c, nil, found)
}

func readJSON(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxJSON {
		return nil, fmt.Errorf("%s has %d bytes, want at most %d", path, info.Size(), maxJSON)
	}
	return os.ReadFile(path)
}

func readConfig(path string) (Config, error) {
	text, err := readJSON(path)
	if err != nil {
		return Config{}, err
	}
	return parseConfig(text)
}

// parseConfig reads a configuration as Hugging Face writes it. What is missing is what it is there, and what
// would make the model compute something else than this package's architectures do is refused.
func parseConfig(text []byte) (Config, error) {
	var j struct {
		Config
		BOS    *uint32         `json:"bos_token_id"`
		EOS    json.RawMessage `json:"eos_token_id"` // a number; newer chat models have a list
		KV     *int            `json:"num_key_value_heads"`
		Theta  *float64        `json:"rope_theta"`
		Rotary *rotary         `json:"rope_parameters"` // in newer files, instead of rope_theta
		Scaled *rotary         `json:"rope_scaling"`

		Activation *string         `json:"hidden_act"`
		Biased     bool            `json:"attention_bias"`
		MLPBias    bool            `json:"mlp_bias"`
		Partial    *float64        `json:"partial_rotary_factor"`
		Sliding    bool            `json:"use_sliding_window"`
		Kinds      []string        `json:"layer_types"`
		Quantised  json.RawMessage `json:"quantization_config"`
	}
	if err := json.Unmarshal(text, &j); err != nil {
		return Config{}, fmt.Errorf("parse model configuration: %w", err)
	}
	c := j.Config
	refuse := func(format string, a ...any) (Config, error) {
		return Config{}, fmt.Errorf("check model configuration: "+format, a...)
	}
	if j.BOS == nil {
		return refuse("bos_token_id is missing")
	}
	c.BOS = *j.BOS
	if err := json.Unmarshal(j.EOS, &c.EOS); err != nil || string(j.EOS) == "null" {
		return refuse("eos_token_id is %q, want the one token id that ends an output", j.EOS)
	}
	c.KVHeads = c.Heads
	if j.KV != nil {
		c.KVHeads = *j.KV
	}
	c.RopeTheta = 10000
	if j.Theta != nil {
		c.RopeTheta = *j.Theta
	}
	for _, r := range []*rotary{j.Rotary, j.Scaled} {
		switch {
		case r == nil:
			continue
		case r.kind() != "default":
			return refuse("rotary positions of type %q are not supported, only unscaled ones", r.kind())
		case r.Theta != nil:
			c.RopeTheta = *r.Theta
		}
	}
	for _, kind := range j.Kinds {
		if kind != "full_attention" {
			return refuse("layer_types has %q, only full_attention is supported", kind)
		}
	}
	switch {
	case j.Activation != nil && *j.Activation != "silu":
		return refuse("hidden_act is %q, only silu is supported", *j.Activation)
	case j.Biased && c.ModelType != Qwen2, j.MLPBias:
		return refuse("a %s model with attention_bias or mlp_bias is not supported", c.ModelType)
	case j.Partial != nil && *j.Partial != 1:
		return refuse("partial_rotary_factor is %g, only 1 is supported", *j.Partial)
	case j.Sliding:
		return refuse("use_sliding_window is set, only full attention is supported")
	case j.Quantised != nil && string(j.Quantised) != "null":
		return refuse("quantised weights are not supported, only F32, F16 and BF16")
	}
	if err := c.Check(); err != nil {
		return Config{}, fmt.Errorf("check model configuration: %w", err)
	}
	return c.normal(), nil
}

// rotary is how a configuration says that rotary positions are scaled.
type rotary struct {
	Type    string   `json:"rope_type"`
	OldType string   `json:"type"`
	Theta   *float64 `json:"rope_theta"`
}

func (r *rotary) kind() string {
	for _, t := range []string{r.Type, r.OldType} {
		if t != "" {
			return t
		}
	}
	return "default"
}
