import { z } from 'zod';

// RFC 9110: a field name is a token; a value is visible text. CR and LF would let a caller write headers of its own, and
// so would characters beyond ASCII where only their low byte is sent: U+010A ends in LF.
const namePattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
const valuePattern = /^[\x20-\x7e]*$/;

// What carries a credential, in any composition: X-AuthToken, sessionid, Ocp-Apim-Subscription-Key …
const credential =
  /auth(?!ors?$)|cookie|token(?!iz)|secret|passw|credential|session|signature|jwt|bearer|dpop|passcode|api[-_.]?key|(access|account|subscription|functions|master|host|private|identity|user)[-_.]?(key|header)/i;
// What unlocks a metadata service, asserts an identity or an origin, or makes another request of the probe's.
const steering =
  /^(metadata([-_]flavor)?|host|content-length|transfer-encoding|te|trailer|upgrade|connection|keep-alive|expect|forwarded|via)$|^(x[-_](forwarded|original|rewrite|remote|real|http[-_]method|ms[-_]client[-_]principal)|proxy[-_])/i;

const refused = (name: string): boolean => credential.test(name) || steering.test(name);

/** A header that the probe sends to its destination. Its value is kept no longer than Azure needs it. */
export const probeHeaderSchema = z.strictObject({
  name: z
    .string()
    .regex(namePattern, 'Give a header name of 1–128 letters, digits and -_.')
    .refine((name) => !refused(name), {
      error:
        'Headers that carry credentials, unlock metadata or frame the message are not sent on behalf of others: leave it out.',
    }),
  value: z
    .string()
    .max(1024, 'Give at most 1,024 characters.')
    .regex(valuePattern, 'Give a value of printable ASCII characters, without line breaks.'),
});
