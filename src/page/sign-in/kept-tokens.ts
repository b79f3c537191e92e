import type { Tokens } from '../../sign-in/tokens.ts';

const KEY = 'netcheck-tokens';

/** Keeps them for this tab. */
export function keepTokens(tokens: Tokens): Tokens {
  sessionStorage.setItem(KEY, JSON.stringify(tokens));
  return tokens;
}

export function forgetTokens(): void {
  sessionStorage.removeItem(KEY);
}

export function keptTokens(): Tokens | undefined {
  const tokens: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
  return isTokens(tokens) ? tokens : undefined;
}

const isTokens = (tokens: unknown): tokens is Tokens =>
  typeof tokens === 'object' && tokens !== null && 'accessToken' in tokens && 'expiresAt' in tokens;
