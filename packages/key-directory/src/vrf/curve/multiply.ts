import { carry } from './carry.ts';
import { WRAP, type Limbs } from './limbs.ts';

/** out = a · b. The product of the two operands' growths is at most 9 (carry.ts). `out` may be an operand. */
export function multiply(out: Limbs, a: Limbs, b: Limbs): void {
  const a0 = a[0],
    b0 = b[0];
  const a1 = a[1],
    b1 = b[1];
  const a2 = a[2],
    b2 = b[2];
  const a3 = a[3],
    b3 = b[3];
  const a4 = a[4],
    b4 = b[4];
  const a5 = a[5],
    b5 = b[5];
  const a6 = a[6],
    b6 = b[6];
  const a7 = a[7],
    b7 = b[7];
  const a8 = a[8],
    b8 = b[8];
  const a9 = a[9],
    b9 = b[9];
  const a10 = a[10],
    b10 = b[10];
  const a11 = a[11],
    b11 = b[11];
  const w1 = b1 * WRAP;
  const w2 = b2 * WRAP;
  const w3 = b3 * WRAP;
  const w4 = b4 * WRAP;
  const w5 = b5 * WRAP;
  const w6 = b6 * WRAP;
  const w7 = b7 * WRAP;
  const w8 = b8 * WRAP;
  const w9 = b9 * WRAP;
  const w10 = b10 * WRAP;
  const w11 = b11 * WRAP;
  const low0 = a0 * b0 + a1 * w11 + a2 * w10 + a3 * w9 + a4 * w8 + a5 * w7;
  out[0] = low0 + a6 * w6 + a7 * w5 + a8 * w4 + a9 * w3 + a10 * w2 + a11 * w1;
  const low1 = a0 * b1 + a1 * b0 + a2 * w11 + a3 * w10 + a4 * w9 + a5 * w8;
  out[1] = low1 + a6 * w7 + a7 * w6 + a8 * w5 + a9 * w4 + a10 * w3 + a11 * w2;
  const low2 = a0 * b2 + a1 * b1 + a2 * b0 + a3 * w11 + a4 * w10 + a5 * w9;
  out[2] = low2 + a6 * w8 + a7 * w7 + a8 * w6 + a9 * w5 + a10 * w4 + a11 * w3;
  const low3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + a4 * w11 + a5 * w10;
  out[3] = low3 + a6 * w9 + a7 * w8 + a8 * w7 + a9 * w6 + a10 * w5 + a11 * w4;
  const low4 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 + a5 * w11;
  out[4] = low4 + a6 * w10 + a7 * w9 + a8 * w8 + a9 * w7 + a10 * w6 + a11 * w5;
  const low5 = a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0;
  out[5] = low5 + a6 * w11 + a7 * w10 + a8 * w9 + a9 * w8 + a10 * w7 + a11 * w6;
  const low6 = a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1;
  out[6] = low6 + a6 * b0 + a7 * w11 + a8 * w10 + a9 * w9 + a10 * w8 + a11 * w7;
  const low7 = a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2;
  out[7] = low7 + a6 * b1 + a7 * b0 + a8 * w11 + a9 * w10 + a10 * w9 + a11 * w8;
  const low8 = a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3;
  out[8] = low8 + a6 * b2 + a7 * b1 + a8 * b0 + a9 * w11 + a10 * w10 + a11 * w9;
  const low9 = a0 * b9 + a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4;
  out[9] = low9 + a6 * b3 + a7 * b2 + a8 * b1 + a9 * b0 + a10 * w11 + a11 * w10;
  const low10 = a0 * b10 + a1 * b9 + a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5;
  out[10] = low10 + a6 * b4 + a7 * b3 + a8 * b2 + a9 * b1 + a10 * b0 + a11 * w11;
  const low11 = a0 * b11 + a1 * b10 + a2 * b9 + a3 * b8 + a4 * b7 + a5 * b6;
  out[11] = low11 + a6 * b5 + a7 * b4 + a8 * b3 + a9 * b2 + a10 * b1 + a11 * b0;
  carry(out);
}
