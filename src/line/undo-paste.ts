/** What a chat client does to a line: mentions of the bot, as the message's entities have them (`<at>Netcheck</at>`). */
export interface Pasted {
  readonly mentions?: readonly string[];
}

// `<http://db|db>`, `<mailto:a@example.com>`, `<@U012|anna>`, `<#C012|net>`, `<!here>`; a `<` that somebody typed is `&lt;`.
const slackLink = /<((?:[a-z][a-z\d+.-]*:|[@#!])[^<>|]*)(?:\|([^<>]*))?>/gi;
const leadingMentions = /^(?:\s*<@[A-Z\d]+(?:\|[^<>]*)?>)+/i;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', nbsp: ' ', quot: '"', '#39': "'" };

/** The line as it was typed: without what chat clients make of links, signs and blanks. */
export function undoPaste(text: string, { mentions = [] }: Pasted = {}): string {
  const unmentioned = mentions.reduce((rest, mention) => (mention === '' ? rest : rest.replaceAll(mention, ' ')), text);
  return unmentioned
    .replace(leadingMentions, ' ')
    .replace(slackLink, (_, target: string, label?: string) => withinLink(target, label))
    .replace(/&(amp|lt|gt|nbsp|quot|#39);/g, (whole, name: string) => entities[name] ?? whole)
    .trim();
}

/** What was shown is what was meant, unless it is a sentence. */
export function withinLink(target: string, label = ''): string {
  const sign = /^[@#]/.exec(target)?.[0] ?? '';
  if (label !== '' && (sign !== '' || target.startsWith('!'))) return label.startsWith(sign) ? label : sign + label;
  if (label !== '' && !/\s/.test(label)) return label;
  return target.replace(/^(?:mailto:|tel:|!)/i, target.startsWith('!') ? '@' : '');
}
