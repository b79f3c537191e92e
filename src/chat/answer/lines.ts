import { isDeepStrictEqual } from 'node:util';
import { readAskedSet } from '../../set/asked/read-asked-set.ts';
import { createSet } from '../../set/create.ts';
import { hasSetEnded, readSet } from '../../set/read.ts';
import type { StoredSet } from '../../set/ports/set-store.ts';
import { viewOfSet } from '../../set/state/view-of-set.ts';
import { cancel } from '../../check/cancel.ts';
import { comparison, type With } from '../../check/compare/comparison.ts';
import { flowHistory } from '../../check/flow/flow-history.ts';
import { readPair } from '../../check/flow/read-pair.ts';
import { list } from '../../check/list.ts';
import { Problem } from '../../contract/problem.ts';
import { me } from '../../check/me.ts';
import { read, shownTo } from '../../check/read.ts';
import { rerun } from '../../check/rerun/rerun.ts';
import { share } from '../../check/share/share.ts';
import { sharedWithOf } from '../../check/share/shared-with-of.ts';
import { findId } from '../../check/sight/find-id.ts';
import type { Line } from '../../line/line.ts';
import { helpFor } from '../../line/help-for.ts';
import { endpointNamed } from '../../line/requests-of.ts';
import { applicableTo } from '../../policy/applicable.ts';
import { foldCase } from '../../arm/fold-case.ts';
import { renderComparison } from '../../rendering/render-comparison.ts';
import { renderFlow } from '../../rendering/render-flow.ts';
import { renderRow } from '../../rendering/render-list.ts';
import { renderSet } from '../../rendering/render-set.ts';
import { listSources } from '../../sources/list-sources.ts';
import { drawComparison, drawFlow, drawList } from '../draw/draw-history.ts';
import { drawSet } from '../draw/draw-set.ts';
import { drawEndpoints, drawHelp, drawMe } from '../draw/draw-words.ts';
import { momentInWords, shortId } from '../../rendering/visible.ts';
import type { Answer, AnswerDeps, ChatCall } from './answer.ts';
import { answerInSentence } from './answer-in-words.ts';
import { ask } from './ask.ts';
import { showCheck, tellCheck } from './tell-check.ts';

type Of<V extends Line['verb']> = Extract<Line, { verb: V }>;
type Perform<L> = (deps: AnswerDeps, call: ChatCall, line: L) => Promise<Answer>;

interface Performers {
  readonly check: Perform<Of<'check'>>;
  readonly show: Perform<{ readonly id: string }>;
  readonly again: Perform<Of<'again'>>;
  readonly cancel: Perform<{ readonly id: string }>;
  readonly compare: Perform<Of<'compare'>>;
  readonly flow: Perform<Of<'flow'>>;
  readonly share: Perform<Of<'share'>>;
  readonly list: Perform<object>;
  readonly set: Perform<Of<'set'>>;
  readonly endpoints: Perform<Of<'endpoints'>>;
  readonly me: Perform<object>;
  readonly help: Perform<Of<'help'>>;
}

const MOST_LISTED = 10;
const MOST_SOURCES = 50;

