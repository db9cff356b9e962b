export interface ReadmeFacts {
  readonly address: string;
  readonly origin: string;
  readonly verifierKeys: readonly string[];
}

/** For whoever gets the folder and has never heard of Latchkey. docs/spec/10-handover.md is the exact form. */
export function handoverReadme({ address, origin, verifierKeys }: ReadmeFacts): string {
  return `# What ${origin} keeps about ${address}

Everything, and nothing that can be read without the owner: the operator of this server has no key of an owner.
INVENTORY.json says, column by column, what each value is and what it reveals. joins.json says what follows from rows
side by side, with the accounts that have a blob in common with this one.

| here                       | what it is                                                                             |
| -------------------------- | -------------------------------------------------------------------------------------- |
| tables/*.jsonl             | every row about the account, a JSON object a line; bytes are base64url                 |
| identity/N.note            | the owner's identity statements, version after version: public keys, signed            |
| holds/ID.age               | filed mail, sent mail and files: whole age files                                       |
| arrivals/N/0.age           | mail that was not fetched yet: the message                                             |
| arrivals/N/1.age           | its key list, where it has attachments                                                 |
| arrivals/N/2.payload …     | its attachments, whose keys are in the key list                                        |
| arrivals/N/delivery-part   | a sealed summary                                                                       |
| rescue/ID.age              | the owner's identities, sealed to the recovery kit                                     |
| uploads/ID.part            | uploads that were not finished; what was not sent is zero                              |
| MISSING.txt                | items whose bytes were not there any more; empty, or the operator has to explain it    |
| SHA256SUMS, HANDOVER.note  | what was handed over, signed by the server                                             |

## Is it what was handed over?

    sha256sum -c SHA256SUMS

HANDOVER.note names SHA-256 of SHA256SUMS (base64), and is signed by these keys of the server. Compare them with a copy
that you have from elsewhere: the server shows them on its page, and the operator with \`latchkey-server keys\`.

${verifierKeys.map((key) => `    ${key}\n`).join('')}
The first one is Ed25519: base64 of the byte 1 and the key. OpenSSL checks it over the text of the note, which ends with
the newline before the empty line; the signature is the base64 after the key's name, without its first four bytes:

    openssl pkeyutl -verify -rawin -pubin -inkey ed25519.pem -in text -sigfile signature

## How the owner opens it

With any program for age 1.3 or later (https://age-encryption.org), no software of ours, and no help of the operator:

    age -d -i kit-identity.txt -o identities.txt rescue/*.age
    age -d -i identities.txt -o message.eml holds/ID.age

\`kit-identity.txt\` comes from the 24 words of the recovery kit: they are 32 bytes (BIP-39, English); HKDF-SHA-256 of these
bytes with an empty salt, info \`latchkey/v1/kit-seal\` and 32 bytes of output, in Bech32 with the prefix
\`age-secret-key-pq-\`, in capitals. Messages are message files (RFC 5322) with the signed statement of their sender; the
second part, after the sender's signed statement, is what was written. The key of a \`.payload\` stands in its arrival's key list; it is an age
file's payload without a header. The records in tables/record.jsonl (labels, read marks, the vault) open with the vault's
root: the specification's pages on records, spaces and accounts say how.
`;
}
