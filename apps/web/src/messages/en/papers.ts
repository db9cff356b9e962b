export const papers = {
  card: {
    title: 'Sign-in card',
    onPaper:
      'Opens this account in a new browser, together with the password. Useless without it. Keep it at hand, show it to nobody.',
  },
  kit: {
    title: 'Recovery kit',
    onPaper: 'Opens this account without a password. Keep it in a safe. Whoever has it can read everything.',
  },
  asLine: 'As a line to type',
  codeOf: (title: string) => `Code: ${title}`,
  unsaved: 'Your recovery kit is not on paper yet. Without it a forgotten password cannot be mended by anybody.',
  unsavedDo: 'Print or save it now',
} as const;
