/** The door of the screens: puts the app into the page. */
import '../style/tokens.css';
import '../style/base.css';
import { mount } from 'svelte';
import { chooseLanguage, text } from '../messages/text.ts';
import type { WorkerLine } from '../worker/contract.ts';
import App from './app.svelte';
import { account } from './account.svelte.ts';
import { appearance } from './appearance.svelte.ts';
import { useLine } from './line.ts';

export async function mountApp(target: HTMLElement, line: WorkerLine): Promise<void> {
  appearance.read();
  await chooseLanguage();
  useLine(line);
  document.title = text.common.appName;
  mount(App, { target });
  await account.start();
}
