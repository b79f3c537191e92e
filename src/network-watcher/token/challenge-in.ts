export interface Challenge {
  readonly wantsClaims: boolean;
  /** What the next token is to claim, decoded; absent where none can be read. */
  readonly claims?: string;
  readonly isExpired: boolean;
}

/**
 * Why a token was refused, as `WWW-Authenticate` says.
 * https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export function challengeIn(headers: Headers): Challenge {
  const header = headers.get('www-authenticate') ?? '';
  const claims = decoded(parameter(header, 'claims'));
  return {
    wantsClaims: parameter(header, 'error') === 'insufficient_claims' || claims !== undefined,
    ...(claims === undefined ? {} : { claims }),
    isExpired: /\bexpired\b/i.test(parameter(header, 'error_description') ?? ''),
  };
}

function parameter(header: string, name: string): string | undefined {
  return new RegExp(`(?:^|[\\s,])${name}\\s*=\\s*(?:"([^"]*)"|([^\\s,"]+))`, 'i').exec(header)?.slice(1).find(Boolean);
}

/** Base64 of a JSON object, in either alphabet. */
function decoded(base64: string | undefined): string | undefined {
  if (base64 === undefined) return undefined;
  const text = Buffer.from(base64, 'base64').toString();
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? text : undefined;
  } catch {
    return undefined;
  }
}
