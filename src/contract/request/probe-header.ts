import { z } from 'zod';

// RFC 9110: a field name is a token; a value is visible text. CR and LF would let a caller write headers of its own, and
// so would characters beyond ASCII where only their low byte is sent: U+010A ends in LF.
const namePattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
const valuePattern = /^[\x20-\x7e]*$/;

// Refused are kinds, not names: every gateway has its own names for the same thing. CGI takes `_` for `-`.
const powers = [
  // A credential: X-AuthToken, sessionid, DD-APPLICATION-KEY …
  /auth(?!ors?$)|cookie|token(?!iz)|secret|passw|pwd|credential|session|signature|jwt|bearer|dpop|passcode|ticket|saml|assertion/,
  /keys?(?![a-z])|key[-.]?header|(?<![a-z])(sas|pat|otp|totp|pin|mfa)(?![a-z])/,
  // Who one is, as a gateway tells those behind it: Remote-User, X-Email, X-ARR-ClientCert, SSL_CLIENT_S_DN …
  /user(?!-agent$)|mail|principal|identity|impersonat|cert|ssl|(roles?|groups?)(?![a-z])|(?<![a-z])(dn|upn|tls)(?![a-z])|^from$/,
  // Where one comes from: True-Client-IP, X-Azure-FDID, X-Envoy-Internal, X-Forwarded-For …
  /forwarded|remote|internal|^(x-)?(azure|arr|appengine|envoy|real|cf|fastly|akamai)-|^sec-|^(origin|referer|via)$/,
  /((?<![a-z])|client|connecting|originating|source|peer)ip(-?addr(ess)?)?(?![a-z])/,
  // Another request than the one that was allowed: X-Host, X-Method-Override, X-Rewrite-URL …
  /proxy|override|rewrite|x-original|(host(name)?|method)(?![a-z])/,
  // What unlocks a metadata service.
  /metadata/,
  // What frames the message.
  /^(content-length|transfer-encoding|te|trailer|upgrade|connection|keep-alive|expect)$/,
];

const givesPower = (name: string): boolean =>
  powers.some((power) => power.test(name.toLowerCase().replaceAll('_', '-')));

/** A header that the probe sends to its destination. Its value is kept no longer than Azure needs it. */
export const probeHeaderSchema = z.strictObject({
  name: z
    .string()
    .regex(namePattern, { error: 'Give a header name of 1–128 letters, digits and -_.', abort: true })
    .refine((name) => !givesPower(name), {
      error:
        'Headers that carry credentials, say who or from where one is, unlock metadata, ask for another request or frame the message are not sent on behalf of others: leave it out.',
    }),
  value: z
    .string()
    .max(1024, 'Give at most 1,024 characters.')
    .regex(valuePattern, 'Give a value of printable ASCII characters, without line breaks.'),
});
