/**
 * Writes vectors/records: `node packages/crypto/test/records/generate.ts`. Built from docs/spec/04-records.md with
 * node:crypto alone, not with the code under test; the same bytes on every run.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deliveryVectors } from './delivery-vectors.ts';
import { latchVectors } from './latch-vectors.ts';
import { itemVectors, paddingVectors } from './padding-vectors.ts';
import type { RecordVectors } from './record-vector.ts';
import { recordVectors } from './record-vectors.ts';

export const RECORD_VECTORS_FOLDER: string = join(import.meta.dirname, '../../../../vectors/records');

export function allRecordVectors(): readonly RecordVectors[] {
  return [itemVectors(), paddingVectors(), recordVectors(), latchVectors(), deliveryVectors()];
}

export function vectorsText(vectors: RecordVectors): string {
  return `${JSON.stringify(vectors, null, 2)}\n`;
}

if (import.meta.main) {
  mkdirSync(RECORD_VECTORS_FOLDER, { recursive: true });
  for (const vectors of allRecordVectors()) {
    writeFileSync(join(RECORD_VECTORS_FOLDER, `${vectors.kind}.json`), vectorsText(vectors));
  }
}
