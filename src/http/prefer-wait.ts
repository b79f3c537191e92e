/** Longest hold of an answer: nearly every check has ended by then. Azure's front end gives up after 230 s. */
const MAX_SECONDS = 120;

/** `wait=N` of a Prefer header (RFC 7240), in seconds; what cannot be read is no preference. */
export function preferredWaitSeconds(header: string | null): number {
  const found = /(?:^|,)\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:[,;]|$)/i.exec(header ?? '');
  return Math.min(MAX_SECONDS, Number(found?.[1] ?? 0));
}

export const preferenceApplied = (seconds: number): Record<string, string> =>
  seconds > 0 ? { 'preference-applied': `wait=${seconds}` } : {};
