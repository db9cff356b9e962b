import { toASCII } from 'tr46';
import { ProtocolError } from '../errors.ts';

/**
 * What `toASCII` gives back as it is: labels of small letters, digits and single hyphens between them. Most domains are
 * so, and each is looked at several times a message.
 */
const PLAIN_DOMAIN = /^(?=.{1,253}$)(?!.*[^.]{64})[a-z0-9]+(?:[.-][a-z0-9]+)*$/;

/**
 * The domain as lower-case A-labels: UTS 46, non-transitional, STD3 rules, all checks on (docs/spec/02-statements.md,
 * "Domains"). `localhost` stands alone; every other domain has two labels or more.
 * @throws ProtocolError `address_malformed`
 */
export function canonicalDomain(input: string): string {
  const domain = PLAIN_DOMAIN.test(input) ? input : aLabels(input);
  if (domain === null) throw new ProtocolError('address_malformed', 'the domain is not one under UTS 46');
  if (domain === 'localhost') return domain;
  if (!domain.includes('.')) throw new ProtocolError('address_malformed', 'the domain has one label only');
  // RFC 1123 2.1: the last label tells a name from a dotted IPv4 address.
  if (/\.\d+$/.test(domain)) throw new ProtocolError('address_malformed', 'the domain is a number');
  return domain;
}

function aLabels(input: string): string | null {
  return toASCII(input, {
    checkBidi: true,
    checkHyphens: true,
    checkJoiners: true,
    useSTD3ASCIIRules: true,
    verifyDNSLength: true,
    transitionalProcessing: false,
  });
}
