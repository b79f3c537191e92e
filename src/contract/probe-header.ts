import { z } from 'zod';

// RFC 9110: a field name is a token; a value is visible text. CR and LF would let a caller write headers of its own, and
// so would characters beyond ASCII where only their low byte is sent: U+010A ends in LF.
const namePattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
const valuePattern = /^[\x20-\x7e]*$/;

// Headers that carry a credential, unlock a metadata service, or change which request the probe makes.
const credentialWords =
  /(^|[-_.])(auth|authorization|authentication|cookie2?|token|secret|password|passwd|credentials?|session|signature|jwt)([-_.]|$)/i;
const refusedNames =
  /(^|[-_.])(api|access|account|subscription|functions|master|host|private|identity)[-_.]?(key|header)$|^(metadata|metadata-flavor|host|content-length|transfer-encoding|te|trailer|upgrade|connection|expect|x-identity-header|x-ms-client-principal.*)$/i;

const refused = (name: string): boolean => credentialWords.test(name) || refusedNames.test(name);

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
