/** What went wrong and what to do now: never a code alone, never blame. */
export const errors = {
  title: 'That did not work',
  unknown: 'Something went wrong that Latchkey has no better words for. Nothing was lost. Try again.',
  code: (code: string) => `Code for support: ${code}`,
  server_unreachable: 'The server does not answer. Check the network; Latchkey goes on by itself when it is back.',
  answer_malformed: 'The server answered with something that is not Latchkey’s language. Nothing was taken from it.',
  server_refused: 'The server refused.',
  server_insecure: 'This server would be spoken to without encryption. Latchkey does not do that.',
  profile_missing: 'There is no account in this browser yet.',
  address_reissued:
    'This address was somebody else’s before. Whoever takes it over is shown to everybody as a different person.',
  profile_exists: 'This account is in this browser already. Unlock it instead.',
  profile_locked: 'Latchkey is locked. Your password opens it.',
  profile_damaged: 'What this browser keeps of the account cannot be read. Sign in again with card and password.',
  login_wrong: 'Password and card do not fit together. Check the password first; then whether this is the newest card.',
  password_wrong: 'That is not the password of this account.',
  login_server_changed:
    'This is not the server that your card names. Somebody may stand in its place. Do not go on; ask your operator by another way.',
  server_differs:
    'The server says it is another one than you asked for. Do not go on; ask your operator by another way.',
  card_malformed:
    'This is not a sign-in card, or part of it is missing. It is one long line that begins with LATCHKEY.',
  kit_malformed: 'These are not the 24 words of a recovery kit. A word may be misspelt or left out.',
  kit_wrong: 'This kit was replaced by a newer one. Only the newest kit opens the account.',
  invitation_malformed: 'This is not an invitation, or part of it is missing.',
  address_taken: 'This address is taken.',
  address_reserved: 'This address is reserved by the operator.',
  address_malformed: 'Use letters, digits, dots, hyphens or underscores before the @.',
  registration_unfinished: 'A registration was begun in this browser. Finish it with the same address and password.',
  address_differs: 'The card or kit is for another address.',
  account_rekeyed: 'This account was locked out of all devices. Sign in with the newest card or kit.',
  statement_unverified: 'The server showed keys that nobody signed. Latchkey did not use them.',
  key_log_refused: 'What the server shows of your own keys cannot be proved. Do not write until this is cleared up.',
  space_rolled_back:
    'The server shows an older state than this browser has seen. Nothing new is believed until that is cleared up.',
  space_forked:
    'The server shows two of your devices two different histories. Nothing new is believed until that is cleared up.',
  space_altered:
    'The server withholds or changed something that it had. Nothing new is believed until that is cleared up.',
  session_gone: 'This browser was signed out by another of your devices, or its session ran out.',
  rate_limited: 'That was tried too often. Wait a little, then try again.',
  account_new: 'This account is new and has used up what it may send in a day. The message goes later by itself.',
  quota_full: 'Your space on the server is full. Delete or save some mail first.',
  item_altered: 'A part of this message is not what its sender signed. It is not shown.',
  item_withheld: 'The server does not give a part of this message.',
  attachment_changed: 'A file changed while it was being sent. Attach it again.',
  message_too_large: 'The text is larger than a message may be. Send it as an attachment.',
  recipients_too_many: 'These are more recipients than one message may name.',
  recipients_refused: 'Not everybody can be written to. Nothing was sent.',
  camera_refused: 'The camera may not be used. Choose a picture of the code, or type the line.',
  no_code_in_picture: 'There is no code in this picture that Latchkey can read. Try a sharper one, or type the line.',
  clock_off: 'This device’s clock is far off. Set it, then try again.',
} as const;
