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

/** Where a reference of ARM's leads, as an absolute URL: one that begins with a single slash can only lead to ARM's own origin. */
export function resolveArmUrl(reference: string, origin: string): string | undefined {
  return armUrl(/^\/(?!\/)/.test(reference) ? origin + reference : reference, origin);
}

/** The host that a refused reference leads to, for a message; `undefined` where it leads to none, or to ARM's own. */
export function hostIn(reference: string, origin: string): string | undefined {
  if (reference.length > MAX_LENGTH || !URL.canParse(reference, origin)) return undefined;
  const url = new URL(reference, origin);
  return url.origin === origin || url.hostname === '' ? undefined : url.hostname;
}
