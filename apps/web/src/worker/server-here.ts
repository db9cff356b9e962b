/** The server whose page this is: what registration offers here. */
import { serverHere as ask } from '@latchkey/host-web';
import type { ByHandHost } from '@latchkey/sdk/ports';
import { ROUTES } from '@latchkey/protocol/wire';
import type { ServerHere } from './contract.ts';

/** Null where nobody answers, or no Latchkey server. */
export async function askServerHere(ciphers: ByHandHost): Promise<ServerHere | null> {
  try {
    const { origin, domain, registration } = await ask(ciphers).call(ROUTES.wellKnown, {});
    return { origin, domain, registration };
  } catch {
    return null;
  }
}
