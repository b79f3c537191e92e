import { visible } from './visible.ts';

/** Why something gave no answer, such as a certificate that nobody knows; `fetch` tells it one level down. */
export function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return visible(cause instanceof Error ? cause.message || cause.name : String(cause));
}
