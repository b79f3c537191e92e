/** The begin of a text, of at most so many UTF-16 units; a character that takes two of them is not cut in half. */
export function cutText(text: string, length: number): string {
  const endsInHalf =
    text.length > length && /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(length - 1, length + 1));
  return text.slice(0, endsInHalf ? length - 1 : length);
}
