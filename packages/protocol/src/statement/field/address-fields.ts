import { canonicalDomain } from '../../address/canonical-domain.ts';
import { parseAddress, type CanonicalAddress } from '../../address/canonical-address.ts';
import type { Field } from './field.ts';

export const addressField: Field<CanonicalAddress> = { read: parseAddress, write: (address) => address };

export const domainField: Field<string> = { read: canonicalDomain, write: (domain) => domain };
