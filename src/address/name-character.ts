const names: Readonly<Record<string, string>> = {
  '\t': 'tab',
  '\n': 'line feed',
  '\r': 'carriage return',
  ' ': 'space',
  '\u00a0': 'no-break space',
  '\u00ad': 'soft hyphen',
  '\u200b': 'zero-width space',
  '\u200c': 'zero-width non-joiner',
  '\u200d': 'zero-width joiner',
  '\u200e': 'left-to-right mark',
  '\u200f': 'right-to-left mark',
  '\u2010': 'hyphen',
  '\u2011': 'non-breaking hyphen',
  '\u2012': 'figure dash',
  '\u2013': 'en dash',
  '\u2014': 'em dash',
  '\u2015': 'horizontal bar',
  '\u2018': 'left single quotation mark',
  '\u2019': 'right single quotation mark',
  '\u201c': 'left double quotation mark',
  '\u201d': 'right double quotation mark',
  '\u201e': 'low double quotation mark',
  '\u2028': 'line separator',
  '\u2029': 'paragraph separator',
  '\u202a': 'left-to-right embedding',
  '\u202b': 'right-to-left embedding',
  '\u202c': 'pop directional formatting',
  '\u202d': 'left-to-right override',
  '\u202e': 'right-to-left override',
  '\u202f': 'narrow no-break space',
  '\u2060': 'word joiner',
  '\u2066': 'left-to-right isolate',
  '\u2067': 'right-to-left isolate',
  '\u2068': 'first strong isolate',
  '\u2069': 'pop directional isolate',
  '\u2212': 'minus sign',
  '\u3000': 'ideographic space',
  '\ufeff': 'zero-width no-break space',
};

// What would not be seen, or would change the text around it. https://trojansource.codes
const invisible = /[\s\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}]/u;

/** A character as a person can find it: `– (U+2013, en dash)`; one that would not be seen, `U+00A0 (no-break space)`. */
export function nameCharacter(character: string): string {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const name = names[character];
  if (invisible.test(character)) return name === undefined ? code : `${code} (${name})`;
  return `${character} (${name === undefined ? code : `${code}, ${name}`})`;
}

/** The first character of the text that is not wanted: `– (U+2013, en dash) at position 3`. */
export function nameFirst(text: string, unwanted: (character: string) => boolean): string | undefined {
  const characters = Array.from(text);
  const at = characters.findIndex(unwanted);
  return at < 0 ? undefined : `${nameCharacter(characters[at] ?? '')} at position ${at + 1}`;
}
