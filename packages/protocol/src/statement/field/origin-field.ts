import { canonicalDomain } from '../../address/canonical-domain.ts';
import { malformed } from '../malformed.ts';
import type { Field } from './field.ts';

const defaultPorts: Readonly<Record<string, number>> = { https: 443, http: 80 };

/** `http` is for the own machine only (design: "Plain HTTP only to loopback"). */
const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** The origin of a server as RFC 6454 writes it: scheme, host, and the port where it is not the scheme's own. */
export const originField: Field<string> = {
  read: (token) => {
    const [scheme = '', host = '', port] = /^(https?):\/\/([^:]+|\[::1\])(?::([1-9]\d*))?$/.exec(token)?.slice(1) ?? [];
    if (scheme === '') throw malformed('a field is not an origin');
    if (port !== undefined && (Number(port) > 0xffff || Number(port) === defaultPorts[scheme])) {
      throw malformed('an origin has a port that it may not have');
    }
    const local = loopback.includes(host);
    if (scheme === 'http' && !local) throw malformed('an origin is plain http and not of the own machine');
    if (!local && canonicalDomain(host) !== host) throw malformed('the host of an origin is not canonical');
    return token;
  },
  write: (origin) => origin,
};
