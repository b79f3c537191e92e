// `System.Collections.Hashtable`, `System.Object[]`, several of them joined, and `@{name=a; value=b}`.
const cut = /^(?:@\{.*\}|System\.(?:Collections|Object|Management|String|Int\d+|Char)\b[\w.`[\]+, ]*)$/s;

/** Whether the text is what PowerShell writes in place of an object that lies deeper than ConvertTo-Json looks. */
export const isCutObject = (value: unknown): boolean => typeof value === 'string' && cut.test(value.trim());

/** The same of a list, which becomes one text with its entries in it. */
export const isCutList = (value: unknown): boolean =>
  isCutObject(value) || (typeof value === 'string' && /^\d+(?: \d+)+$/.test(value));

export const cutObjectAdvice =
  "This looks like an object that PowerShell's ConvertTo-Json cut off: call it with -Depth 10.";
