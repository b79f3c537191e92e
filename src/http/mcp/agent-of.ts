import { z } from 'zod';

const MOST_CHARACTERS = 64;

/** A message that says which program sends it, as revisions from 2026-07-28 on have it in each. */
const saying = z.object({
  params: z.object({
    _meta: z.object({ 'io.modelcontextprotocol/clientInfo': z.object({ name: z.string() }) }),
  }),
});

/**
 * The client's name, where the message says one. It is kept, and believed for nothing: no more of it than letters, digits,
 * blanks and a few signs.
 */
export function agentOf(message: unknown): string | undefined {
  const said = saying.safeParse(message).data?.params._meta['io.modelcontextprotocol/clientInfo'].name;
  const name = said
    ?.slice(0, 1000)
    .replace(/[^\p{L}\p{N} ._+@/()-]/gu, '')
    .trim();
  return name ? Array.from(name).slice(0, MOST_CHARACTERS).join('').trim() : undefined;
}
