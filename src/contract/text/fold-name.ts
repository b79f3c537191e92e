/** A person's display name as it is compared: letter case, blanks and how an accent is written make no other name. */
export const foldName = (name: string): string =>
  wellFormed(name).normalize('NFKC').trim().replace(/\s+/gu, ' ').toUpperCase().toLowerCase();

/** Halves of a character, which not every storage takes, are shown as what is missing. */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\ufffd');
