// What begins a sentence of ours and is no name. An action begins with a verb.
const noName =
  /^(?:The|An?|No|Nothing|Some|Several|There|Requests|Another|Check|Correct|Leave|Make|Read|See|Submit|Test|Use|Wait)\b/;

/** A sentence as it stands within another: without its full stop, and without a capital that is not a name's. */
export const inside = (sentence: string): string =>
  sentence.replace(/\.$/, '').replace(noName, (word) => word.toLowerCase());
