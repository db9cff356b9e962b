import type { Evidence } from './evidence.ts';

/** One delivery: the evidence for each candidate, and who it was. */
export interface Question {
  readonly evidence: readonly Evidence[];
  readonly sender: number;
}

const rounds = 400;
const step = 0.5;
const restraint = 0.01;

/**
 * A thief who was told the senders of half of the deliveries learns from them what evidence is worth (a conditional
 * logit), and guesses the other half; then the halves change places. @returns the part that was guessed right
 */
export function guessedRight(questions: readonly Question[]): number {
  const names = [...new Set(questions.flatMap((each) => each.evidence.flatMap((evidence) => Object.keys(evidence))))];
  const vectors = questions.map((question) => ({ ...question, rows: standardised(question.evidence, names) }));
  let right = 0;
  for (const half of [0, 1]) {
    const weights = learn(
      vectors.filter((_question, place) => place % 2 === half),
      names.length,
    );
    for (const { rows, sender } of vectors.filter((_question, place) => place % 2 !== half)) {
      const scores = rows.map((row) => dot(row, weights));
      const best = Math.max(...scores);
      const tied = scores.filter((score) => score > best - 1e-9).length;
      if ((scores[sender] ?? -Infinity) > best - 1e-9) right += 1 / tied;
    }
  }
  return right / questions.length;
}

interface Vectors {
  readonly rows: readonly Float64Array[];
  readonly sender: number;
}

function learn(questions: readonly Vectors[], width: number): Float64Array {
  const weights = new Float64Array(width);
  for (let round = 0; round < rounds; round++) {
    const slope = new Float64Array(width);
    for (const { rows, sender } of questions) {
      const scores = rows.map((row) => dot(row, weights));
      const most = Math.max(...scores);
      const parts = scores.map((score) => Math.exp(score - most));
      const sum = parts.reduce((one, other) => one + other, 0);
      for (const [place, row] of rows.entries()) {
        const miss = (place === sender ? 1 : 0) - (parts[place] ?? 0) / sum;
        for (let each = 0; each < width; each++) slope[each] = (slope[each] ?? 0) + miss * (row[each] ?? 0);
      }
    }
    for (let each = 0; each < width; each++) {
      const pull = (slope[each] ?? 0) / questions.length - restraint * (weights[each] ?? 0);
      weights[each] = (weights[each] ?? 0) + step * pull;
    }
  }
  return weights;
}

/** Only differences between the candidates of one delivery say anything. */
function standardised(evidence: readonly Evidence[], names: readonly string[]): Float64Array[] {
  const rows = evidence.map((each) => Float64Array.from(names, (name) => each[name] ?? 0));
  for (let column = 0; column < names.length; column++) {
    const values = rows.map((row) => row[column] ?? 0);
    const mean = values.reduce((one, other) => one + other, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    for (const row of rows) row[column] = spread < 1e-9 ? 0 : ((row[column] ?? 0) - mean) / spread;
  }
  return rows;
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < one.length; place++) sum += (one[place] ?? 0) * (other[place] ?? 0);
  return sum;
}
