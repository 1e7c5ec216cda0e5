// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ReferenceLib} from "./ReferenceLib.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice The shape of a model, which decides the graph (docs/reference-program.md, section 2), and the root over its
/// rows.
struct Arch {
    uint256 hidden; // d
    uint256 layers; // L
    uint256 heads; // H
    uint256 kvHeads; // G
    uint256 headDim; // hd
    uint256 ffn; // F
    uint256 vocab; // V
    bool biased; // q, k and v have biases
    bool normed; // q and k heads are normed
    bool tied; // the head is the embedding
    uint256 eps; // of the norms, Q40
    bytes32 rowsRoot;
}

/// @notice The operations, in the order of section 3.
enum Op {
    Prompt,
    Output,
    Embedded,
    KeySumSq, // keys(l, t), the A rows
    KeyRsqrt,
    KeyNorm,
    KParts,
    K,
    KSumSq,
    KRsqrt,
    KNorm,
    KRope,
    VParts, // values(l, c), the V rows
    V,
    QParts, // mix(l, t), the B rows
    Q,
    QSumSq,
    QRsqrt,
    QNorm,
    QRope,
    Score,
    MaxParts,
    Max,
    Exps,
    SumParts,
    Sum,
    MixParts,
    Mix,
    OParts,
    Attended,
    MLPSumSq,
    MLPRsqrt,
    MLPNormed,
    GateParts,
    Gate,
    UpParts,
    Up,
    Activated,
    DownParts,
    Out,
    FinalSumSq, // score(i), the F rows
    FinalRsqrt,
    FinalNormed,
    LogitParts,
    Logits,
    LogitMaxParts,
    LogitMaxParts2,
    LogitMax,
    LogitExps,
    LogitSumParts,
    LogitSumParts2,
    LogitSum,
    LogProbs,
    Margins,
    Padding // no row: beyond the trace's end
}

/// @notice The groups of a model's rows, in the order of section 5.
enum Tensor {
    Frequencies,
    Embedding,
    AttentionNorm, // from here once in each layer
    WQ,
    WK,
    WV,
    BQ,
    BK,
    BV,
    QNormWeight,
    KNormWeight,
    WO,
    MLPNorm,
    WGate,
    WUp,
    WDown,
    FinalNorm,
    Head
}

/// @notice What a leaf does with its operands; what they are, in order, stands at each.
enum Form {
    Given, // an element that the receipt fixes
    Zero, // nothing: the element is 0
    Embed, // token, weight
    Dot, // a, b: the sum of products, rounded by shift
    Score, // a, b: likewise, saturated
    Project, // a, weights [, addend]: rounded by the weights' exponent, plus the addend, saturated
    ProjectSum, // parts, a weight of the same row, for its exponent [, addend]: likewise
    Sum, // parts
    Rsqrt, // parts: rsqrt of their sum plus epsilon, over n; the mantissa, or with second the shift
    Norm, // x, (mantissa, shift), weight
    Rotate, // y, its partner, frequency; at is the position; second: the head's second half
    Largest, // a
    Exp, // x, largest: exp by factor, in bits
    Quotient, // parts, sum
    Act, // gate, up
    LogProb, // token, logit, largest, sum
    Margin // token, logit, largest
}

/// @notice Which row it is. `at` is the position of a token for Embedded and the A and B rows, the channel for the V
/// rows, the output position for the F rows.
struct Row {
    Op op;
    uint256 layer;
    uint256 at;
    uint256 head; // of Score and Exps
}

/// @notice A range of elements of one row of the trace or of the model.
struct Operand {
    bool model;
    bool byToken; // row (of the model) or first (of the trace) is to be increased by the leaf's token
    uint256 row;
    uint256 size; // elements of that row
    uint256 width; // bytes of an element
    uint256 first;
    uint256 length;
}

/// @dev A row of activations times a row of a tensor, of n elements.
struct Projection {
    Row x;
    Tensor tensor;
    uint256 row;
    uint256 n;
}

/// @notice How one element is computed.
struct Leaf {
    Form form;
    Operand[] operands;
    uint256 shift; // each for the forms that name it
    uint256 n;
    int256 epsilon;
    int256 factor;
    uint256 bits;
    uint256 at;
    bool second;
}

/// @notice The program for one shape and one pair of lengths, with what is derived of them.
struct Graph {
    Arch arch;
    uint256 n; // prompt tokens
    uint256 m; // output tokens
    bool greedy;
    uint256 positions; // T
    uint256 present; // bit op: rows of it exist
    uint256 a; // rows of a group
    uint256 v;
    uint256 b;
    uint256 f;
    uint256 layerSize; // rows of every layer but the last
    uint256 layersEnd; // index of the first F row
    uint256 rows;
}

