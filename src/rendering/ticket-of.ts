import type { RenderedCheck, RenderedReason } from './render-check.ts';
import { stateWords } from './state.ts';

/** Facts that somebody who reads a ticket asks for. */
const told: ReadonlySet<string> = new Set(['From', 'To', 'Asked by', 'Asked at', 'Took', 'Reason']);

/** A check as a text for a ticket or a message: the question, what it came to, why, what to do, who can, when, and the link. */
export function ticketOf(check: RenderedCheck, reasons: readonly RenderedReason[] = check.reasons): string {
  const { title, state, sentence, warnings, measured, facts, link } = check;
  const blocks = [
    [title, `${stateWords[state]}. ${sentence}`, ...warnings.map((warning) => `Warning: ${warning}`)],
    ...reasons.map(({ message, action, owner, contact }) => [
      ...[`Cause: ${message}`, `What to do: ${action}`],
      ...(owner === 'nobody' ? [] : [`Who: ${owner}${contact === undefined ? '' : ` (${contact})`}`]),
    ]),
    [...facts.filter(({ name }) => told.has(name)), ...measured].map(({ name, value }) => `${name}: ${value}`),
    [link],
  ];
  return blocks.map((lines) => lines.join('\n')).join('\n\n');
}
