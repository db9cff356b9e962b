/** Options that several commands of an account take. */
import type { OptionSpec } from '../command-line/command-spec.ts';

export const server: OptionSpec = {
  name: 'server',
  value: 'URL',
  says: "The server's address, such as https://mail.example.org. Default: https:// and the domain of ADDRESS.",
};
export const passwordFile: OptionSpec = {
  name: 'password-file',
  value: 'FILE',
  says: 'Take the password from the only line of this file.',
};
export const passwordFd: OptionSpec = {
  name: 'password-fd',
  value: 'N',
  says: 'Take the password from the only line that file descriptor N gives.',
};
export const device: OptionSpec = {
  name: 'device',
  value: 'NAME',
  says: 'What you call this machine; the server never sees it. Default: its host name.',
};
