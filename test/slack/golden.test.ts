import { describe, expect, it } from 'vitest';
import { drawCheck } from '../../src/chat/draw/draw-check.ts';
import { drawComparison, drawFlow, drawList } from '../../src/chat/draw/draw-history.ts';
import { drawSet } from '../../src/chat/draw/draw-set.ts';
import {
  drawEndpoints,
  drawHelp,
  drawLink,
  drawLinked,
  drawMe,
  drawTrouble,
  drawUnlinked,
} from '../../src/chat/draw/draw-words.ts';
import { drawProblem } from '../support/chat/draw-problem.ts';
import type { ChatMessage } from '../../src/chat/message.ts';
import { Problem } from '../../src/contract/problem.ts';
import { helpFor } from '../../src/line/help-for.ts';
import { renderCheck } from '../../src/rendering/render-check.ts';
import { renderComparison } from '../../src/rendering/render-comparison.ts';
import { renderFlow } from '../../src/rendering/render-flow.ts';
import { renderRow } from '../../src/rendering/render-list.ts';
import { renderSet } from '../../src/rendering/render-set.ts';
import { drawSlack } from '../../src/slack/draw-slack.ts';
import { sampleViews as views } from '../support/sample-views.ts';
import { sampleCaller, sampleTime, webVm } from '../support/samples.ts';

const origin = 'https://proxy.example.com';
const room = { id: 'C0NET', name: '#network' };
const { reachable, unreachable } = views;
const endedAt = unreachable?.finishedAt ?? sampleTime;
const unreachableCheck = renderCheck(unreachable!, origin);
const changes = [
  {
    ...({ what: 'reason', after: 'NetworkSecurityRule' } as const),
    sentence: 'NSG rule "DenySql" blocks it now.',
  },
];
const good = { id: '0a1b2c3d-3b1a-4c68-9d3e-5f0c1f8e4e5f', at: sampleTime, reachability: 'Reachable' } as const;
const bad = { id: unreachable!.id, at: endedAt, reachability: 'Unreachable' } as const;
const flow = { source: webVm, destination: '10.1.2.4', port: 1433, protocol: 'Tcp' };
const member = { source: webVm, port: 1433, protocol: 'Tcp' };
const set = {
  ...{ id: '7b6a5c4d-3b1a-4c68-9d3e-5f0c1f8e4e5f', name: 'shop', createdAt: sampleTime, total: 3 },
  counts: {
    ...{ running: 0, reachable: 1, unreachable: 1, degraded: 0, inconclusive: 0, failed: 0, canceled: 0 },
    refused: 1,
  },
  checks: [
    {
      ...({ ...member, destination: '10.1.2.4', id: good.id, status: 'Succeeded', reachability: 'Reachable' } as const),
      sentence: 'web-01 can reach 10.1.2.4.',
    },
    {
      ...({
        ...member,
        destination: '10.1.4.4',
        id: bad.id,
        status: 'Succeeded',
        reachability: 'Unreachable',
      } as const),
      ...{ changed: true, sentence: 'An NSG rule blocks it.' },
    },
    { ...member, destination: 'pay-01', status: 'Refused', sentence: 'The policy does not allow it.' } as const,
  ],
};
const endpoints = [
  { name: 'web-01', resourceId: webVm },
  { name: 'sql-01', address: '10.1.2.4', port: 1433 },
];
const sampleSource = {
  ...({ name: 'web-01', kind: 'virtualMachine', resourceId: webVm, resourceGroup: 'rg-web' } as const),
  ...({ subscription: webVm.split('/')[2]!, region: 'westeurope' } as const),
  ...({ state: 'running', agent: 'present', watcher: 'present' } as const),
};
const caller = sampleCaller();
const until = '2026-03-08T10:00:00.000Z';

const messages: Readonly<Record<string, ChatMessage>> = {
  ...Object.fromEntries(
    Object.entries(views).map(([name, view]) => [
      name,
      drawCheck(renderCheck(view, origin), { isOwn: true, note: 'From the source "web-01".' }),
    ]),
  ),
  'unreachable-whole': drawCheck(unreachableCheck, { isWhole: true, isOwn: true }),
  'shown-here': drawCheck(unreachableCheck, { isWhole: true, shownBy: 'alice' }),
  'own-in-channel': drawCheck(unreachableCheck, { isOwn: true, room, showLabel: 'Show in this channel' }),
  refused: drawProblem(new Problem('PolicyRefused', 'No rule allows it.')),
  'too-many': drawProblem(new Problem('TooManyRequests', 'You may ask 10 times a minute: ask again in 20 seconds.')),
  invalid: drawProblem(
    new Problem('InvalidRequest', 'See details.', {
      details: [
        { code: 'InvalidValue', message: 'Say a port.' },
        { code: 'UnknownName', message: 'No machine is named "wep-01".' },
      ],
    }),
  ),
  trouble: drawTrouble('0a1b2c3d-3b1a-4c68-9d3e-5f0c1f8e4e5f'),
  list: drawList([renderRow(unreachable!, origin), renderRow(reachable!, origin)], `${origin}/#/checks`),
  'list-empty': drawList([], `${origin}/#/checks`),
  set: drawSet(renderSet(set, origin)),
  flow: drawFlow(
    renderFlow(
      {
        ...{ ...flow, lastSuccess: { at: good.at, id: good.id }, firstFailure: { at: bad.at, id: bad.id }, changes },
        newest: [bad, good].map((each) => ({ ...each, port: 1433, protocol: 'Tcp' })),
      },
      origin,
    ),
    `${origin}/#/flows`,
  ),
  comparison: drawComparison(renderComparison({ check: bad, with: good, changed: true, changes }, origin, 'lastGood')),
  help: drawHelp(helpFor({ roles: ['Check.Request', 'Audit.Read'], endpoints, sets: ['shop'] }, { inChat: true })),
  endpoints: drawEndpoints(
    {
      endpoints,
      sources: [sampleSource],
      isMore: true,
      unreadable: [{ subscription: '00000000-0000-4000-8000-00000000000b', code: 'AuthorizationFailed' }],
    },
    { search: 'web', publicUrl: origin },
  ),
  me: drawMe(
    {
      ...{ requester: caller.requester, roles: ['Check.Request'], policy: 'f'.repeat(64) },
      rules: [
        { id: 'shop', effect: 'allow' },
        { id: 'no-pci', effect: 'deny', reason: 'Ask network-security.' },
      ],
      ...{ endpoints, sets: ['shop'] },
      limits: [{ name: 'requests', quota: 10, remaining: 9, windowSeconds: 60, resetSeconds: 12 }],
      paused: { reason: 'Azure is being moved.' },
    },
    { until },
    origin,
  ),
  unlinked: drawUnlinked('write "/netcheck link"'),
  link: drawLink(`${origin}/#/link/code`),
  linked: drawLinked({
    ...{ id: good.id, account: { chat: 'slack', team: 'T0TEAM0001', user: 'U0ALICE' }, name: 'alice' },
    ...{ caller, signInNames: [], linkedAt: sampleTime, until, confirmedAt: sampleTime, lookAt: sampleTime },
  }),
};

describe('a message for Slack', () => {
  // Whoever changes what is told writes them anew, and reads each: `npx vitest run test/slack/golden.test.ts --update`.
  it.each(Object.entries(messages))('%s is as it was agreed', async (name, message) => {
    await expect(`${JSON.stringify(drawSlack(message), null, 2)}\n`).toMatchFileSnapshot(`golden/${name}.json`);
  });
});
