package keys

import (
	"context"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"

	cerberus "github.com/Layr-Labs/cerberus-api/pkg/api/v1"
	"github.com/consensys/gnark-crypto/ecc/bn254"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Cerberus is a BN254 key that EigenLayer's remote signer Cerberus holds, or anything else that speaks its gRPC API
// (github.com/Layr-Labs/cerberus-api): signer.v1.Signer/SignGeneric and keymanager.v1.KeyManager/GetKeyMetadata.
type Cerberus struct {
	conn     *grpc.ClientConn
	signer   cerberus.SignerClient
	where    string
	name     string // by which Cerberus knows the key: G1, compressed, in hex
	public   PublicKey
	password string // of a keystore on the signer's disk
	apiKey   string
}

const cerberusScheme, cerberusTLSScheme = "cerberus://", "cerberus+tls://"

// IsCerberus says whether a key is named by the URL of a Cerberus rather than a file.
func IsCerberus(key string) bool {
	return strings.HasPrefix(key, cerberusScheme) || strings.HasPrefix(key, cerberusTLSScheme)
}

// DialCerberus connects to cerberus[+tls]://HOST:PORT/PUBKEY, PUBKEY being the key's compressed G1 half in hex as
// Cerberus prints it, and asks for the other half. ?api-key-file=PATH names a file with the key's API key. The
// password, where one is at hand, unlocks a keystore on the signer's disk. Without TLS only a host of this
// machine is taken: the password goes with each request.
func DialCerberus(ctx context.Context, rawURL string, pw Password) (*Cerberus, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Host == "" || !IsCerberus(rawURL) {
		return nil, errors.New("a key at a Cerberus is named cerberus+tls://HOST:PORT/PUBKEY")
	}
	where := "Cerberus at " + u.Host
	c := &Cerberus{where: where, name: strings.ToLower(strings.TrimPrefix(strings.TrimPrefix(u.Path, "/"), "0x"))}
	g1, err := parseCompressed(c.name)
	if err != nil {
		return nil, fmt.Errorf("%s: its URL must end with the key's public half, 64 hexadecimal digits as Cerberus prints them: %w", where, err)
	}
	transport := credentials.NewTLS(&tls.Config{MinVersion: tls.VersionTLS12})
	if u.Scheme == "cerberus" {
		if !isLoopback(u.Hostname()) {
			return nil, fmt.Errorf("%s is on another machine: use cerberus+tls, since the password goes with each request", where)
		}
		transport = insecure.NewCredentials()
	}
	if file := u.Query().Get("api-key-file"); file != "" {
		b, err := readPrivate(file)
		if err != nil {
			return nil, fmt.Errorf("%s: read API key: %w", where, err)
		}
		c.apiKey = strings.TrimSpace(string(b))
	}
	if pw.File != "" {
		if c.password, err = pw.Read(rawURL); err != nil {
			return nil, err
		}
	} else if p, err := pw.Read(rawURL); err == nil { // keys in a cloud's store have none
		c.password = p
	}
	if c.conn, err = grpc.NewClient(u.Host, grpc.WithTransportCredentials(transport)); err != nil {
		return nil, fmt.Errorf("%s: %w", where, err)
	}
	c.signer = cerberus.NewSignerClient(c.conn)
	if err := c.learn(ctx, g1); err != nil {
		c.conn.Close()
		return nil, err
	}
	return c, nil
}

// learn asks for the G2 half of the key.
func (c *Cerberus) learn(ctx context.Context, g1 G1) error {
	ctx, cancel := c.request(ctx)
	defer cancel()
	m, err := cerberus.NewKeyManagerClient(c.conn).GetKeyMetadata(ctx, &cerberus.GetKeyMetadataRequest{PublicKeyG1: c.name})
	if err != nil {
		return fmt.Errorf("%s: ask for key %s…: %w", c.where, c.name[:16], said(err))
	}
	b, err := hex.DecodeString(strings.TrimPrefix(m.PublicKeyG2, "0x"))
	if err != nil {
		return fmt.Errorf("%s: the G2 half of key %s… is not hex", c.where, c.name[:16])
	}
	var g2 bn254.G2Affine
	if n, err := g2.SetBytes(b); err != nil || n != len(b) { // either form; in the subgroup
		return fmt.Errorf("%s: the G2 half of key %s… is no point", c.where, c.name[:16])
	}
	c.public = PublicKey{G1: g1, G2: G2{g2}}
	if err := c.public.Check(); err != nil {
		return fmt.Errorf("%s: %w", c.where, err)
	}
	return nil
}

// parseCompressed reads a G1 point of 32 bytes in hex, as gnark-crypto compresses it.
func parseCompressed(text string) (G1, error) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != bn254.SizeOfG1AffineCompressed {
		return G1{}, fmt.Errorf("%q is not 32 bytes of hex", text)
	}
	var g G1
	if _, err := g.p.SetBytes(b); err != nil {
		return G1{}, err
	}
	if g.IsInfinity() {
		return G1{}, errors.New("it is infinity, which is no key")
	}
	return g, nil
}

func (c *Cerberus) request(ctx context.Context) (context.Context, context.CancelFunc) {
	if c.apiKey != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", c.apiKey)
	}
	return context.WithTimeout(ctx, signTimeout)
}

// said is what the signer answered, without gRPC's wrapping.
func said(err error) error {
	if s, ok := status.FromError(err); ok {
		return fmt.Errorf("%s (%s)", s.Message(), s.Code())
	}
	return err
}

// PublicKey is the key's.
func (c *Cerberus) PublicKey() PublicKey { return c.public }

// Sign has a digest signed, and checks the signature.
func (c *Cerberus) Sign(ctx context.Context, digest [32]byte) (G1, error) {
	ctx, cancel := c.request(ctx)
	defer cancel()
	r, err := c.signer.SignGeneric(ctx, &cerberus.SignGenericRequest{PublicKeyG1: c.name, Data: digest[:], Password: c.password})
	if err != nil {
		return G1{}, fmt.Errorf("%s: sign: %w", c.where, said(err))
	}
	sig, err := ParseG1(r.Signature)
	if err != nil {
		return G1{}, fmt.Errorf("%s: sign: %w", c.where, err)
	}
	if !Verify(sig, c.public.G2, digest) {
		return G1{}, fmt.Errorf("%s: the signature is not one of key %s…", c.where, c.name[:16])
	}
	return sig, nil
}

// Close ends the connection.
func (c *Cerberus) Close() error { return c.conn.Close() }
