/** A login whose server announces another policy than the paper says (docs/spec/14-proving-directory.md, "Another policy"). */
import type { Engine } from '@latchkey/crypto';
import { utf8 } from '@scure/base';
import { otherPolicy, type ServerFacts } from '../account/server-facts.ts';
import { readLogPin } from '../directory/key-log/log-pin.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import type { Space } from '../sync/types.ts';

/**
 * Only who has the owner's secrets writes the vault: where it has pinned exactly what the server announces, its owner has
 * taken it since the paper was printed.
 *
 * @throws SdkError `server_differs`
 */
export async function requireOwnersPolicy(
  engine: Pick<Engine, 'sha256'>,
  vault: Space,
  { isPolicyOther, policy }: ServerFacts,
): Promise<void> {
  if (!isPolicyOther) return;
  await vault.catchUp();
  const pin = await readLogPin(vault);
  if (pin === null || policy === null || !equalBytes(await engine.sha256(utf8.decode(pin.policy)), policy)) {
    throw otherPolicy();
  }
}
