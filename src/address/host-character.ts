// What IDNA 2008 allows in a name, once the URL reader has folded it: letters, marks and digits, a few signs, and some that
// need the right neighbours. The URL reader alone also takes quotes, dashes and emoji. https://www.rfc-editor.org/rfc/rfc5892
const exceptions = '\\u06fd\\u06fe\\u0f0b\\u3007';
const obsolete = '\\u302e-\\u3035\\u303b\\u0640\\u07fa\\u1100-\\u11ff\\ua960-\\ua97c\\ud7b0-\\ud7fb';
const kana = '\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Han}';
export const hostCharacters = new RegExp(
  `(?![${obsolete}])[\\p{Ll}\\p{Lo}\\p{Lm}\\p{Mn}\\p{Mc}\\p{Nd}${exceptions}._-]|\\u200c|\\u200d` +
    `|(?<=l)\\u00b7(?=l)|\\u0375(?=\\p{scx=Greek})|(?<=\\p{scx=Hebrew})[\\u05f3\\u05f4]` +
    `|(?<=[${kana}][^.\\u30fb]*)\\u30fb|\\u30fb(?=[^.\\u30fb]*[${kana}])`,
  'gu',
);

/** Whether the character can stand in a host name, in capitals and in wide forms too. */
export function isHostCharacter(character: string): boolean {
  const folded = character
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\u3002/g, '.');
  if (folded.length > 1 && folded.includes('.')) return false;
  return folded.replace(hostCharacters, '') === '' && !/\p{Default_Ignorable_Code_Point}/u.test(folded);
}
