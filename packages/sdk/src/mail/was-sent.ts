import { hex } from '@scure/base';
import type { Client } from '../client/types.ts';

/** Whether the own copy of what went through this outbox record is filed: then somebody has it. */
export async function wasSent({ mailbox }: Client, outbox: string): Promise<boolean> {
  const own = await mailbox.read(await mailbox.nameRecord('message', hex.decode(outbox)));
  return (own?.body ?? null) !== null;
}
