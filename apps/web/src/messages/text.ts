/** The catalogue of this page. Chosen once, before the first component; another language is a reload. */
import { en, type Messages } from './en.ts';

const KEPT_AS = 'latchkey.language';

/** What components read. */
export let text: Messages = en;

/** For Intl. */
export let locale: string = 'en-GB';

/** Sets `lang` and `dir` of the page too. */
export async function chooseLanguage(): Promise<void> {
  const kept = localStorage.getItem(KEPT_AS);
  if (kept !== 'pseudo' && kept !== 'pseudo-rtl') {
    // Dates and numbers as the reader's own region writes English.
    locale = navigator.languages.find((each) => each.startsWith('en')) ?? 'en-GB';
    return;
  }
  const { pseudoMessages } = await import('./pseudo.ts');
  text = pseudoMessages;
  document.documentElement.lang = 'en-XA';
  document.documentElement.dir = kept === 'pseudo-rtl' ? 'rtl' : 'ltr';
}
