import { SdkError } from '../errors.ts';

const form = /^(https?):\/\/(\[[0-9a-f:]{2,39}\]|[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)(?::([1-9][0-9]{0,4}))?$/;
const loopback = /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\])$/;
const usualPort: Readonly<Record<string, string>> = { http: '80', https: '443' };

/**
 * `scheme://host[:port]` as a person may write it, in the one form in which it is pinned: lower case, no slash behind
 * it, no port where it is the usual one.
 *
 * @throws SdkError `origin_malformed`; `server_insecure` for http to anything but this machine
 */
export function parseOrigin(text: string): string {
  const [, scheme = '', host = '', , port] = form.exec(text.trim().toLowerCase().replace(/\/$/, '')) ?? [];
  if (scheme === '' || Number(port ?? 1) > 65_535) {
    throw new SdkError('origin_malformed', 'a server is named like https://mail.example.org');
  }
  // What the network looks up must be this machine by its form alone: a name may lead anywhere.
  if (scheme === 'http' && !loopback.test(host)) {
    throw new SdkError('server_insecure', `${host} is not this machine: without TLS anybody on the way could listen`);
  }
  return port === undefined || port === usualPort[scheme] ? `${scheme}://${host}` : `${scheme}://${host}:${port}`;
}
