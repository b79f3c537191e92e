import type { DryRun } from '../../client/answers.ts';
import type { AskRequest } from '../../line/requests-of.ts';
import type { Line } from '../../line/line.ts';
import { takenFor } from '../../line/taken-for.ts';
import { shortId, visible } from '../../rendering/visible.ts';
import { usageError } from '../cli-error.ts';
import type { Context, Outcome } from '../context.ts';
import { exitOfDryRun } from '../exit-codes.ts';
import { askByMeaning, endpointsFor, withNearestSource } from '../../meaning/ask-by-meaning.ts';
import { meaningsOf } from '../../meaning/meanings-of.ts';
import { followCheck } from './follow.ts';

type CheckLine = Extract<Line, { verb: 'check' }>;

/** `netcheck SOURCE DESTINATION[:PORT] [PROTOCOL]` */
export async function check(context: Context, line: CheckLine): Promise<Outcome> {
  const { options, terminal, signal, goingOn } = context;
  const reason = reasonOf(line.reason, options.reason);
  const ask = { ...line, ...(reason !== undefined && { reason }) };
  const client = context.client();
  const endpoints = await endpointsFor(client, [ask], signal);
  const meanings = [meaningsOf(ask, endpoints)];
  const send = async <T>(submit: (request: AskRequest) => Promise<T>) => {
    try {
      return await askByMeaning(
        meanings,
        () => '',
        async ([request]) => submit(request ?? never()),
      );
    } catch (error) {
      throw await withNearestSource(error, client, [ask], endpoints, signal);
    }
  };
  if (options['dry-run'] === true) {
    const { answer, requests } = await send((request) => client.dryRun(request, { signal }));
    return dryRunOutcome(context, answer, requests.map(takenFor).join(' '));
  }
  goingOn('It may have been accepted: netcheck list shows it.');
  const { answer, requests } = await send((request) => client.submit(request, { signal }));
  goingOn(undefined);
  terminal.note(`${requests.map(takenFor).join(' ')}\nCheck ${shortId(answer.id)} was accepted.`);
  return followCheck(context, answer);
}

const never = (): never => {
  throw new Error('A check has a meaning.');
};

/** A reason stands in one place. */
export function reasonOf(inLine: string | undefined, option: string | undefined): string | undefined {
  if (inLine !== undefined && option !== undefined)
    throw usageError('Give one reason: with --reason, or behind because.');
  return inLine ?? option;
}

function dryRunOutcome({ terminal: { paint } }: Context, answer: DryRun, taken: string): Outcome {
  const { decision, source, warnings = [] } = answer;
  const state = source && `Source: ${source.state}, agent ${source.agent}, network watcher ${source.watcher}`;
  const lines = [
    decision.allowed ? paint('green', '✓ Allowed') : paint('red', '✗ Refused'),
    visible(decision.reason),
    taken,
    ...(state === undefined ? [] : [visible(state)]),
    ...warnings.map(({ message }) => `${paint('yellow', '!')} ${visible(message)}`),
    paint('dim', 'Nothing was run.'),
  ];
  return { json: answer, text: lines.join('\n'), exit: exitOfDryRun(answer) };
}
