#!/usr/bin/env python3
"""Train the byte-level Llama that posp ships, on the Go standard library's sources.

    apt-get install python3-torch libopenblas0-pthread   # the reference BLAS is 20 times slower
    python3 tools/train/train.py --size main  --minutes 75 --out inference/model/weights/main.safetensors
    python3 tools/train/train.py --size small --minutes 8  --out inference/model/weights/small.safetensors

A document is one top-level declaration with its comment, framed by BOS and EOS, so that the model
learns where an answer ends. Files whose path hashes to 0 mod 20 are held out; the reported
validation loss is the mean over those, in nats per byte. Weights are stored as bf16 with Hugging Face
Llama tensor names; the configuration is in the safetensors metadata under "config".
"""
import argparse, hashlib, json, math, os, struct, sys, time
import numpy as np
import torch, torch.nn as nn, torch.nn.functional as F

BOS, EOS, VOCAB = 256, 257, 258
SIZES = {
    "main": dict(dim=128, layers=5, heads=4, kv_heads=2, ffn=352),
    "small": dict(dim=64, layers=2, heads=2, kv_heads=1, ffn=160),
}
CONTEXT, THETA, EPS = 512, 10000.0, 1e-5


def corpus(root):
    train, val = [], []
    for base, dirs, files in os.walk(root):
        dirs[:] = sorted(d for d in dirs if d not in ("testdata", "cmd", "vendor"))
        for name in sorted(files):
            path = os.path.join(base, name)
            if not name.endswith(".go") or name.endswith("_test.go") or os.path.getsize(path) > 400_000:
                continue
            if name.startswith(("zerrors_", "zsys", "ztypes_", "tables", "z")):
                continue
            text = open(path, "rb").read()
            held = hashlib.sha256(os.path.relpath(path, root).encode()).digest()[0] % 20 == 0
            out = val if held else train
            for doc in text.split(b"\n}\n\n"):
                doc = doc.strip(b"\n")
                if not doc or doc.startswith(b"// Copyright"):
                    continue
                out.append(np.frombuffer(doc + b"\n}\n", np.uint8))
    rng = np.random.default_rng(1)
    rng.shuffle(train)

    def pack(docs):
        parts = []
        for d in docs:
            parts += [np.array([BOS], np.int64), d.astype(np.int64), np.array([EOS], np.int64)]
        return torch.from_numpy(np.concatenate(parts))

    return pack(train), pack(val)


class RMSNorm(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(d))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPS) * self.weight


def rope_tables(hd):
    inv = THETA ** (-torch.arange(0, hd, 2).double() / hd)
    a = torch.outer(torch.arange(CONTEXT).double(), inv)
    return torch.cat([a.cos(), a.cos()], 1).float(), torch.cat([a.sin(), a.sin()], 1).float()


def rotate(x, cos, sin):
    h = x.shape[-1] // 2
    return x * cos + torch.cat([-x[..., h:], x[..., :h]], -1) * sin


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        d, self.h, self.kv, self.hd = c["dim"], c["heads"], c["kv_heads"], c["dim"] // c["heads"]
        self.input_layernorm, self.post_attention_layernorm = RMSNorm(d), RMSNorm(d)
        lin = lambda i, o: nn.Linear(i, o, bias=False)
        self.self_attn = nn.ModuleDict(dict(q_proj=lin(d, d), k_proj=lin(d, self.kv * self.hd),
                                            v_proj=lin(d, self.kv * self.hd), o_proj=lin(d, d)))
        self.mlp = nn.ModuleDict(dict(gate_proj=lin(d, c["ffn"]), up_proj=lin(d, c["ffn"]), down_proj=lin(c["ffn"], d)))

    def forward(self, x, cos, sin, mask):
        b, t, d = x.shape
        n, a = self.input_layernorm(x), self.self_attn
        q = a["q_proj"](n).view(b, t, self.h, self.hd).transpose(1, 2)
        k = a["k_proj"](n).view(b, t, self.kv, self.hd).transpose(1, 2)
        v = a["v_proj"](n).view(b, t, self.kv, self.hd).transpose(1, 2)
        q, k = rotate(q, cos[:t], sin[:t]), rotate(k, cos[:t], sin[:t])
        g = self.h // self.kv
        k, v = k.repeat_interleave(g, 1), v.repeat_interleave(g, 1)
        s = (q @ k.transpose(-1, -2)) * self.hd ** -0.5 + mask[:t, :t]
        x = x + a["o_proj"]((s.softmax(-1) @ v).transpose(1, 2).reshape(b, t, d))
        n, m = self.post_attention_layernorm(x), self.mlp
        return x + m["down_proj"](F.silu(m["gate_proj"](n)) * m["up_proj"](n))


