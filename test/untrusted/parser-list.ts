/**
 * Every function of the sources that is called parse… or decode…, and what drives it with changed inputs. A test compares
 * the list with the sources: who adds a parser adds a line here, and a target.
 */
import type { AwaitedFuzzTarget } from '../../packages/testkit/src/index.ts';
import { parserTargets as cryptoTargets } from '../../packages/crypto/test/parser-targets.ts';
import { parserTargets as directoryTargets } from '../../packages/key-directory/test/parser-targets.ts';
import { parserTargets as protocolTargets } from '../../packages/protocol/test/parser-targets.ts';
import { parserTargets as logTargets } from '../../packages/tlog/test/parser-targets.ts';
import { messageTargets } from './message-targets.ts';
import { paperTargets } from './paper-targets.ts';
import { recordTargets } from './record-targets.ts';
import { serverTargets } from './server-targets.ts';
import type { ParserTarget } from './target.ts';

export const ownTargets: readonly ParserTarget[] = [
  ...paperTargets,
  ...messageTargets,
  ...recordTargets,
  ...serverTargets,
];

/** Targets of the rooms, whose long runs are soak files of their own; by `room: name`. */
export const roomTargets: readonly AwaitedFuzzTarget[] = Object.entries({
  crypto: cryptoTargets,
  protocol: protocolTargets,
  tlog: logTargets,
  'key-directory': directoryTargets,
}).flatMap(([room, targets]) => targets.map((target) => ({ ...target, name: `${room}: ${target.name}` })));

/** What a target of a room drives. */
export const drivenInRooms: Readonly<Record<string, readonly string[]>> = {
  'crypto: header': [
    'packages/crypto/src/age/header.ts#parseHeader',
    'packages/crypto/src/age/header.ts#parseArguments',
    'packages/crypto/src/age/header.ts#parseBody',
    'packages/crypto/src/age/header.ts#parseMac',
    'packages/crypto/src/age/known-stanza.ts#parseKnownStanza',
    'packages/crypto/src/age/known-stanza.ts#parseScryptArguments',
  ],
  'crypto: recipient': ['packages/crypto/src/age/recipient.ts#parseRecipient'],
  'crypto: identity': ['packages/crypto/src/age/identity.ts#parseIdentity'],
  'crypto: identity file': [
    'packages/crypto/src/age/identity-file.ts#parseIdentityFile',
    'packages/crypto/src/age/identity-file.ts#parseLine',
  ],
  'crypto: base64': [
    'packages/crypto/src/age/base64.ts#decodeBase64',
    'packages/crypto/src/age/base64.ts#decodeBase64Padded',
  ],
  'protocol: statement': [
    'packages/protocol/src/statement/parse-statement.ts#parseStatement',
    'packages/protocol/src/statement/field/text-field.ts#decodePercent',
    'packages/protocol/src/statement/field/base64-field.ts#decode',
    'packages/protocol/src/statement/field/seal-recipient-field.ts#decode',
  ],
  'protocol: address': ['packages/protocol/src/address/canonical-address.ts#parseAddress'],
  'tlog: checkpoint': ['packages/tlog/src/checkpoint/checkpoint.ts#parseCheckpoint'],
  'tlog: tile path': ['packages/tlog/src/tiles/tile-path.ts#parseTilePath'],
  'tlog: entry bundle': ['packages/tlog/src/tiles/entry-bundle.ts#decodeEntryBundle'],
  'tlog: proof': [
    'packages/tlog/src/proof/tlog-proof.ts#parseTlogProof',
    'packages/tlog/src/proof/tlog-proof.ts#parseExtra',
  ],
  'tlog: witness request': ['packages/tlog/src/witness/add-checkpoint.ts#parseAddCheckpoint'],
  'tlog: cosignatures': [
    'packages/tlog/src/witness/witness-answer.ts#parseCosignatures',
    'packages/tlog/src/witness/witness-answer.ts#decodeText',
  ],
  'tlog: policy': ['packages/tlog/src/policy/parse-policy.ts#parsePolicy'],
  'tlog: note': [
    'packages/tlog/src/note/parse-note.ts#parseNote',
    'packages/tlog/src/note/parse-note.ts#decodeText',
    'packages/tlog/src/note/signature-line.ts#decodeBlob',
  ],
  'tlog: verifier key': [
    'packages/tlog/src/note/verifier-key.ts#parseVerifierKey',
    'packages/tlog/src/note/verifier-key.ts#decodeKey',
  ],
  'key-directory: leaf': ['packages/key-directory/src/leaf.ts#decodeLeaf'],
  'key-directory: point': ['packages/key-directory/src/vrf/curve/point-string.ts#decodePoint'],
  'key-directory: index leaf': ['packages/key-directory/src/index-leaf.ts#parseIndexLeaf'],
};

/** Not driven, and why. */
export const notDriven: Readonly<Record<string, string>> = {
  'apps/cli/src/command-line/parse-command-line.ts#parseCommandLine': 'words of whoever runs the program',
  'apps/cli/src/command-line/parse-command-line.ts#parseWords': 'words of whoever runs the program',
  'apps/cli/src/read-small-file.ts#decode': 'TextDecoder, fatal, after a limit',
  'apps/cli/src/terminal/ask-passphrase.ts#decode': 'what its owner types',
  'apps/server/src/http/app.ts#decodeUtf8': 'TextDecoder, fatal; every route is driven with such bytes',
  'apps/server/src/key-log/read-tile.ts#parsedOrNull': 'parseTilePath, and null',
  'apps/server/src/login/identity-chain.ts#parsed': 'statements that the server verified before it kept them',
  'apps/web/src/router/routes.ts#parseRoute': 'anything else is the inbox: routes.test.ts beside it',
  'apps/web/src/screens/compose/recipient.ts#parseTyped': 'what its owner types; what comes of it goes to parseAddress',
  'packages/crypto/src/age/parse-vector.ts#parseAgeVector': 'reads the corpus of tests',
  'packages/crypto/src/age/parse-vector.ts#parseField': 'reads the corpus of tests',
  'packages/crypto/src/engine/ed25519-input.ts#decodeLittleEndian': 'any bytes are a number; of fixed length',
  'packages/key-directory/src/vrf/verify-vrf.ts#decoded': 'constants of the curve, by decodePoint',
  'packages/crypto/src/engine/ed25519-strict.ts#decodePoint': 'driven by vectors/engines/ed25519.json on every engine',
  'packages/crypto/src/login-client.ts#decoded': 'base64url, then the library of OPAQUE',
  'packages/mime/src/parse-when-needed.ts#parseMessage': 'loads parse-message.ts and calls it',
  'packages/sdk/src/client/trust-policy.ts#parseKey': 'parseVerifierKey, and null',
  'packages/sdk/src/directory/history/judge-history.ts#parsed': 'parseSigned, and null',
  'packages/sdk/src/mail/outbox/counters.ts#parseCounter': 'a schema like those of the records beside it',
  'packages/sdk/src/message/mime-of-statement.ts#parsedOrNull': 'parseMessage, and null',
};
