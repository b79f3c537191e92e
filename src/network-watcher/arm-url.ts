// Printable ASCII without backslash; scheme, two slashes, and an authority without user-info: URL readers disagree on
// everything else, and a reader that disagrees sends the token elsewhere.
const printable = /^[\x21-\x5b\x5d-\x7e]+$/;
const plainAuthority = /^https?:\/\/[^/?#@]+(?:[/?#]|$)/i;
const MAX_LENGTH = 16_384;

/** The URL exactly as it came where a token may be sent to it: absolute and on ARM's own origin; else `undefined`. */
export function armUrl(text: string, origin: string): string | undefined {
  if (text.length > MAX_LENGTH || !printable.test(text) || !plainAuthority.test(text)) return undefined;
  return URL.canParse(text) && new URL(text).origin === origin ? text : undefined;
}