/// @title GraphLib
/// @notice Which row of a trace is what, and which rows and weights each element is computed from: sections 2, 3 and 5
/// of docs/reference-program.md. Its twins are arch.go, graph.go and leaf.go of inference/reference.
/// @dev Arithmetic is unchecked: `graph` admits shapes within the program's limits only (dimensions below 2^21, 2^10
/// layers), where indices of rows stay below 2^40 and indices of elements below 2^30.
library GraphLib {
    uint256 internal constant SLICE = 256;
    uint256 internal constant BLOCK = 64;
    uint256 private constant WIDEST = 1 << 16;
    uint256 private constant PER_HEAD = 1 << uint256(Op.Score) | 1 << uint256(Op.Exps); // bit op: a row for each head
    bytes32 internal constant VERSION = keccak256("posp-ref-v1");
    /// @dev Before the root in ModelSpec.referenceVersion: whether rows are hashed in the clear or hidden.
    bytes internal constant PUBLIC = "posp-ref-v1:";
    bytes internal constant HIDDEN = "posp-ref-v1-hidden:";

    /// @notice The program does not run such a model, or texts so long.
    error ShapeRefused();

    // Shapes

    /// @notice The model's commitment: what a spec names by PUBLIC or HIDDEN and 64 hexadecimal digits.
    function root(Arch memory arch) internal pure returns (bytes32) {
        return keccak256(abi.encode(VERSION, arch));
    }

    /// @notice ModelSpec.referenceVersion of a model.
    /// @param prefix PUBLIC or HIDDEN.
    function version(bytes memory prefix, bytes32 root_) internal pure returns (bytes memory) {
        return bytes.concat(prefix, _digits(uint256(root_) >> 128), _digits(uint256(root_)));
    }

    /// @dev The low 16 bytes as 32 hexadecimal digits: spread to a byte each, all at once.
    function _digits(uint256 x) private pure returns (bytes32) {
        unchecked {
            x &= type(uint128).max;
            x = (x | x << 64) & 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;
            x = (x | x << 32) & 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
            x = (x | x << 16) & 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
            x = (x | x << 8) & 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
            x = (x | x << 4) & 0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f;
            uint256 ones = 0x0101010101010101010101010101010101010101010101010101010101010101;
            uint256 letters = (x + 6 * ones) >> 4 & ones; // a digit from ten up carries
            return bytes32(x + 0x30 * ones + 0x27 * letters);
        }
    }

    /// @notice The graph of a prompt of n and an output of m tokens.
    function graph(Arch memory arch, uint256 n, uint256 m, bool greedy) internal pure returns (Graph memory g) {
        require(
            _within(arch.hidden, WIDEST) && _within(arch.layers, 1 << 10) && _within(arch.heads, 1 << 10)
                && _within(arch.kvHeads, 1 << 10) && _within(arch.headDim, SLICE) && _within(arch.ffn, WIDEST)
                && _within(arch.vocab, 1 << 20) && _within(n, WIDEST) && _within(m, WIDEST) && arch.eps < 1 << 40,
            ShapeRefused()
        );
        unchecked {
            require(
                arch.heads * arch.headDim <= WIDEST && arch.heads % arch.kvHeads == 0 && arch.headDim % 2 == 0
                    && n + m - 1 <= WIDEST && (!arch.normed || arch.headDim & (arch.headDim - 1) == 0),
                ShapeRefused()
            );
            (g.arch, g.n, g.m, g.greedy, g.positions) = (arch, n, m, greedy, n + m - 1);
            uint256 p = (1 << uint256(Op.Padding)) - 1;
            if (arch.hidden <= SLICE) {
                p ^= _bit(Op.KParts) | _bit(Op.VParts) | _bit(Op.QParts) | _bit(Op.GateParts) | _bit(Op.UpParts)
                | _bit(Op.LogitParts);
            }
            if (arch.heads * arch.headDim <= SLICE) p ^= _bit(Op.OParts);
            if (arch.ffn <= SLICE) p ^= _bit(Op.DownParts);
            if (!arch.normed) {
                p ^= _bit(Op.KSumSq) | _bit(Op.KRsqrt) | _bit(Op.KNorm) | _bit(Op.QSumSq) | _bit(Op.QRsqrt)
                | _bit(Op.QNorm);
            }
            if (parts(arch.vocab) <= SLICE) p ^= _bit(Op.LogitMaxParts2) | _bit(Op.LogitSumParts2);
            g.present = p;
            g.a = _between(g, Op.KeySumSq, Op.VParts);
            g.v = _between(g, Op.VParts, Op.QParts);
            g.b = _between(g, Op.QParts, Op.FinalSumSq);
            g.f = _between(g, Op.FinalSumSq, Op.LogProbs);
            g.layerSize = g.positions * (g.a + g.b) + arch.kvHeads * arch.headDim * g.v;
            g.layersEnd = 2 + g.positions + arch.layers * g.layerSize - (n - 1) * g.b;
            g.rows = g.layersEnd + m * g.f + 2;
        }
    }

    /// @notice The rows of the trace.
    function count(Graph memory g) internal pure returns (uint256) {
        return g.rows;
    }

    /// @notice Which row stands at an index; beyond the end it is Padding.
    function locate(Graph memory g, uint256 i) internal pure returns (Row memory r) {
        unchecked {
            if (i < 2) {
                r.op = i == 0 ? Op.Prompt : Op.Output;
                return r;
            }
            i -= 2;
            if (i < g.positions) {
                (r.op, r.at) = (Op.Embedded, i);
                return r;
            }
            i += 2;
            if (i < g.layersEnd) {
                i -= 2 + g.positions;
                uint256 layer = i / g.layerSize;
                if (layer >= g.arch.layers) layer = g.arch.layers - 1;
                r.layer = layer;
                i -= layer * g.layerSize;
                uint256 size = g.positions * g.a;
                if (i < size) {
                    _pick(g, r, Op.KeySumSq, i, g.a);
                    return r;
                }
                i -= size;
                size = g.arch.kvHeads * g.arch.headDim * g.v;
                if (i < size) {
                    _pick(g, r, Op.VParts, i, g.v);
                    return r;
                }
                _pick(g, r, Op.QParts, i - size, g.b);
                r.at += _from(g, layer);
                return r;
            }
            i -= g.layersEnd;
            if (i < g.m * g.f) {
                _pick(g, r, Op.FinalSumSq, i, g.f);
                return r;
            }
            i -= g.m * g.f;
            r.op = i == 0 ? Op.LogProbs : i == 1 ? Op.Margins : Op.Padding;
        }
    }

    /// @notice Where a row stands: the inverse of locate, for rows that exist.
    function index(Graph memory g, Row memory r) internal pure returns (uint256) {
        unchecked {
            Op op = r.op;
            if (op <= Op.Output) return uint256(op);
            if (op == Op.Embedded) return 2 + r.at;
            if (op >= Op.LogProbs) return op == Op.LogProbs ? g.rows - 2 : g.rows - 1;
            if (op >= Op.FinalSumSq) return g.layersEnd + r.at * g.f + _between(g, Op.FinalSumSq, op);
            uint256 start = 2 + g.positions + r.layer * g.layerSize;
            if (op <= Op.KRope) return start + r.at * g.a + _between(g, Op.KeySumSq, op);
            start += g.positions * g.a;
            if (op <= Op.V) return start + r.at * g.v + _between(g, Op.VParts, op);
            return start + g.arch.kvHeads * g.arch.headDim * g.v + (r.at - _from(g, r.layer)) * g.b
                + _between(g, Op.QParts, op) + r.head;
        }
    }

    /// @notice The elements of a row, and the bytes of each.
    function shape(Graph memory g, Row memory r) internal pure returns (uint256 n, uint256 width) {
        unchecked {
            Arch memory a = g.arch;
            Op op = r.op;
            if (op <= Op.KNorm) {
                if (op == Op.Prompt) return (g.n, 4);
                if (op == Op.Output) return (g.m, 4);
                if (op == Op.Embedded || op == Op.KeyNorm) return (a.hidden, 4);
                if (op == Op.KeySumSq) return (parts(a.hidden), 8);
                if (op == Op.KeyRsqrt) return (2, 4);
                if (op == Op.KParts) return (a.kvHeads * a.headDim * partStride(a.hidden), 8);
                if (op == Op.KSumSq) return (a.kvHeads, 8);
                if (op == Op.KRsqrt) return (2 * a.kvHeads, 4);
                return (a.kvHeads * a.headDim, 4); // K, KNorm
            }
            if (op <= Op.QRope) {
                if (op == Op.KRope) return (a.kvHeads * partStride(a.headDim * SLICE), 4);
                if (op == Op.VParts) return (g.positions * partStride(a.hidden), 8);
                if (op == Op.V) return (g.positions, 4);
                if (op == Op.QParts) return (a.heads * a.headDim * partStride(a.hidden), 8);
                if (op == Op.QSumSq) return (a.heads, 8);
                if (op == Op.QRsqrt) return (2 * a.heads, 4);
                if (op == Op.QRope) return (a.heads * partStride(a.headDim * SLICE), 4);
                return (a.heads * a.headDim, 4); // Q, QNorm
            }
            if (op <= Op.Mix) {
                if (op == Op.Score || op == Op.Exps) return (r.at + 1, 4);
                if (op == Op.Max) return (a.heads, 4);
                if (op == Op.Sum) return (a.heads, 8);
                if (op == Op.Mix) return (a.heads * a.headDim, 4);
                uint256 stride = partStride(r.at + 1);
                if (op == Op.MaxParts) return (a.heads * stride, 4);
                if (op == Op.SumParts) return (a.heads * stride, 8);
                return (a.heads * a.headDim * stride, 8); // MixParts
            }
            if (op <= Op.Out) {
                if (op == Op.OParts) return (a.hidden * partStride(a.heads * a.headDim), 8);
                if (op == Op.Attended || op == Op.MLPNormed || op == Op.Out) return (a.hidden, 4);
                if (op == Op.MLPSumSq) return (parts(a.hidden), 8);
                if (op == Op.MLPRsqrt) return (2, 4);
                if (op == Op.GateParts || op == Op.UpParts) return (a.ffn * partStride(a.hidden), 8);
                if (op == Op.DownParts) return (a.hidden * partStride(a.ffn), 8);
                return (a.ffn, 4); // Gate, Up, Activated
            }
            if (op == Op.FinalSumSq) return (parts(a.hidden), 8);
            if (op == Op.FinalRsqrt) return (2, 4);
            if (op == Op.FinalNormed) return (a.hidden, 4);
            if (op == Op.LogitParts) return (a.vocab * partStride(a.hidden), 8);
            if (op == Op.Logits || op == Op.LogitExps) return (a.vocab, 4);
            if (op == Op.LogitMaxParts) return (parts(a.vocab), 4);
            if (op == Op.LogitMaxParts2) return (parts(parts(a.vocab)), 4);
            if (op == Op.LogitMax) return (1, 4);
            if (op == Op.LogitSumParts) return (parts(a.vocab), 8);
            if (op == Op.LogitSumParts2) return (parts(parts(a.vocab)), 8);
            if (op == Op.LogitSum) return (1, 8);
            if (op == Op.Padding) return (0, 4);
            return (g.m, 4); // LogProbs, Margins
        }
    }

    /// @notice The rows of a tensor, 0 if the model has none, the elements of each, and the bytes of an element.
    function tensorShape(Arch memory a, Tensor t) internal pure returns (uint256 rows, uint256 cols, uint256 width) {
        unchecked {
            uint256 query = a.heads * a.headDim;
            uint256 kv = a.kvHeads * a.headDim;
            if (t == Tensor.Frequencies) return (1, a.headDim / 2, 8);
            if (t == Tensor.Embedding) return (a.vocab, a.hidden, 2);
            if (t == Tensor.AttentionNorm || t == Tensor.MLPNorm || t == Tensor.FinalNorm) return (1, a.hidden, 4);
            if (t == Tensor.WQ) return (query, a.hidden, 2);
            if (t == Tensor.WK || t == Tensor.WV) return (kv, a.hidden, 2);
            if (t == Tensor.BQ) return (a.biased ? 1 : 0, query, 4);
            if (t == Tensor.BK || t == Tensor.BV) return (a.biased ? 1 : 0, kv, 4);
            if (t == Tensor.QNormWeight || t == Tensor.KNormWeight) return (a.normed ? 1 : 0, a.headDim, 4);
            if (t == Tensor.WO) return (a.hidden, query, 2);
            if (t == Tensor.WGate || t == Tensor.WUp) return (a.ffn, a.hidden, 2);
            if (t == Tensor.WDown) return (a.hidden, a.ffn, 2);
            return (a.tied ? 0 : a.vocab, a.hidden, 2);
        }
    }

    /// @notice The rows of the model.
    function modelRows(Arch memory a) internal pure returns (uint256) {
        unchecked {
            return modelRow(a, Tensor.Head, 0, 0) + (a.tied ? 0 : a.vocab);
        }
    }

    /// @notice Where row r of a tensor stands in the model.
    function modelRow(Arch memory a, Tensor t, uint256 layer, uint256 r) internal pure returns (uint256) {
        unchecked {
            if (t == Tensor.Frequencies) return r;
            if (t == Tensor.Embedding) return 1 + r;
            if (t <= Tensor.WDown) {
                return 1 + a.vocab + layer * _layerRows(a, Tensor.FinalNorm) + _layerRows(a, t) + r;
            }
            return 1 + a.vocab + a.layers * _layerRows(a, Tensor.FinalNorm) + (t == Tensor.FinalNorm ? 0 : 1) + r;
        }
    }

    /// @notice How many slices n elements make.
    function parts(uint256 n) internal pure returns (uint256) {
        unchecked {
            return (n + SLICE - 1) / SLICE;
        }
    }

    /// @notice The room that the partial sums of one element of n products take: the power of two from parts(n) up.
    function partStride(uint256 n) internal pure returns (uint256) {
        unchecked {
            return n <= SLICE ? 1 : 2 << Math.log2(parts(n) - 1);
        }
    }

    // Leaves

    /// @notice How element e of a row is computed. The row is within the trace, the element within the row.
    function leaf(Graph memory g, Row memory r, uint256 e) internal pure returns (Leaf memory l) {
        unchecked {
            Arch memory a = g.arch;
            Op op = r.op;
            if (op <= Op.Output) return l; // given
            if (op == Op.Embedded) return _embed(g, r, e);
            if (op >= Op.LogProbs) return _evidence(g, r, e);

            // Sums of squares and what norms make of them
            if (op == Op.KeySumSq || op == Op.FinalSumSq) {
                return _sumSq(_entering(g, r, e * SLICE, _span(e, a.hidden)));
            }
            if (op == Op.MLPSumSq) return _sumSq(_at(g, r, Op.Attended, 0, e * SLICE, _span(e, a.hidden)));
            if (op == Op.KSumSq || op == Op.QSumSq) {
                return _sumSq(_at(g, r, Op(uint8(op) - 1), 0, e * a.headDim, a.headDim));
            }
            if (op == Op.KeyRsqrt || op == Op.MLPRsqrt || op == Op.FinalRsqrt) {
                return _rsqrt(g, r, 0, parts(a.hidden), a.hidden, e);
            }
            if (op == Op.KRsqrt || op == Op.QRsqrt) return _rsqrt(g, r, e / 2, 1, a.headDim, e);
            if (op == Op.KeyNorm) {
                return _norm(g, r, _entering(g, r, e, 1), Op.KeyRsqrt, 0, Tensor.AttentionNorm, e);
            }
            if (op == Op.FinalNormed) {
                return _norm(g, r, _entering(g, r, e, 1), Op.FinalRsqrt, 0, Tensor.FinalNorm, e);
            }
            if (op == Op.MLPNormed) {
                return _norm(g, r, _at(g, r, Op.Attended, 0, e, 1), Op.MLPRsqrt, 0, Tensor.MLPNorm, e);
            }
            if (op == Op.KNorm) {
                return
                    _norm(g, r, _at(g, r, Op.K, 0, e, 1), Op.KRsqrt, e / a.headDim, Tensor.KNormWeight, e % a.headDim);
            }
            if (op == Op.QNorm) {
                return
                    _norm(g, r, _at(g, r, Op.Q, 0, e, 1), Op.QRsqrt, e / a.headDim, Tensor.QNormWeight, e % a.headDim);
            }
            if (op == Op.KRope) return _rotate(g, r, a.normed ? Op.KNorm : Op.K, e);
            if (op == Op.QRope) return _rotate(g, r, a.normed ? Op.QNorm : Op.Q, e);

            if (op >= Op.Score && op <= Op.Mix) return _attention(g, r, e);
            if (op >= Op.LogitMaxParts) return _logits(g, r, e);
            if (op == Op.Activated) {
                l.form = Form.Act;
                l.operands = _two(_at(g, r, Op.Gate, 0, e, 1), _at(g, r, Op.Up, 0, e, 1));
                return l;
            }
            return _projection(g, r, e);
        }
    }

    /// @dev Element e of a projection, or of the partial sums before one: which tensor takes which row.
    function _projection(Graph memory g, Row memory r, uint256 e) private pure returns (Leaf memory l) {
        unchecked {
            Op op = r.op;
            Projection memory p = Projection(Row(Op.KeyNorm, r.layer, r.at, 0), Tensor.WK, e, g.arch.hidden);
            if (op <= Op.K) {
                if (op == Op.KParts) return _partOf(g, p, e);
                return _project(g, p, r, e, _bias(g, r, Tensor.BK, e));
            }
            if (op <= Op.V) {
                // The row is a channel, its elements are tokens.
                (p.tensor, p.row, p.x.at) = (Tensor.WV, r.at, e);
                if (op == Op.V) return _project(g, p, r, e, _bias(g, r, Tensor.BV, r.at));
                uint256 stride = partStride(p.n);
                p.x.at = e / stride;
                return _partOf(g, p, r.at * stride + e % stride);
            }
            if (op <= Op.Q) {
                p.tensor = Tensor.WQ;
                if (op == Op.QParts) return _partOf(g, p, e);
                return _project(g, p, r, e, _bias(g, r, Tensor.BQ, e));
            }
            if (op <= Op.Attended) {
                (p.tensor, p.x.op, p.n) = (Tensor.WO, Op.Mix, g.arch.heads * g.arch.headDim);
                if (op == Op.OParts) return _partOf(g, p, e);
                return _project(g, p, r, e, _one(_entering(g, r, e, 1)));
            }
            if (op <= Op.Up) {
                (p.tensor, p.x.op) = (op <= Op.Gate ? Tensor.WGate : Tensor.WUp, Op.MLPNormed);
                if (op == Op.GateParts || op == Op.UpParts) return _partOf(g, p, e);
                return _project(g, p, r, e, new Operand[](0));
            }
            if (op <= Op.Out) {
                (p.tensor, p.x.op, p.n) = (Tensor.WDown, Op.Activated, g.arch.ffn);
                if (op == Op.DownParts) return _partOf(g, p, e);
                return _project(g, p, r, e, _one(_at(g, r, Op.Attended, 0, e, 1)));
            }
            (p.tensor, p.x.op) = (g.arch.tied ? Tensor.Embedding : Tensor.Head, Op.FinalNormed);
            if (op == Op.LogitParts) return _partOf(g, p, e);
            return _project(g, p, r, e, new Operand[](0));
        }
    }

    function _attention(Graph memory g, Row memory r, uint256 e) private pure returns (Leaf memory l) {
        unchecked {
            Op op = r.op;
            if (op == Op.Score) return _score(g, r, e);
            if (op == Op.MixParts) return _mixParts(g, r, e);
            if (op == Op.Exps) {
                (l.factor,) = ReferenceLib.attention(g.arch.headDim);
                (l.form, l.bits) = (Form.Exp, ReferenceLib.EXP_BITS);
                l.operands = _two(_at(g, r, Op.Score, r.head, e, 1), _at(g, r, Op.Max, 0, r.head, 1));
                return l;
            }
            uint256 past = r.at + 1;
            uint256 stride = partStride(past);
            if (op == Op.MaxParts || op == Op.SumParts) {
                uint256 p = e % stride;
                if (p >= parts(past)) return _zero();
                l.form = op == Op.MaxParts ? Form.Largest : Form.Sum;
                Op from = op == Op.MaxParts ? Op.Score : Op.Exps;
                l.operands = _one(_at(g, r, from, e / stride, p * SLICE, _span(p, past)));
            } else if (op == Op.Max || op == Op.Sum) {
                l.form = op == Op.Max ? Form.Largest : Form.Sum;
                l.operands = _one(_at(g, r, Op(uint8(op) - 1), 0, e * stride, parts(past)));
            } else {
                l.form = Form.Quotient;
                l.operands = _two(
                    _at(g, r, Op.MixParts, 0, e * stride, parts(past)), _at(g, r, Op.Sum, 0, e / g.arch.headDim, 1)
                );
            }
        }
    }

    /// @dev A head's query times the key of token e.
    function _score(Graph memory g, Row memory r, uint256 e) private pure returns (Leaf memory l) {
        unchecked {
            uint256 hs = partStride(g.arch.headDim * SLICE);
            (, uint256 shift) = ReferenceLib.attention(g.arch.headDim);
            (l.form, l.shift) = (Form.Score, 16 + shift);
            l.operands = _two(
                _at(g, r, Op.QRope, 0, r.head * hs, hs),
                _range(g, Row(Op.KRope, r.layer, e, 0), r.head * g.arch.kvHeads / g.arch.heads * hs, hs)
            );
        }
    }

    /// @dev A head's exponentials times the values of a channel, over a slice of the tokens.
    function _mixParts(Graph memory g, Row memory r, uint256 e) private pure returns (Leaf memory l) {
        unchecked {
            uint256 past = r.at + 1;
            uint256 channel = e / partStride(past);
            uint256 p = e % partStride(past);
            if (p >= parts(past)) return _zero();
            uint256 hd = g.arch.headDim;
            uint256 h = channel / hd;
            channel = h * g.arch.kvHeads / g.arch.heads * hd + channel % hd;
            l.form = Form.Dot;
            l.operands = _two(
                _at(g, r, Op.Exps, h, p * SLICE, _span(p, past)),
                _range(g, Row(Op.V, r.layer, channel, 0), p * SLICE, _span(p, past))
            );
        }
    }

    function _logits(Graph memory g, Row memory r, uint256 e) private pure returns (Leaf memory l) {
        unchecked {
            Op op = r.op;
            uint256 n = g.arch.vocab;
            if (op == Op.LogitExps) {
                (l.form, l.factor, l.bits) = (Form.Exp, ReferenceLib.LOG2E, 30);
                l.operands = _two(_at(g, r, Op.Logits, 0, e, 1), _at(g, r, Op.LogitMax, 0, 0, 1));
                return l;
            }
            l.form = op <= Op.LogitMax ? Form.Largest : Form.Sum;
            Op from;
            if (op == Op.LogitMaxParts || op == Op.LogitSumParts) {
                from = Op(uint8(op) - 1);
            } else {
                n = parts(n);
                if (op == Op.LogitMaxParts2 || op == Op.LogitSumParts2) {
                    from = Op(uint8(op) - 1);
                } else if (n > SLICE) {
                    n = parts(n);
                    from = Op(uint8(op) - 1);
                } else {
                    from = Op(uint8(op) - 2);
                }
            }
            l.operands = _one(_at(g, r, from, 0, e * SLICE, _span(e, n)));
        }
    }

    function _embed(Graph memory g, Row memory r, uint256 e) private pure returns (Leaf memory l) {
        unchecked {
            Operand memory token = r.at < g.n
                ? _range(g, Row(Op.Prompt, 0, 0, 0), r.at, 1)
                : _range(g, Row(Op.Output, 0, 0, 0), r.at - g.n, 1);
            Operand memory w = _weight(g, Tensor.Embedding, 0, 0, e, 1);
            w.byToken = true;
            l.form = Form.Embed;
            l.operands = _two(token, w);
        }
    }

    function _evidence(Graph memory g, Row memory r, uint256 e) private pure returns (Leaf memory l) {
        bool margin = r.op == Op.Margins;
        if (margin && !g.greedy) return _zero();
        l.form = margin ? Form.Margin : Form.LogProb;
        l.operands = new Operand[](margin ? 3 : 4);
        l.operands[0] = _range(g, Row(Op.Output, 0, 0, 0), e, 1);
        l.operands[1] = _range(g, Row(Op.Logits, 0, e, 0), 0, 1);
        l.operands[1].byToken = true;
        l.operands[2] = _range(g, Row(Op.LogitMax, 0, e, 0), 0, 1);
        if (!margin) l.operands[3] = _range(g, Row(Op.LogitSum, 0, e, 0), 0, 1);
    }

    // The forms that several rows share

    function _zero() private pure returns (Leaf memory l) {
        l.form = Form.Zero;
    }

    function _sumSq(Operand memory x) private pure returns (Leaf memory l) {
        (l.form, l.shift) = (Form.Dot, 8);
        l.operands = _two(x, x);
    }

    /// @dev The row before is one of sums of squares, of n elements each.
    function _rsqrt(Graph memory g, Row memory r, uint256 first, uint256 length, uint256 n, uint256 e)
        private
        pure
        returns (Leaf memory l)
    {
        unchecked {
            l.form = Form.Rsqrt;
            l.operands = _one(_at(g, r, Op(uint8(r.op) - 1), 0, first, length));
            (l.n, l.second) = (n, e % 2 == 1);
            // forge-lint: disable-next-line(unsafe-typecast)
            l.epsilon = ReferenceLib.rs(int256(n * g.arch.eps), 16); // 57 bits
        }
    }

    function _norm(Graph memory g, Row memory r, Operand memory x, Op rsqrt, uint256 pair, Tensor t, uint256 w)
        private
        pure
        returns (Leaf memory l)
    {
        unchecked {
            l.form = Form.Norm;
            l.operands = new Operand[](3);
            l.operands[0] = x;
            l.operands[1] = _at(g, r, rsqrt, 0, 2 * pair, 2);
            l.operands[2] = _weight(g, t, r.layer, 0, w, 1);
        }
    }

    function _rotate(Graph memory g, Row memory r, Op from, uint256 e) private pure returns (Leaf memory l) {
        unchecked {
            uint256 hd = g.arch.headDim;
            uint256 hs = partStride(hd * SLICE);
            (uint256 first, uint256 j) = (e / hs * hd, e % hs);
            if (j >= hd) return _zero();
            l.form = Form.Rotate;
            (l.at, l.second) = (r.at, j >= hd / 2);
            l.operands = new Operand[](3);
            l.operands[0] = _at(g, r, from, 0, first + j, 1);
            l.operands[1] = _at(g, r, from, 0, first + (j + hd / 2) % hd, 1);
            l.operands[2] = _weight(g, Tensor.Frequencies, 0, 0, j % (hd / 2), 1);
        }
    }

    /// @dev Place e of a row of partial sums.
    function _partOf(Graph memory g, Projection memory p, uint256 e) private pure returns (Leaf memory l) {
        unchecked {
            uint256 stride = partStride(p.n);
            uint256 first = e % stride * SLICE;
            if (first >= p.n) return _zero();
            uint256 length = _span(first / SLICE, p.n);
            l.form = Form.Dot;
            l.operands = _two(_range(g, p.x, first, length), _weight(g, p.tensor, p.x.layer, e / stride, first, length));
        }
    }

    /// @dev Element e of row r. Its partial sums, if it has any, are the row before it.
    function _project(Graph memory g, Projection memory p, Row memory r, uint256 e, Operand[] memory addend)
        private
        pure
        returns (Leaf memory l)
    {
        unchecked {
            l.operands = new Operand[](2 + addend.length);
            if (p.n > SLICE) {
                l.form = Form.ProjectSum;
                l.operands[0] = _at(g, r, Op(uint8(r.op) - 1), 0, e * partStride(p.n), parts(p.n));
                l.operands[1] = _weight(g, p.tensor, r.layer, p.row, 0, 1);
            } else {
                l.form = Form.Project;
                l.operands[0] = _range(g, p.x, 0, p.n);
                l.operands[1] = _weight(g, p.tensor, r.layer, p.row, 0, p.n);
            }
            if (addend.length != 0) l.operands[2] = addend[0];
        }
    }

    // Operands

    /// @dev A range of a row of the same token as r.
    function _at(Graph memory g, Row memory r, Op op, uint256 head, uint256 first, uint256 length)
        private
        pure
        returns (Operand memory)
    {
        return _range(g, Row(op, r.layer, r.at, head), first, length);
    }

    function _range(Graph memory g, Row memory r, uint256 first, uint256 length)
        private
        pure
        returns (Operand memory o)
    {
        o.row = index(g, r);
        (o.size, o.width) = shape(g, r);
        (o.first, o.length) = (first, length);
    }

    /// @dev A range of the residual row that a layer reads, or, for the F rows, that the last layer left.
    function _entering(Graph memory g, Row memory r, uint256 first, uint256 length)
        private
        pure
        returns (Operand memory)
    {
        unchecked {
            Row memory x = Row(Op.Out, r.layer - 1, r.at, 0);
            if (r.op >= Op.FinalSumSq) (x.layer, x.at) = (g.arch.layers - 1, g.n - 1 + r.at);
            else if (r.layer == 0) (x.op, x.layer) = (Op.Embedded, 0);
            return _range(g, x, first, length);
        }
    }

    function _weight(Graph memory g, Tensor t, uint256 layer, uint256 r, uint256 first, uint256 length)
        private
        pure
        returns (Operand memory o)
    {
        o.model = true;
        o.row = modelRow(g.arch, t, layer, r);
        (, o.size, o.width) = tensorShape(g.arch, t);
        (o.first, o.length) = (first, length);
    }

    function _bias(Graph memory g, Row memory r, Tensor t, uint256 i) private pure returns (Operand[] memory) {
        return g.arch.biased ? _one(_weight(g, t, r.layer, 0, i, 1)) : new Operand[](0);
    }

    function _one(Operand memory o) private pure returns (Operand[] memory list) {
        list = new Operand[](1);
        list[0] = o;
    }

    function _two(Operand memory o, Operand memory p) private pure returns (Operand[] memory list) {
        list = new Operand[](2);
        (list[0], list[1]) = (o, p);
    }

    // Counting

    function _within(uint256 x, uint256 most) private pure returns (bool) {
        return x != 0 && x <= most;
    }

    function _bit(Op op) private pure returns (uint256) {
        return 1 << uint256(op);
    }

    /// @dev The elements of slice p of n.
    function _span(uint256 p, uint256 n) private pure returns (uint256) {
        unchecked {
            uint256 left = n - p * SLICE;
            return left < SLICE ? left : SLICE;
        }
    }

    /// @dev The first position whose B rows exist in a layer: nothing reads those before it in the last.
    function _from(Graph memory g, uint256 layer) private pure returns (uint256) {
        unchecked {
            return layer == g.arch.layers - 1 ? g.n - 1 : 0;
        }
    }

    /// @dev The rows of a group from one operation to before another: Score and Exps have one for each head.
    function _between(Graph memory g, Op from, Op to) private pure returns (uint256 n) {
        unchecked {
            uint256 x = g.present & (_bit(to) - _bit(from));
            if (x & _bit(Op.Score) != 0) n += g.arch.heads - 1;
            if (x & _bit(Op.Exps) != 0) n += g.arch.heads - 1;
            // Population count of 54 bits.
            x -= x >> 1 & 0x5555555555555555;
            x = (x & 0x3333333333333333) + (x >> 2 & 0x3333333333333333);
            x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0f;
            n += x * 0x0101010101010101 >> 56 & 0xff;
        }
    }

    /// @dev Which row of a group stands at an index that counts from the group's first, where a token has `size`.
    function _pick(Graph memory g, Row memory r, Op from, uint256 i, uint256 size) private pure {
        unchecked {
            r.at = i / size;
            i %= size;
            uint256 op = uint256(from);
            uint256 heads = g.arch.heads;
            for (uint256 present = g.present >> op;; present >>= 1) {
                uint256 rows = PER_HEAD >> op & 1 == 0 ? present & 1 : heads;
                if (i < rows) break;
                i -= rows;
                ++op;
            }
            (r.op, r.head) = (Op(op), i);
        }
    }

    /// @dev The rows of a layer before a tensor.
    function _layerRows(Arch memory a, Tensor end) private pure returns (uint256 n) {
        unchecked {
            uint256 e = uint256(end);
            if (end == Tensor.AttentionNorm) return 0;
            if (end == Tensor.WQ) return 1;
            uint256 kv = a.kvHeads * a.headDim;
            n = 1 + a.heads * a.headDim;
            if (end <= Tensor.WV) return n + (e - uint256(Tensor.WK)) * kv;
            n += 2 * kv;
            if (end <= Tensor.BV) return a.biased ? n + e - uint256(Tensor.BQ) : n;
            if (a.biased) n += 3;
            if (end <= Tensor.KNormWeight) return a.normed ? n + e - uint256(Tensor.QNormWeight) : n;
            if (a.normed) n += 2;
            if (end == Tensor.WO) return n;
            n += a.hidden;
            if (end == Tensor.MLPNorm) return n;
            n += 1;
            if (end <= Tensor.WDown) return n + (e - uint256(Tensor.WGate)) * a.ffn;
            return n + 2 * a.ffn + a.hidden;
        }
    }
}
