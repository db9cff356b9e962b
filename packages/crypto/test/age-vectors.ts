/** The vectors of vectors/age: accepted and refused inputs in any language's reach. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Each character stands for the byte of the same number. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

export interface AgeVectors {
  readonly headers: {
    readonly accept: readonly (NamedText & {
      readonly stanzas: readonly { readonly args: readonly string[]; readonly body: string }[];
    })[];
    readonly reject: readonly NamedText[];
  };
  readonly armor: {
    readonly accept: readonly (NamedText & { readonly bytes: string })[];
    readonly reject: readonly NamedText[];
  };
  readonly recipients: {
    readonly accept: readonly { readonly text: string; readonly kind: string; readonly publicKey: string }[];
    readonly reject: readonly NamedText[];
  };
  readonly identities: {
    readonly accept: readonly {
      readonly text: string;
      readonly kind: string;
      readonly secret: string;
      readonly recipient: string;
    }[];
    readonly reject: readonly NamedText[];
  };
  readonly 'identity-files': {
    readonly accept: readonly (NamedText & { readonly identities: readonly string[] })[];
    readonly reject: readonly NamedText[];
  };
  readonly floor: {
    readonly pairs: readonly { readonly kinds: readonly string[]; readonly floor: string | null }[];
  };
  readonly sizes: {
    readonly accept: readonly { readonly plaintext: number; readonly payload: number; readonly chunks: number }[];
    readonly reject: readonly number[];
  };
}

const FOLDER = join(import.meta.dirname, '../../../vectors/age');

export function ageVectors<Name extends keyof AgeVectors>(name: Name): AgeVectors[Name] {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as AgeVectors[Name];
}
