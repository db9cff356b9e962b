// Command go-tlog reads a folder with a tiled log through golang.org/x/mod/sumdb/tlog, for the test beside it.
//
//	go-tlog FOLDER OLD NEW < lines   each line: a tree size and its root in base64
//
// It computes the root of every size from the tiles alone, checks it against the line, and then prints, for OLD and
// NEW, the consistency proof and an inclusion proof of every entry, as JSON. Lines of proofs that come after an empty
// line ("inclusion INDEX SIZE HASH HASHES…", "consistency OLD NEW HASHES…") are checked by its own verifiers.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// tiles reads the paths of c2sp.org/tlog-tiles, which leave out the height that Go's paths have.
type tiles struct{ folder string }

func (r tiles) Height() int { return 8 }

func (r tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(r.folder, path))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (r tiles) SaveTiles([]tlog.Tile, [][]byte) {}

type answer struct {
	Consistency []string
	Inclusion   [][]string
}

func main() {
	if len(os.Args) != 4 {
		fail(fmt.Errorf("usage: go-tlog FOLDER OLD NEW"))
	}
	roots := map[int64]tlog.Hash{}
	scanner := bufio.NewScanner(os.Stdin)
	for scanner.Scan() {
		words := strings.Fields(scanner.Text())
		if len(words) == 2 {
			root, err := tlog.ParseHash(words[1])
			check(err)
			roots[number(words[0])] = root
		} else if len(words) > 2 {
			verify(words, roots)
		}
	}
	check(scanner.Err())
	reader := func(size int64) tlog.HashReader {
		return tlog.TileHashReader(tlog.Tree{N: size, Hash: roots[size]}, tiles{os.Args[1]})
	}
	for size, root := range roots {
		computed, err := tlog.TreeHash(size, reader(size))
		check(err)
		if computed != root {
			fail(fmt.Errorf("the root of size %d is %v, not %v", size, computed, root))
		}
	}
	old, size := number(os.Args[2]), number(os.Args[3])
	proof, err := tlog.ProveTree(size, old, reader(size))
	check(err)
	out := answer{Consistency: texts(proof)}
	for index := int64(0); index < size; index++ {
		path, err := tlog.ProveRecord(size, index, reader(size))
		check(err)
		out.Inclusion = append(out.Inclusion, texts(path))
	}
	check(json.NewEncoder(os.Stdout).Encode(out))
}

func verify(words []string, roots map[int64]tlog.Hash) {
	one, two := number(words[1]), number(words[2])
	var hashes []tlog.Hash
	for _, word := range words[3:] {
		hash, err := tlog.ParseHash(word)
		check(err)
		hashes = append(hashes, hash)
	}
	if words[0] == "inclusion" {
		check(tlog.CheckRecord(hashes[1:], two, roots[two], one, hashes[0]))
	} else {
		check(tlog.CheckTree(hashes, two, roots[two], one, roots[one]))
	}
}

func texts(hashes []tlog.Hash) []string {
	all := []string{}
	for _, hash := range hashes {
		all = append(all, hash.String())
	}
	return all
}

func number(text string) int64 {
	value, err := strconv.ParseInt(text, 10, 64)
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
