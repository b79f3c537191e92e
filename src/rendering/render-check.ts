import type { ConnectivityParameters } from '../arm/connectivity-parameters.ts';
import type { CheckView } from '../contract/check.ts';
import type { ReadOnly } from '../contract/answer/read-only.ts';
import type { Reason } from '../contract/verdict.ts';
import { flowOf } from '../verdict/words/flow.ts';
import { probesInWords } from '../verdict/words/probes.ts';
import { roundTripInWords } from '../verdict/words/round-trip.ts';
import { readMeasured } from './read-hops.ts';
import { type RenderedHop, renderHops } from './render-hops.ts';
import { type State, stateOf } from './state.ts';
import { momentInWords, spanInWords, visible } from './visible.ts';
import { withoutQuery } from './words.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
}

export interface RenderedReason {
  readonly code: string;
  readonly message: string;
  readonly action: string;
  /** Who can act. */
  readonly owner: string;
  readonly contact?: string;
}

/** A check as every client shows it, each in its own form. No text of it has a character that a terminal obeys. */
export interface RenderedCheck {
  readonly id: string;
  /** `web-01 → 10.1.2.4: TCP port 1433` */
  readonly title: string;
  readonly state: State;
  readonly hasEnded: boolean;
  /** The verdict's. */
  readonly sentence: string;
  /** What was not right with the source when the check was accepted. */
  readonly warnings: readonly string[];
  readonly reasons: readonly RenderedReason[];
  readonly hops: readonly RenderedHop[];
  /** What Azure measured from end to end; nothing where it measured nothing. */
  readonly measured: readonly Fact[];
  readonly facts: readonly Fact[];
  readonly link: string;
}

/** `origin` is the proxy's, such as `https://proxy.example.com`: links lead to its page. */
export function renderCheck(check: ReadOnly<CheckView>, origin: string): RenderedCheck {
  const { request, verdict } = check;
  return {
    id: check.id,
    title: titleOf(request),
    state: stateOf(check.status, verdict.reachability),
    hasEnded: !['NotStarted', 'Running'].includes(check.status),
    sentence: visible(verdict.summary),
    warnings: (check.warnings ?? []).map(({ message }) => visible(message)),
    reasons: verdict.reasons.map(renderReason),
    hops: renderHops(check.result, request, verdict.reasons),
    measured: measuredIn(check.result),
    facts: factsOf(check).map(({ name, value }) => ({ name, value: visible(value) })),
    link: checkLink(check.id, origin),
  };
}

export function titleOf(request: ReadOnly<ConnectivityParameters>): string {
  const { source, destination = 'the destination', what } = flowOf(request);
  return visible(`${source} → ${destination}: ${what}`);
}

export const checkLink = (id: string, origin: string): string => visible(`${origin}/#/checks/${id}`);

const renderReason = ({ code, message, action, owner, contact }: ReadOnly<Reason>): RenderedReason => ({
  ...{ code: visible(code), message: visible(message), action: visible(action), owner: visible(owner) },
  ...(contact === undefined ? {} : { contact: visible(contact) }),
});

function measuredIn(result: unknown): readonly Fact[] {
  const measured = readMeasured(result);
  if (!measured) return [];
  const { probes, roundTrip } = measured;
  return [
    fact('Probes', probes.sent === undefined ? undefined : probesInWords(probes)),
    fact('Round trip', roundTripInWords(roundTrip)),
  ].flat();
}

function factsOf(check: ReadOnly<CheckView>): readonly Fact[] {
  const { request, requester, createdAt, finishedAt, reason, rerunOf, sharedWith, callback } = check;
  const took = finishedAt === undefined ? undefined : spanInWords(createdAt, finishedAt);
  return [
    fact('From', request.source.resourceId),
    fact('To', destinationInWords(request.destination)),
    fact('Asked by', requester.name),
    fact('Asked at', momentInWords(createdAt)),
    fact('Took', took),
    fact('Reason', reason),
    fact('Asks again', rerunOf),
    fact('Shared until', sharedWith && momentInWords(sharedWith.until)),
    fact('Callback', callback && `${callback.origin}, ${callback.status}`),
    fact('Id', check.id),
  ].flat();
}

const fact = (name: string, value: string | undefined): readonly Fact[] =>
  value === undefined || value === '' ? [] : [{ name, value }];

const destinationInWords = ({ resourceId, address }: ConnectivityParameters['destination']): string | undefined =>
  resourceId ?? (address && withoutQuery(address));
