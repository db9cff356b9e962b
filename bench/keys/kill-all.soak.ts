/** 200 rounds of `kill -9`: server, witness and auditor, each alone and together, while updates go on. */
import { soakShare, tellSoak } from '@latchkey/testkit';
import { driveKillAll } from '../../apps/server/test/kill-all.ts';

tellSoak(await driveKillAll({ rounds: Math.max(3, Math.ceil(200 * soakShare())), lanes: 4 }));