/** What each line comes to, by the use cases that every way in has. */
export const perform: Performers = {
  check: ask,

  show: async (deps, call, { id }) =>
    showCheck(deps, call, await findId(deps, call.actor.caller, id), { isWhole: true }),

  again: async (deps, call, { id, reason }) => {
    const checkId = await findId(deps, call.actor.caller, id);
    const { check } = await rerun(deps, call.actor, checkId, { reason, idempotencyKey: call.key });
    return tellCheck(deps, call, check);
  },

  cancel: async (deps, call, { id }) => cancelCheck(deps, call, await findId(deps, call.actor.caller, id)),

  compare: async (deps, call, { id, with: other = 'lastGood' }) => {
    const { caller } = call.actor;
    const checkId = await findId(deps, caller, id);
    const wanted: With =
      other === 'lastGood' || other === 'previous' ? other : { id: await findId(deps, caller, other) };
    const found = await comparison(deps, call.actor, checkId, wanted);
    return { message: drawComparison(renderComparison(found, deps.publicUrl, wanted)) };
  },

  flow: async (deps, call, { source, destination, port, protocol }) => {
    const { endpoints } = applicableTo(deps.policy, call.actor.caller);
    const named = (word: string): string => endpointNamed(word, endpoints)?.name ?? word;
    const flow = { source: named(source), destination: named(destination), port, protocol };
    const asked = await readPair(deps, call.actor, flow);
    const resource = `/api/flows?${queryOf(flow)}`;
    const history = await flowHistory(deps, call.actor, { asked, resource });
    const pageUrl = `${deps.publicUrl}/#/flows?${queryOf(flow)}`;
    return { message: drawFlow(renderFlow(history, deps.publicUrl), pageUrl) };
  },

  share: async (deps, call, { id, to }) => {
    const checkId = await findId(deps, call.actor.caller, id);
    const link = `${deps.publicUrl}/#/checks/${checkId}`;
    // Of the same request the same share, however often it is tried.
    const sharedWith = sharedWithOf(new Date(call.receivedAt), { to });
    const now = await share(deps, call.actor, checkId, { sharedWith, asOf: call.receivedAt });
    if (!isDeepStrictEqual(now.sharedWith, sharedWith)) return answerInSentence(changedSince(checkId, link));
    const who = to
      ? `with ${to.length === 1 ? 'one person' : `${to.length} persons`}`
      : 'with whoever may ask for checks and has its id';
    const until = momentInWords(sharedWith.until);
    return answerInSentence(`Check ${shortId(checkId)} is shared ${who} until ${until}: ${link}`);
  },

  list: async (deps, call) => {
    const { checks } = await list(deps, call.actor, { asked: {}, top: MOST_LISTED, resource: '/api/checks' });
    const rows = checks.map((check) => renderRow(check, deps.publicUrl));
    return { message: drawList(rows, `${deps.publicUrl}/#/checks`) };
  },

  set: async (deps, call, { name, reason }) => {
    const body = { name, ...(reason !== undefined && { reason }) };
    const asked = await readAskedSet(deps, call.actor, { body, idempotencyKey: call.key });
    return tellSet(deps, await createSet(deps, call.actor, { ...asked, idempotencyKey: call.key }));
  },

  endpoints: async (deps, { actor }, { search = '' }) => {
    const { sources, next, unreadable } = await listSources(deps, actor, { search, top: MOST_SOURCES });
    const { endpoints } = applicableTo(deps.policy, actor.caller);
    const named = endpoints.filter(({ name }) => foldCase(name).includes(foldCase(search)));
    const found = { endpoints: named, sources, isMore: next !== undefined, unreadable };
    return { message: drawEndpoints(found, { search, publicUrl: deps.publicUrl }) };
  },

  me: async (deps, { actor, link }) => ({ message: drawMe(await me(deps, actor), link, deps.publicUrl) }),

  help: async (deps, { actor }, { about }) => {
    const asker = await me(deps, actor);
    return { message: drawHelp(helpFor(asker, { inChat: true, ...(about !== undefined && { about }) })) };
  },
};

/** By a later line, or on the page. */
const changedSince = (checkId: string, link: string): string =>
  `Since you wrote this, the share of check ${shortId(checkId)} was changed, and stays as it is now: see ${link}, or write it again.`;

/**
 * Ends a check of one's own. One that has ended is told as it is; where it came to something else than a cancellation, that
 * nothing was canceled is told, too.
 */
export async function cancelCheck(deps: AnswerDeps, call: ChatCall, checkId: string): Promise<Answer> {
  const { actor } = call;
  try {
    return await tellCheck(deps, call, shownTo(actor.caller, await cancel(deps, actor, checkId)));
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'CheckEnded')) throw error;
    const check = await read(deps, actor, checkId);
    // The request may have come to the cancellation before.
    return tellCheck(deps, call, check, check.status === 'Canceled' ? {} : { note: NOTHING_CANCELED });
  }
}

const NOTHING_CANCELED = 'It had ended before: nothing was canceled.';

function queryOf(flow: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(flow).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return new URLSearchParams(given).toString();
}

/** A set as its requester is told of it; its end is awaited where it is still to come. */
export function tellSet(deps: AnswerDeps, stored: StoredSet): Answer {
  const { set, members } = stored;
  const message = drawSet(renderSet(viewOfSet(set, members), deps.publicUrl));
  return { message, about: { kind: 'set', id: set.id }, hasEnded: hasSetEnded(stored) };
}

export const showSet = async (deps: AnswerDeps, call: ChatCall, setId: string): Promise<Answer> =>
  tellSet(deps, await readSet(deps, call.actor, setId));
