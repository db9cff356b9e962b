import type { Plugin } from 'vite';

const TEXT = /^( {2}(?:summary|changedServerLearns):)\s*(['"`])(?:\\.|(?!\2)[^\\])*\2,$/gm;

/** What each route is for and what a server learns by it is for OpenAPI and the inventories: no browser reads it. */
export function withoutRouteTexts(source: string): string {
  return source.replaceAll(TEXT, "$1 '',");
}

export function withoutRouteTextsPlugin(): Plugin {
  return {
    name: 'latchkey-without-route-texts',
    transform: {
      filter: { id: /\/packages\/protocol\/src\/wire\/routes\/[a-z-]+\.ts$/ },
      order: 'pre',
      handler: (source) => ({ code: withoutRouteTexts(source), map: null }),
    },
  };
}
