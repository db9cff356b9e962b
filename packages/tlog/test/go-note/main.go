// Command go-note signs and opens notes with golang.org/x/mod/sumdb/note, for the test beside it.
//
//	go-note new NAME             prints a signer key and a verifier key, a line each
//	go-note sign SIGNER < text   prints the signed note
//	go-note open VERIFIER < note prints the text of a note that verifies
package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"os"

	"golang.org/x/mod/sumdb/note"
)

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: go-note new|sign|open ARGUMENT"))
	}
	out, err := run(os.Args[1], os.Args[2])
	if err != nil {
		fail(err)
	}
	os.Stdout.Write(out)
}

func run(command, argument string) ([]byte, error) {
	if command == "new" {
		signer, verifier, err := note.GenerateKey(rand.Reader, argument)
		return []byte(signer + "\n" + verifier + "\n"), err
	}
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		return nil, err
	}
	if command == "sign" {
		signer, err := note.NewSigner(argument)
		if err != nil {
			return nil, err
		}
		return note.Sign(&note.Note{Text: string(input)}, signer)
	}
	verifier, err := note.NewVerifier(argument)
	if err != nil {
		return nil, err
	}
	opened, err := note.Open(input, note.VerifierList(verifier))
	if err != nil {
		return nil, err
	}
	return []byte(opened.Text), nil
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
