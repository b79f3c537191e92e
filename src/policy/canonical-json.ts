/** What the policy says, as one text: without comments, members in order. */
export function canonicalJson(document: object): string {
  return JSON.stringify(document, (key: string, value: unknown) => {
    if (key === 'comment' || key === '$schema') return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
