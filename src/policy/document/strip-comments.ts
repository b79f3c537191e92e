/** What the policy says: its comments and the name of its schema decide nothing. */
export function stripComments(document: object): unknown {
  return JSON.parse(
    JSON.stringify(document, (key: string, value: unknown) =>
      key === 'comment' || key === '$schema' ? undefined : value,
    ),
  );
}
