/** What this browser is called in the list of devices: sealed, and its owner's to read. */
import { text } from '../messages/text.ts';

const BROWSERS = [
  ['Firefox', /Firefox\//],
  ['Edge', /Edg\//],
  ['Chrome', /Chrome\//],
  ['Safari', /Safari\//],
] as const;
const SYSTEMS = [
  ['Android', /Android/],
  ['iPhone', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['Mac', /Mac OS/],
  ['Linux', /Linux/],
] as const;

function firstOf(names: readonly (readonly [string, RegExp])[], agent: string): string | null {
  return names.find(([, pattern]) => pattern.test(agent))?.[0] ?? null;
}

export function deviceName(agent: string = navigator.userAgent): string {
  const browser = firstOf(BROWSERS, agent) ?? text.registration.deviceName;
  const system = firstOf(SYSTEMS, agent);
  return system === null ? browser : text.registration.deviceDefault(browser, system);
}
