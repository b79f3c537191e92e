const anyOf = (words: string): string => words.split(' ').join('|');

// In English, German, French, Spanish, Portuguese, Italian and Dutch. A name in none of them says neither, which is no lie.
const allowing = anyOf(
  'allow permit accept(?!an|at) erlaub zulass zugelassen freigeb gestatt permet permis(?!s) permes autoris(?!ierung) ' +
    'autoriz acept aceit accett consenti toesta toegesta toelat',
);
const denying = anyOf(
  'den(?:y|ied|ies) block(?!chain) drop(?!box) reject forbid prohib verbiet verboten verweiger sperr refus interdi ' +
    'bloqu rejet deneg neg(?:ar|ado|ada) proib rechaz rejeit blocc rifiut vieta(?:re|to) blokk weiger verbied',
);
const negation = 'dis|not?|non|nicht|kein|keine|niet|geen|ne|nao|não';

const denies = new RegExp(
  `${denying}|\\b(?:${negation}) ?(?:${allowing})|(?:${allowing})\\p{L}* (?:nicht|niet|pas)\\b`,
  'u',
);
const allows = new RegExp(allowing, 'u');

/** What NSG rules do by their names, as far as these tell; nothing where they say neither, or both in an unclear order. */
export function actionByName(rules: string): 'allows' | 'denies' | undefined {
  const [first, ...others] = rules.split(', ').map(actionOf);
  return others.every((other) => other === first) ? first : undefined;
}

function actionOf(rule: string): 'allows' | 'denies' | undefined {
  const words = rule
    .replace(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, ' ')
    .replace(/[^\p{L}]+/gu, ' ')
    .toLowerCase();
  const [allowedAt, deniedAt] = [words.search(allows), words.search(denies)];
  if (deniedAt < 0) return allowedAt < 0 ? undefined : 'allows';
  // `DenyAllowedPorts` denies; what `AllowDropIn` does nobody can tell.
  return allowedAt < 0 || deniedAt <= allowedAt ? 'denies' : undefined;
}
