// Command go-evidence reads a file of evidence and says what of it the log has signed, with golang.org/x/mod/sumdb
// and the standard library alone. What is said of two heads, and of leaves:
//
//	fork index|keys SIZE            two roots of one size, both under the log's signature
//	statement VERSION FLAG SHA256   a leaf that is in the signed key log, and the note that its commitment opens to
//	leaf POSITION FLAG              a leaf that is in the signed key log
//	leaves SIZE                     the whole key log up to a signed root
//	heads SIZE SIZE                 two signed heads of different sizes
//
// It ends with 1 where a signature or a proof does not hold. ML-DSA-44, the map and the VRF are beyond it.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type opened struct{ Opening, Note string }

type leaf struct {
	Leaf      string
	Inclusion []string
	Opened    *opened
}

type file struct {
	V       int
	Address string
	Log     struct{ Domain, Ed25519, Mldsa44, Vrf string }
	Heads   []string
	// Of version 1.
	Previous *struct {
		Checkpoint, Leaf string
		Inclusion        []string
	}
	Answer struct {
		Head struct {
			IndexCheckpoint, IndexLeaf string
			IndexInclusion             []string
		}
		Answers []struct {
			Positions []int64
			Leaves    []leaf
		}
	}
	// Of version 2.
	Found struct {
		What string
		Head struct {
			Checkpoint, Leaf string
			Inclusion        []string
		}
		Position      int64
		IndexPosition int64
		IndexLeaf     string
		Leaf, Leaves  string
		Inclusion     []string
	}
}

type head struct{ index, keys tlog.Tree }

var commitmentKey, _ = hex.DecodeString("d821f8790d97709796b4d7903357c3f5")

func main() {
	input, err := io.ReadAll(os.Stdin)
	check(err)
	var f file
	check(json.Unmarshal(input, &f))
	switch f.V {
	case 1:
		contradiction(f)
	case 2:
		tail(f)
	case 3:
		one, other := signed(f, "index", f.Heads[0]), signed(f, "index", f.Heads[1])
		if !fork("index", one, other) {
			fmt.Println("heads", one.N, other.N)
		}
	default:
		fail("another version")
	}
}

func contradiction(f file) {
	given := f.Answer.Head
	now := readHead(f, given.IndexCheckpoint, given.IndexLeaf, given.IndexInclusion)
	if f.Previous != nil {
		before := readHead(f, f.Previous.Checkpoint, f.Previous.Leaf, f.Previous.Inclusion)
		if fork("index", before.index, now.index) || fork("keys", before.keys, now.keys) {
			return
		}
	}
	for _, answer := range f.Answer.Answers {
		first := len(answer.Positions) - len(answer.Leaves)
		for at, each := range answer.Leaves {
			version := first + at
			data := inKeys(now.keys, answer.Positions[version], each.Leaf, each.Inclusion)
			if each.Opened == nil {
				fail("a leaf that is not opened")
			}
			if !bytes.Equal(data[34:], commitment(f.Address, version, *each.Opened)) {
				fail("another commitment")
			}
			fmt.Printf("statement %d %d %x\n", version, data[1], sha256.Sum256([]byte(each.Opened.Note)))
		}
	}
}

func tail(f file) {
	shown := f.Found.Head
	now := readHead(f, shown.Checkpoint, shown.Leaf, shown.Inclusion)
	if f.Found.What == "leaf_hidden" {
		data := inKeys(now.keys, f.Found.Position, f.Found.Leaf, f.Found.Inclusion)
		fmt.Println("leaf", f.Found.Position, data[1])
		return
	}
	inLog(now.index, f.Found.IndexPosition, []byte(f.Found.IndexLeaf), f.Found.Inclusion)
	all := raw(f.Found.Leaves)
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var list []tlog.Hash
		for _, index := range indexes {
			list = append(list, hashes[index])
		}
		return list, nil
	})
	for n := int64(0); n < now.keys.N; n++ {
		stored, err := tlog.StoredHashes(n, all[n*66:(n+1)*66], reader)
		check(err)
		hashes = append(hashes, stored...)
	}
	root, err := tlog.TreeHash(now.keys.N, reader)
	check(err)
	if root != now.keys.Hash {
		fail("other leaves than the log's")
	}
	fmt.Println("leaves", now.keys.N)
}

func readHead(f file, checkpoint, entry string, inclusion []string) head {
	index := signed(f, "index", checkpoint)
	inLog(index, index.N-1, []byte(entry), inclusion)
	_, embedded, found := strings.Cut(entry, "\n")
	if !found {
		fail("no index leaf")
	}
	return head{index, signed(f, "keys", embedded)}
}

// signed is the tree of a checkpoint of this log, which has signed it.
func signed(f file, log, text string) tlog.Tree {
	ed := raw(f.Log.Ed25519)
	named := sha256.Sum256(bytes.Join([][]byte{[]byte("latchkey/v1/log\x00"), ed, raw(f.Log.Mldsa44), raw(f.Log.Vrf), {1}}, nil))
	origin := f.Log.Domain + "/latchkey/" + log + "/" + base64.RawURLEncoding.EncodeToString(named[:])[:22]
	key, err := note.NewEd25519VerifierKey(origin, ed25519.PublicKey(ed))
	check(err)
	verifier, err := note.NewVerifier(key)
	check(err)
	n, err := note.Open([]byte(text), note.VerifierList(verifier))
	check(err)
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != origin {
		fail("no checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	return tlog.Tree{N: size, Hash: root}
}

func fork(log string, one, other tlog.Tree) bool {
	if one.N != other.N || one.Hash == other.Hash {
		return false
	}
	fmt.Println("fork", log, one.N)
	return true
}

func inKeys(tree tlog.Tree, position int64, encoded string, inclusion []string) []byte {
	data := raw(encoded)
	if len(data) != 66 {
		fail("no leaf")
	}
	inLog(tree, position, data, inclusion)
	return data
}

func inLog(tree tlog.Tree, position int64, entry []byte, inclusion []string) {
	var proof tlog.RecordProof
	for _, each := range inclusion {
		var hash tlog.Hash
		copy(hash[:], raw(each))
		proof = append(proof, hash)
	}
	check(tlog.CheckRecord(proof, tree.N, tree.Hash, position, tlog.RecordHash(entry)))
}

func commitment(address string, version int, o opened) []byte {
	u32 := func(value int) []byte { return binary.BigEndian.AppendUint32(nil, uint32(value)) }
	mac := hmac.New(sha256.New, commitmentKey)
	mac.Write(raw(o.Opening))
	mac.Write(append([]byte{byte(len(address))}, address...))
	mac.Write(u32(version))
	mac.Write(u32(len(o.Note)))
	mac.Write([]byte(o.Note))
	return mac.Sum(nil)
}

func raw(text string) []byte {
	data, err := base64.RawURLEncoding.DecodeString(text)
	check(err)
	return data
}

func check(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(1)
}
