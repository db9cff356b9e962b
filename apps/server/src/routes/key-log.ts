import { formatLookupResponse } from '@latchkey/key-directory/prove';
import { RawAnswer, type Handlers } from '../http/call.ts';
import { API_HEADERS } from '../http/headers.ts';
import { verifierLines } from '../key-log/log-signer.ts';
import { readHeads } from '../key-log/read-heads.ts';
import { readTile } from '../key-log/read-tile.ts';
import { resolveAddresses } from '../key-log/resolve-addresses.ts';
import { Refused } from '../store/refused.ts';

type Names = 'ktResolve' | 'ktLookup' | 'ktPolicy' | 'ktCheckpoint' | 'ktTile' | 'ktHours';

const headSoonSeconds = 1;
const hoursOfDay = 24;

export const keyLogHandlers: Pick<Handlers, Names> = {
  ktResolve: ({ services, input, session }) => resolveAddresses(services, session, input),

  async ktLookup({ services, input }) {
    const logIndex = new Uint8Array(Buffer.from(input.index, 'hex'));
    // Without leaves: who does not know the address has no openings to ask for.
    const wanted = { logIndex, fromVersion: Number.MAX_SAFE_INTEGER };
    const proved = await services.keyLog.prove([wanted], null);
    const [label] = proved?.labels ?? [];
    if (proved === null || label === undefined) throw new Refused('head_missing', headSoonSeconds);
    const { indexCheckpoint, indexLeaf, indexInclusion } = proved.head;
    const head = { indexCheckpoint: Buffer.from(indexCheckpoint), indexLeaf: Buffer.from(indexLeaf), indexInclusion };
    return JSON.parse(formatLookupResponse(head, label)) as Record<string, unknown>;
  },

  ktPolicy: ({ services: { config, keyLog } }) => ({
    domain: config.domain,
    policy: keyLog.policyText,
    keys: { origin: keyLog.identities.keys.origin, verifierKeys: verifierLines(keyLog.identities.keys) },
    index: { origin: keyLog.identities.index.origin, verifierKeys: verifierLines(keyLog.identities.index) },
    vrf: keyLog.identities.vrfPublicKey,
    format: 1,
  }),

  async ktCheckpoint({ services, input }) {
    const { published } = (await readHeads(services.store.db))[input.log];
    if (published === null) throw new Refused('not_found');
    return rawAnswer(Buffer.from(published.note, 'utf8'), {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-cache',
    });
  },

  async ktTile({ services, input }) {
    const tile = await readTile(services.store.db, input.log, `tile/${input.tile}`);
    if (tile === null) throw new Refused('not_found');
    // A tile of one width never changes.
    return rawAnswer(tile, {
      'content-type': 'application/octet-stream',
      'cache-control': 'public, max-age=31536000, immutable',
    });
  },

  async ktHours({ services, input }) {
    const startMs = Date.parse(`${input.day}T00:00:00Z`);
    if (Number.isNaN(startMs) || !new Date(startMs).toISOString().startsWith(input.day)) {
      throw new Refused('request_malformed');
    }
    const first = startMs / 3_600_000;
    const heads = await services.store.db
      .selectFrom('log_hour')
      .select(['hour', 'note'])
      .where('hour', '>=', first)
      .where('hour', '<', first + hoursOfDay)
      .orderBy('hour')
      .execute();
    return { heads };
  },
};

function rawAnswer(body: Uint8Array, headers: Readonly<Record<string, string>>): RawAnswer {
  return new RawAnswer(async (outgoing) => {
    outgoing.writeHead(200, { ...API_HEADERS, ...headers, 'content-length': body.length }).end(body);
  });
}
