/**
 * An address of a page within a chat's limit: where it is too long, the page without what was asked of it. `undefined`:
 * that is too long, too.
 */
export function urlWithin(url: string, most: number): string | undefined {
  if (url.length <= most) return url;
  const page = url.split('?', 1)[0] ?? '';
  return page.length <= most ? page : undefined;
}
