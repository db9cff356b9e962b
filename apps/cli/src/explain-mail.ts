/** What the errors of mail mean for the person at the terminal. */
import type { Explanation } from './explain-refusal.ts';

export const mailExplanations: Readonly<Record<string, Explanation>> = {
  reports_closed: ['server', 'The server takes no reports', 'Write to its operator'],
  sender_unverified: [
    'damaged',
    'Nobody else has signed this message, so that a report would prove nothing',
    'Move it with latchkey mark ID --trash',
  ],
  recipients_refused: [
    'recipients',
    'Some readers cannot be written to. Nothing was sent',
    'Leave those readers out, or send without them with --skip-refused',
  ],
  recipients_too_many: ['usage', 'So many readers do not fit under To and Cc', 'Put them under --bcc'],
  message_too_large: ['usage', 'The message is too large', 'Attach the long part as a file'],
  message_not_found: ['not_found', 'There is no such message', "See the ids with 'latchkey inbox --folder all'"],
  message_not_in_trash: ['not_found', 'It is not in the trash', "First: 'latchkey mark ID --trash'"],
  message_ambiguous: ['not_found', 'More than one message begins with this id', 'Give more of its digits'],
  item_altered: [
    'damaged',
    'What the server gave is not what was signed, or does not open',
    'Ask the sender for another copy, and tell the operator',
  ],
  attachment_changed: [
    'input_output',
    'An attachment changed while it was being sent',
    'Wait until nobody writes to it, then send again',
  ],
  message_malformed: [
    'damaged',
    'This is no message that can be read',
    'Ask the sender for another copy, and check how it was carried',
  ],
  field_unfit: [
    'usage',
    'The subject or the text has signs that no message can carry, or the subject is too long',
    'Leave out line breaks and control characters',
  ],
};
