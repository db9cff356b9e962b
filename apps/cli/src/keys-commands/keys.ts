import type { OptionName } from '../command-line/command-spec.ts';
import { usageError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';

type Action = (invocation: Invocation, operand: string | undefined) => Promise<void>;

/** `latchkey keys ACTION`: each is loaded when it is called. */
const actions: Readonly<Record<string, () => Promise<Action>>> = {
  show: async () => (await import('./contact-keys.ts')).contactKeysAction,
  history: async () => (await import('./contact-keys.ts')).contactKeysAction,
  verify: async () => (await import('./contact-keys.ts')).contactKeysAction,
  policy: async () => (await import('./policy.ts')).policy,
  'add-witness': async () => (await import('./policy.ts')).addWitness,
  card: async () => (await import('./card.ts')).card,
  add: async () => (await import('./add.ts')).add,
  veto: async () => (await import('./veto.ts')).veto,
  tail: async () => (await import('./tail.ts')).tail,
  evidence: async () => (await import('./evidence.ts')).listEvidence,
  'verify-evidence': async () => (await import('./evidence.ts')).checkEvidence,
};

/** Options that belong to some actions only. */
const belongsTo: readonly (readonly [option: OptionName, actions: readonly string[]])[] = [
  ['words', ['verify']],
  ['once', ['tail']],
  ['output', ['card']],
  ['qr', ['card']],
  ['file', ['policy']],
  ['yes', ['policy', 'add-witness']],
];

export async function keys(invocation: Invocation): Promise<void> {
  const [action = '', operand, ...more] = invocation.operands;
  for (const [option, ofActions] of belongsTo) {
    if (invocation.has(option) && !ofActions.includes(action)) {
      throw usageError(`--${option} belongs to ${ofActions.join(' and ')}`, 'See latchkey help keys');
    }
  }
  const load = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (load === undefined) throw usageError('Say what to do with keys', 'See latchkey help keys');
  if (more.length > 0 && action !== 'add-witness') {
    throw usageError(`${action} takes one operand`, 'See latchkey help keys');
  }
  await (
    await load()
  )(invocation, operand);
}
