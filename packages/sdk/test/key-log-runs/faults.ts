/** One check left out of the client at a time: what the random runs are for is to find each of them. */
export interface Fault {
  readonly name: string;
  /** From the repository's root. */
  readonly file: string;
  readonly was: string;
  readonly now: string;
}

const HEAD = 'packages/key-directory/src/verify/verify-head.ts';
const LOOKUP = 'packages/key-directory/src/verify/verify-lookup.ts';
const HISTORY = 'packages/sdk/src/directory/history';

export const FAULTS: readonly Fault[] = [
  {
    name: 'no quorum is asked for',
    file: 'packages/tlog/src/policy/evaluate-policy.ts',
    was: `if (!quorumReached(policy, namesOf(witnesses))) return refused('quorum_missing', witnesses);`,
    now: '',
  },
  { name: 'logs may be others than before', file: HEAD, was: 'if (grown !== null) return grown;', now: '' },
  { name: 'heads may be of any age', file: HEAD, was: 'if (stale !== null) return refuse(1, stale);', now: '' },
  {
    name: 'any index leaf will do',
    file: HEAD,
    was: `if (!isLastLeaf(index.checkpoint, answer)) return refuse(3, 'index_leaf_not_last');`,
    now: '',
  },
  {
    name: 'the VRF proves nothing',
    file: LOOKUP,
    was: `provedIndex(head, label, answer.vrfProof);`,
    // Where nothing is proved the index is what the leaf says.
    now: `provedIndex(head, label, answer.vrfProof) ?? answer.leaves[0]?.leaf.slice(2, 34) ?? new Uint8Array(32);`,
  },
  {
    name: 'the map proves nothing',
    file: LOOKUP,
    was: `if (!verifyMapProof({ root: head.mapRoot, key: index, value, proof: mapProof })) return refuse(3, 'map_proof_wrong');`,
    now: '',
  },
  {
    name: 'a leaf need not stand in the log',
    file: LOOKUP,
    was: `if (!verifyInclusion({ ...claim, proof: inclusion })) return 'leaf_not_in_log';`,
    now: '',
  },
  {
    name: 'a commitment commits to nothing',
    file: LOOKUP,
    was: `if (!sameBytes(leaf.commitment, commit({ opening, label, version, note }))) return 'commitment_wrong';`,
    now: '',
  },
  {
    name: 'a version may be signed by nobody',
    file: `${HISTORY}/classify-identity.ts`,
    was: `return { by: 'nobody' };`,
    now: `return { by: 'predecessor', alsoByWaiting: false };`,
  },
  {
    name: 'a veto does not kill',
    file: `${HISTORY}/judge-history.ts`,
    was: 'const killed = [...standing.killed, waiting.identity].slice(-MAX_KILLED);',
    now: 'if (waiting !== null) return standing; const killed = standing.killed;',
  },
  {
    name: 'a reset holds for no time',
    file: `${HISTORY}/succeed.ts`,
    was: '+ commitment.identity.statement.holdHours * HOUR_SECONDS',
    now: '',
  },
  {
    name: 'the own history may be anybody’s',
    file: 'packages/sdk/src/directory/key-log/look-up.ts',
    was: 'const verdict = await judgeOwnHistory(engine, { address, shown, own, nowSeconds });',
    now: `const verdict = { ...(await judgeOwnHistory(engine, { address, shown, own, nowSeconds })), taken: true };`,
  },
];
