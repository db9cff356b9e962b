/** A way through all screens, for tests that look at each of them. */
import { abuseRecipient } from './abuse-recipient.ts';
import type { AppSite } from './app-site.ts';
import { checkKit, kitWords, PASSWORD } from './app-site.ts';
import type { Person } from './person.ts';

/** What is done with a screen when it is there. `name` is a file's name too. */
export type Look = (name: string, person: Person) => Promise<void>;

export async function write(person: Person, to: string, subject: string, body: string): Promise<void> {
  await person.press('Write');
  await person.fill('To', to);
  await person.fill('Subject', subject);
  await person.fill('Message', body);
  await person.press('Send');
  await person.miss('Signed by you');
}

const LETTER = `Dear Bob,

shall we meet on Thursday at noon, at the usual place by the river? I will bring the drawings.

Alice`;

export async function everyScreen(site: AppSite, look: Look): Promise<void> {
  const alice = await site.arrive();
  await alice.see('Mail that only its owners can open.');
  await look('welcome', alice);
  await alice.press('Sign in');
  await alice.see('Sign in on this browser');
  await look('sign-in', alice);
  await alice.press('Back');
  await alice.press('Create an account');
  await alice.fill('Address', 'alice');
  await alice.fill('Password', PASSWORD);
  await alice.see('This address is free.');
  await alice.see('to guess');
  await look('register', alice);
  await alice.press('Create account');
  await alice.see('Your two papers');
  await look('papers', alice);
  const words = await kitWords(alice);
  await alice.press('I printed or saved both');
  await alice.see('Check your recovery kit');
  await look('kit-check', alice);
  await checkKit(alice, words);
  await alice.press('Open my mail');
  await alice.see('Nothing here, all read');
  await look('inbox-empty', alice);

  const bob = await site.join('bob');
  await write(alice, 'bob@localhost', 'Lunch on Thursday?', LETTER);
  await bob.press('Requests');
  await bob.press('Unread');
  await bob.see('You have never written to');
  await look('stranger', bob);
  await write(bob, 'alice@localhost', 'Minutes of Monday', 'The minutes are below. Please tell me what I left out.');
  await write(bob, 'alice@localhost', 'The garden', 'The roses are in bloom at last. Come and see them.');
  await write(bob, 'alice@localhost', 'Draft contract', 'Please look at section 4 before Friday.');
  await alice.see('Draft contract');
  await look('inbox', alice);
  await alice.page.keyboard.press('j');
  await alice.page.keyboard.press('x');
  await alice.page.keyboard.press('j');
  await alice.page.keyboard.press('x');
  await alice.see('2 selected');
  await look('selected', alice);
  await alice.press('Clear selection');
  await alice.press('Unread');
  await alice.see('section 4');
  await alice.press('Who could read this?');
  await alice.see('Compare words once to be sure.');
  await look('trust', alice);
  await alice.page.keyboard.press('w');
  await look('message', alice);
  Object.assign(site.server.services.config, { abuseRecipient });
  await alice.press('More');
  await alice.press('Report to the operator');
  await alice.see('What they will see');
  await look('report', alice);
  await alice.press('Cancel');
  await alice.miss('What they will see');
  await alice.press('Write');
  await alice.fill('To', 'bob@localhost, nobody@localhost, x');
  await alice.fill('Subject', 'Three kinds of recipients');
  await alice.see('Nobody has this address here');
  await look('compose', alice);
  await alice.press('Discard');
  await alice.press('Discard');
  await alice.press('Contacts');
  await alice.press('bob@localhost');
  await alice.see('Words to compare');
  await look('contact', alice);
  for (const [name, seen] of [
    ['Account', 'Lock by itself'],
    ['Appearance', 'High contrast'],
    ['Notifications', 'That there is new mail'],
    ['Devices and sessions', 'This browser'],
    ['Password', 'New password once more'],
    ['Card and kit', 'Show the sign-in card'],
    ['What the operator can see', 'Yours at this moment'],
    ['Keyboard', 'Next message'],
    ['Leave', 'Close the account'],
  ] as const) {
    await alice.press('Settings');
    await alice.press(name);
    await alice.see(seen);
    await look(`settings-${name.split(' ')[0]?.toLowerCase()}`, alice);
  }
  await alice.press('Lock');
  await alice.see('Your password opens');
  await look('unlock', alice);
  await alice.requireNoProblems();
  await bob.requireNoProblems();
}
