/** A login whose server announces another policy than the paper says (docs/spec/14-proving-directory.md, "Another policy"). */
import type { Engine } from '@latchkey/crypto';
import { utf8 } from '@scure/base';
import { otherPolicy, type ServerFacts } from '../account/server-facts.ts';
import { readLogPin } from '../directory/key-log/log-pin.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import type { Space } from '../sync/types.ts';

/**
 * Only who has the owner's secrets writes the vault: where it has pinned exactly what the server announces, in the place of
 * what the paper says, its owner has taken it since the paper was printed.
 *
 * @throws SdkError `server_differs`
 */
export async function requireOwnersPolicy(
  engine: Pick<Engine, 'sha256'>,
  vault: Space,
  { otherThan, policy }: ServerFacts,
): Promise<void> {
  if (otherThan === null) return;
  await vault.catchUp();
  const pin = await readLogPin(vault);
  const isReplaced = pin?.before.some((hash) => equalBytes(hash, otherThan)) === true;
  if (pin === null || policy === null || !isReplaced) throw otherPolicy();
  if (!equalBytes(await engine.sha256(utf8.decode(pin.policy)), policy)) throw otherPolicy();
}
