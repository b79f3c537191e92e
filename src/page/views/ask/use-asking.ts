import { useEffect, useState } from 'preact/hooks';
import type { Me } from '../../../client/answers.ts';
import { hasRole, useProxy } from '../../proxy.ts';
import { useSettled } from '../../use/use-settled.ts';
import type { FieldFault } from './ask-fields.tsx';
import type { Fields } from './faces.ts';
import { type Read, readAsked, type Written } from './read-asked.ts';
import { type Decided, useDecision } from './decision/use-decision.ts';
import { useSend } from './use-send.ts';
import { useWritten, type Writing } from './use-written.ts';

export interface Asking extends Writing {
  readonly read: Read;
  readonly fault: FieldFault | undefined;
  readonly decided: Decided | undefined;
  /** Why it is not decided, or not sent. */
  readonly error: unknown;
  readonly isSending: boolean;
  /** Sends a check that is not refused. */
  readonly submit: () => Promise<'sent' | 'refused' | 'failed'>;
}

/** Nobody wants to be corrected in the middle of a word. */
const FAULT_MILLISECONDS = 800;

/** What is written, what it comes to, and what policy says of it. */
export function useAsking(me: Me, filledIn: Fields): Asking {
  const { client } = useProxy();
  const writing = useWritten(filledIn);
  const { written } = writing;
  const read = withRole(readAsked(written, me.endpoints), me);
  const question = read.kind === 'check' ? read.question : undefined;
  const { decided, error, decide } = useDecision(client, question, me.endpoints);
  const { send, isSending, sendError, forget } = useSend(decide);
  const [tried, setTried] = useState<Written>();
  const isPausing = useSettled(written, FAULT_MILLISECONDS) === written;
  useEffect(forget, [written]);
  const isTried = tried === written;
  const isTold = read.kind === 'fault' && (isTried || isPausing);
  return {
    ...{ ...writing, read, isSending },
    fault: isTold ? { field: read.field, message: read.message, isTried } : undefined,
    decided: sendError === undefined ? decided : undefined,
    error: sendError ?? error,
    submit: async () => {
      setTried(written);
      return question ? send(question.ask) : 'failed';
    },
  };
}

/** Who may not ask is told so before they write it all. */
function withRole(read: Read, me: Me): Read {
  if (read.kind !== 'check' || hasRole(me, 'Check.Request')) return read;
  return { kind: 'fault', field: 'source', message: 'To ask for a check you need the app role Check.Request.' };
}
