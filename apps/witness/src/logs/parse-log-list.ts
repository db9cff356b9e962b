import { logTypes, parseVerifierKey, TlogError, type VerifierKey } from '@latchkey/tlog';
import { WitnessError } from '../errors.ts';
import { allowedUrl } from './allowed-url.ts';

/** A log to watch: its origin is the name of its keys. */
export interface ListedLog {
  readonly origin: string;
  /** Any one of them suffices under a checkpoint; none that signed may be wrong. */
  readonly keys: readonly VerifierKey[];
  /** Where `checkpoint` and `tile/…` are; needed by the auditor only. */
  readonly url: string | null;
}

const maxChars = 1_048_576;
const maxLogs = 1_000;
/** What an ML-DSA-44 cosignature can name (c2sp.org/tlog-cosignature). */
const maxOriginBytes = 255;

/**
 * The `log` lines of a tlog-policy (c2sp.org/tlog-policy): `log <vkey> [<url>]`, comments and empty lines. Two lines
 * of one name are two keys of one log. All else is refused: a word that does nothing would look as if it did.
 *
 * @throws WitnessError `logs_malformed`, with the line
 */
export function parseLogList(text: string): readonly ListedLog[] {
  if (text.length > maxChars) throw new WitnessError('logs_malformed', 'the list of logs is longer than 1 MiB');
  const logs = new Map<string, ListedLog>();
  for (const [place, line] of text.split('\n').entries()) {
    const words = line.split(/[ \t]+/).filter((word) => word !== '');
    const [word, key, url, ...more] = words;
    if (word === undefined || word.startsWith('#')) continue;
    const wrong = (why: string): WitnessError =>
      new WitnessError('logs_malformed', `line ${place + 1} of the list of logs: ${why}`);
    if (word !== 'log' || key === undefined || more.length > 0) throw wrong('it is not "log KEY [URL]"');
    const parsed = parseKey(key);
    if (parsed === null) throw wrong('the key is not a verifier key of a log');
    const allowed = url === undefined ? null : allowedUrl(url);
    if (Buffer.byteLength(parsed.name) > maxOriginBytes) throw wrong('the name is longer than 255 bytes');
    if (url !== undefined && allowed === null) throw wrong('the URL is neither https nor http to this machine');
    const known = logs.get(parsed.name);
    if (known?.keys.some(({ keyId }) => keyId === parsed.keyId) === true) throw wrong('the key stands there twice');
    if (known !== undefined && known.url !== null && allowed !== null && known.url !== allowed) {
      throw wrong('the log has another URL above');
    }
    logs.set(parsed.name, {
      origin: parsed.name,
      keys: [...(known?.keys ?? []), parsed],
      url: allowed ?? known?.url ?? null,
    });
  }
  if (logs.size > maxLogs) throw new WitnessError('logs_malformed', `at most ${maxLogs} logs`);
  return [...logs.values()];
}

function parseKey(text: string): VerifierKey | null {
  try {
    return parseVerifierKey(text, logTypes);
  } catch (error) {
    if (error instanceof TlogError) return null;
    throw error;
  }
}
