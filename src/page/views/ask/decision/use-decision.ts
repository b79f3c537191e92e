import { useEffect, useRef, useState } from 'preact/hooks';
import type { DryRun } from '../../../../client/answers.ts';
import type { Client } from '../../../../client/client.ts';
import type { AskRequest, KnownEndpoint } from '../../../../line/requests-of.ts';
import { askByMeaning, withNearestSource } from '../../../../meaning/ask-by-meaning.ts';
import type { Question } from '../read-asked.ts';

/** What policy says of a question, and what its words were taken for. */
export interface Decided {
  readonly request: AskRequest;
  readonly dryRun: DryRun;
}

export interface Decision {
  /** Of the question as it stands; absent while it is being decided. */
  readonly decided?: Decided | undefined;
  readonly error?: unknown;
  /** The same, or what comes of asking for it now. */
  readonly decide: () => Promise<Decided>;
}

interface Deciding {
  readonly key: string;
  readonly stop: AbortController;
  readonly answer: Promise<Decided>;
}

const PAUSE_MILLISECONDS = 350;

/** Asks what would be decided once the person pauses; what is overtaken is given up, and only the latest is told. */
export function useDecision(
  client: Client,
  question: Question | undefined,
  endpoints: readonly KnownEndpoint[],
): Decision {
  const [told, setTold] = useState<{ readonly key: string; readonly decided?: Decided; readonly error?: unknown }>();
  const deciding = useRef<Deciding | undefined>(undefined);
  const key = question?.key;

  const decide = (): Promise<Decided> => {
    if (question === undefined) throw new Error('There is a question to decide.');
    if (deciding.current?.key === question.key) return deciding.current.answer;
    deciding.current?.stop.abort();
    const stop = new AbortController();
    const answer = decisionOf(client, question, endpoints, stop.signal);
    const mine = { key: question.key, stop, answer };
    deciding.current = mine;
    answer.then(
      (decided) => {
        if (deciding.current !== mine) return;
        // Whoever was refused and asks again may have been given what they lacked.
        if (!decided.dryRun.decision.allowed) deciding.current = undefined;
        setTold({ key: mine.key, decided });
      },
      (error: unknown) => {
        if (deciding.current !== mine) return;
        // It may go well another time.
        deciding.current = undefined;
        setTold({ key: mine.key, error });
      },
    );
    return answer;
  };

  useEffect(() => {
    if (question === undefined) return;
    const timer = setTimeout(() => void decide().catch(() => undefined), PAUSE_MILLISECONDS);
    return () => {
      clearTimeout(timer);
    };
  }, [key]);
  useEffect(() => {
    const isOvertaken = deciding.current !== undefined && deciding.current.key !== key;
    if (!isOvertaken) return;
    deciding.current?.stop.abort();
    deciding.current = undefined;
  }, [key]);
  useEffect(
    () => () => {
      deciding.current?.stop.abort();
    },
    [],
  );
  return { ...(told?.key === key && { decided: told?.decided, error: told?.error }), decide };
}

async function decisionOf(
  client: Client,
  { ask, meanings }: Question,
  endpoints: readonly KnownEndpoint[],
  signal: AbortSignal,
): Promise<Decided> {
  try {
    const { answer } = await askByMeaning(
      [meanings],
      () => '',
      async ([request]) => {
        if (!request) throw new Error('A check has a meaning.');
        return { request, dryRun: await client.dryRun(request, { signal }) };
      },
    );
    return answer;
  } catch (error) {
    throw await withNearestSource(error, client, [ask], endpoints, signal);
  }
}
