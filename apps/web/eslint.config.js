/** Only for `.svelte`: everything else is oxlint's. Styles in attributes are broken policies at run time. */
import svelte from 'eslint-plugin-svelte';
import typescript from 'typescript-eslint';

const config = [
  { ignores: ['**/*.ts', '**/*.js'] },
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte'],
    languageOptions: { parserOptions: { parser: typescript.parser, extraFileExtensions: ['.svelte'] } },
    rules: {
      'svelte/no-at-html-tags': 'error',
      // `style:name={…}` is set by script, which the policy allows; the attribute is refused by it.
      'no-restricted-syntax': [
        'error',
        {
          selector: "SvelteAttribute[key.name='style']",
          message: 'A style attribute breaks the page’s policy: use a class, or style:name={…}.',
        },
      ],
      'svelte/button-has-type': 'error',
      // Sets and maps that no screen shows stay plain.
      'svelte/prefer-svelte-reactivity': 'off',
      'no-var': 'error',
      'prefer-const': 'off',
      'svelte/prefer-const': 'error',
    },
  },
];
export default config;
