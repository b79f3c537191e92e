import type { LimitState } from '../contract/answer/limit.ts';

/** `RateLimit-Policy` and `RateLimit` as the IETF draft has them (draft-ietf-httpapi-ratelimit-headers). */
export function rateLimitHeaders(limits: readonly LimitState[] = []): Record<string, string> {
  if (limits.length === 0) return {};
  const window = ({ windowSeconds }: LimitState): string => (windowSeconds === undefined ? '' : `;w=${windowSeconds}`);
  return {
    'ratelimit-policy': limits.map((limit) => `"${limit.name}";q=${limit.quota}${window(limit)}`).join(', '),
    ratelimit: limits
      .map(({ name, remaining, resetSeconds }) => `"${name}";r=${remaining};t=${resetSeconds}`)
      .join(', '),
  };
}