class Llama(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.embed_tokens = nn.Embedding(VOCAB, c["dim"])
        self.layers = nn.ModuleList(Layer(c) for _ in range(c["layers"]))
        self.norm = RMSNorm(c["dim"])
        cos, sin = rope_tables(c["dim"] // c["heads"])
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        self.register_buffer("mask", torch.full((CONTEXT, CONTEXT), float("-inf")).triu(1), persistent=False)
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.normal_(p, std=0.02)
        for l in self.layers:
            for w in (l.self_attn["o_proj"].weight, l.mlp["down_proj"].weight):
                nn.init.normal_(w, std=0.02 / math.sqrt(2 * c["layers"]))

    def forward(self, ids):
        x = self.embed_tokens(ids)
        for l in self.layers:
            x = l(x, self.cos, self.sin, self.mask)
        return F.linear(self.norm(x), self.embed_tokens.weight)  # tied output


class Muon(torch.optim.Optimizer):
    """Momentum whose update is orthogonalised by Newton-Schulz iteration (Jordan et al., 2024)."""

    def __init__(self, params, lr):
        super().__init__(params, dict(lr=lr))

    @torch.no_grad()
    def step(self):
        for grp in self.param_groups:
            for p in grp["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                m.lerp_(p.grad, 0.05)
                u = p.grad.lerp(m, 0.95)
                t = u.shape[0] > u.shape[1]
                x = u.T if t else u
                x = x / (x.norm() + 1e-7)
                for _ in range(5):
                    a = x @ x.T
                    x = 3.4445 * x + (-4.7750 * a + 2.0315 * (a @ a)) @ x
                p.mul_(1 - grp["lr"] * 0.05)
                p.add_(x.T if t else x, alpha=-grp["lr"] * max(1, p.shape[0] / p.shape[1]) ** 0.5)


def save(model, cfg, path, extra):
    """Write bf16 safetensors; atomic, so that an interrupted run leaves the last checkpoint whole."""
    meta = dict(model_type="llama", hidden_size=cfg["dim"], num_hidden_layers=cfg["layers"],
                num_attention_heads=cfg["heads"], num_key_value_heads=cfg["kv_heads"],
                intermediate_size=cfg["ffn"], vocab_size=VOCAB, max_position_embeddings=CONTEXT,
                rms_norm_eps=EPS, rope_theta=THETA, tie_word_embeddings=True,
                bos_token_id=BOS, eos_token_id=EOS)
    head, blobs, off = {"__metadata__": {"config": json.dumps(meta, sort_keys=True), **extra}}, [], 0
    for name, p in sorted(model.state_dict().items()):
        b = p.detach().to(torch.bfloat16).view(torch.int16).numpy().tobytes()
        head["model." + name] = dict(dtype="BF16", shape=list(p.shape), data_offsets=[off, off + len(b)])
        blobs.append(b)
        off += len(b)
    h = json.dumps(head, sort_keys=True).encode()
    h += b" " * (-len(h) % 8)
    with open(path + ".tmp", "wb") as f:
        f.write(struct.pack("<Q", len(h)) + h + b"".join(blobs))
    os.replace(path + ".tmp", path)


@torch.no_grad()
def validate(model, val, windows=64):
    model.eval()
    n = (len(val) - 1) // CONTEXT
    at = torch.linspace(0, n - 1, min(windows, n)).long() * CONTEXT
    loss = 0.0
    for chunk in at.split(8):
        x = torch.stack([val[i:i + CONTEXT] for i in chunk])
        y = torch.stack([val[i + 1:i + CONTEXT + 1] for i in chunk])
        loss += F.cross_entropy(model(x).reshape(-1, VOCAB), y.reshape(-1)).item() * len(chunk)
    model.train()
    return loss / len(at)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--size", choices=SIZES, default="main")
    ap.add_argument("--minutes", type=float, default=75, help="training time; the learning rate follows it")
    ap.add_argument("--out", required=True, help="safetensors file to write; also written every 5 minutes")
    ap.add_argument("--corpus", default="/usr/local/go/src", help="a Go source tree ($GOROOT/src)")
    ap.add_argument("--lr", type=float, default=0.02)
    ap.add_argument("--threads", type=int, default=2)
    a = ap.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(a.threads)
    cfg = SIZES[a.size]
    train, val = corpus(a.corpus)
    model = Llama(cfg)
    print(f"{len(train)/1e6:.1f}M train bytes, {len(val)/1e6:.1f}M held out, {sum(p.numel() for p in model.parameters())/1e6:.2f}M parameters", flush=True)
    hidden = [p for p in model.layers.parameters() if p.dim() == 2]
    rest = [p for n, p in model.named_parameters() if p.dim() == 1 or "embed" in n]
    opts = [(Muon(hidden, a.lr), a.lr), (torch.optim.AdamW(rest, lr=a.lr / 4, betas=(0.9, 0.97), weight_decay=0.0), a.lr / 4)]
    g = torch.Generator().manual_seed(2)
    start, saved, step, seen = time.time(), time.time(), 0, 0
    while (frac := (time.time() - start) / (a.minutes * 60)) < 1:
        T, B = (256, 8) if frac < 0.8 else (CONTEXT, 4)
        scale = min(1, (step + 1) / 100) * (0.02 + 0.98 * min(1, (1 - frac) / 0.7))
        for opt, lr in opts:
            for grp in opt.param_groups:
                grp["lr"] = lr * scale
        at = torch.randint(0, len(train) - T - 1, (B,), generator=g)
        x = torch.stack([train[i:i + T] for i in at])
        y = torch.stack([train[i + 1:i + T + 1] for i in at])
        loss = F.cross_entropy(model(x).reshape(-1, VOCAB), y.reshape(-1))
        for p in model.parameters():
            p.grad = None
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for opt, _ in opts:
            opt.step()
        step, seen = step + 1, seen + B * T
        if step % 50 == 0:
            print(f"step {step} {frac*100:.1f}% loss {loss.item():.3f} {seen/(time.time()-start):.0f} bytes/s", flush=True)
        if time.time() - saved > 300:
            v, saved = validate(model, val, 16), time.time()
            save(model, cfg, a.out, dict(validation_nats_per_byte=f"{v:.4f}", bytes_seen=str(seen)))
            print(f"checkpoint: validation {v:.4f} nats/byte", flush=True)
    # Validate what is shipped: the bf16-rounded weights.
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(p.to(torch.bfloat16).float())
    v = validate(model, val, 400)
    save(model, cfg, a.out, dict(validation_nats_per_byte=f"{v:.4f}", bytes_seen=str(seen)))
    print(f"done: {step} steps, {seen/1e6:.1f}M bytes, validation {v:.4f} nats/byte, {a.out}")


if __name__ == "__main__":
    sys.exit(main())
