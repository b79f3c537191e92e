import type { Ref } from 'preact';
import { messageOf } from '../../../parts/message-of.ts';
import { DecisionNote } from './decision-note.tsx';
import { leadsTo } from '../leads-to.ts';
import type { Asking } from '../use-asking.ts';
import { WrongNote } from './wrong-note.tsx';

interface Props {
  readonly asking: Asking;
  /** Why machines cannot be suggested. */
  readonly unlisted: unknown;
  readonly innerRef: Ref<HTMLDivElement>;
}

/** What comes of what is written. */
export function Outcome({ asking: { read, decided, error }, unlisted, innerRef }: Props) {
  const isDeciding = read.kind === 'check' && !decided && error === undefined;
  return (
    <div ref={innerRef} tabIndex={-1} class={read.kind === 'check' || read.kind === 'fault' ? 'outcome' : undefined}>
      <div role="status">
        {decided && <DecisionNote decided={decided} />}
        {read.kind === 'other' && read.line.verb !== 'help' && <p class="note">{leadsTo(read.line).sentence}</p>}
      </div>
      {error !== undefined && <WrongNote error={error} />}
      {isDeciding && <p class="quiet">Asking what policy says …</p>}
      {unlisted !== undefined && read.kind !== 'check' && (
        <p class="quiet">Names of machines cannot be suggested now: {messageOf(unlisted)}</p>
      )}
    </div>
  );
}
