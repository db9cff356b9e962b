import type { Handlers } from '../http/call.ts';
import { openApiDocument } from '../http/open-api.ts';

type Names = 'wellKnown' | 'health' | 'openApi';

export const metaHandlers: Pick<Handlers, Names> = {
  wellKnown: ({ services: { config, origin, login, keyLog } }) => ({
    latchkey: 1,
    domain: config.domain,
    origin,
    versions: ['v1'],
    opaque: login.publicKey,
    policy: keyLog.policyHash,
    registration: config.registration,
    abuse: config.abuseRecipient,
  }),
  async health({ services }) {
    await services.store.db
      .selectFrom('setting')
      .select('value')
      .where('name', '=', 'schema')
      .executeTakeFirstOrThrow();
    return { status: 'ok', version: services.version };
  },
  openApi: ({ services }) => openApiDocument(services.version),
};
