/** Text that stands in a page as text. Everything that goes into a page goes through here. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A template whose values are escaped (not named `html`: formatters would lay its text out anew); `Markup` goes in as it is. */
export function markup(parts: TemplateStringsArray, ...values: readonly (string | number | Markup)[]): Markup {
  const text = parts.map((part, at) => {
    const value = values[at];
    if (value === undefined) return part;
    return part + (value instanceof Markup ? value.text : escapeHtml(String(value)));
  });
  return new Markup(text.join(''));
}

/** Markup that this program has written. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export function joined(parts: readonly Markup[]): Markup {
  return new Markup(parts.map(({ text }) => text).join('\n'));
}
