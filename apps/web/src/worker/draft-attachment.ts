import { blobSource } from '@latchkey/host-web';
import type { DraftAttachment } from '@latchkey/sdk/mail';

/** A file of the browser, as the sdk takes it. */
export function draftAttachment(file: File, { name, type }: Pick<DraftAttachment, 'name' | 'type'>): DraftAttachment {
  return {
    name,
    type: type === '' ? 'application/octet-stream' : type,
    source: blobSource(file),
    identity: identityOf(file),
  };
}

/** Changes when the file does, as far as a browser tells. */
export function identityOf({ name, size, lastModified }: File): string {
  return `${name}\0${size}\0${lastModified}`;
}
