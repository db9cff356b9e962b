import { cardPage, kitPage, type RecoveryKit, type SignInCard } from '@latchkey/sdk/client';
import type { Paper } from './contract.ts';

export function cardPaper(card: SignInCard): Paper {
  return { address: card.address, page: cardPage(card), line: card.text, words: [] };
}

export function kitPaper(kit: RecoveryKit): Paper {
  return { address: kit.address, page: kitPage(kit), line: kit.text, words: kit.words };
}
