import { useEffect, useRef, useState } from 'preact/hooks';
import type { Ask } from '../../../line/line.ts';
import { useProxy } from '../../proxy.ts';
import { hrefs } from '../../route.ts';
import { fieldsOf } from './faces.ts';
import type { Decided } from './decision/use-decision.ts';

interface Sending {
  /** Sends what was decided, unless it is refused: then nothing is sent. Goes to the check. */
  readonly send: (ask: Ask) => Promise<'sent' | 'refused' | 'failed'>;
  readonly isSending: boolean;
  readonly sendError?: unknown;
  readonly forget: () => void;
}

/** One question is one check, however often its button is pressed and its answer lost. */
export function useSend(decide: () => Promise<Decided>): Sending {
  const { client } = useProxy();
  const [isSending, setSending] = useState(false);
  const [sendError, setError] = useState<unknown>();
  const isUnderWay = useRef(false);
  const keys = useRef(new Map<string, string>());
  const isGone = useRef(false);
  useEffect(
    () => () => {
      isGone.current = true;
    },
    [],
  );

  const once = async (ask: Ask): Promise<'sent' | 'refused'> => {
    const { request, dryRun } = await decide();
    if (!dryRun.decision.allowed) return 'refused';
    const { id } = await client.submit(request, { idempotencyKey: keyOf(keys.current, JSON.stringify(request)) });
    if (isGone.current) return 'sent';
    // Whoever comes back finds what they wrote.
    history.replaceState(null, '', hrefs.ask({ ...fieldsOf(ask) }));
    location.hash = hrefs.check(id);
    return 'sent';
  };
  const send: Sending['send'] = async (ask) => {
    if (isUnderWay.current) return 'sent';
    isUnderWay.current = true;
    setSending(true);
    setError(undefined);
    try {
      return await once(ask);
    } catch (error) {
      // Whoever writes on has another question.
      if (!isAbort(error)) setError(error);
      return 'failed';
    } finally {
      isUnderWay.current = false;
      setSending(false);
    }
  };
  return {
    ...{ send, isSending },
    ...(sendError !== undefined && { sendError }),
    forget: () => {
      setError(undefined);
    },
  };
}

const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

/** The same question has the same key. */
function keyOf(keys: Map<string, string>, question: string): string {
  const key = keys.get(question) ?? crypto.randomUUID();
  keys.set(question, key);
  return key;
}
