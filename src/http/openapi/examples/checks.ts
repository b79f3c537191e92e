import type { Examples } from '../example.ts';
import { alice, allowed, ids, problem, resolvedDatabase, toDatabase, watcher, webVm } from './shop.ts';

const link = (nextHopId: string, properties: object) => ({
  ...{ nextHopId, type: '5', properties, context: {}, issues: [], resourceId: '' },
});

/** From the web server to the database; the hops' ids are Azure's own of each time. */
export const databaseResultBetween = (web: string, sql: string) => ({
  hops: [
    {
      ...{ type: 'Source', id: web, address: '10.1.1.4', resourceId: webVm, nextHopIds: [sql] },
      links: [link(sql, { roundTripTimeMin: 1, roundTripTimeAvg: 2, roundTripTimeMax: 7 })],
      ...{ previousHopIds: [], previousLinks: [], issues: [] },
    },
    {
      ...{ type: 'VirtualNetwork', id: sql, address: '10.1.2.4' },
      resourceId: `${webVm.split('/providers')[0] ?? ''}/providers/Microsoft.Network/networkInterfaces/sql-01-nic/ipConfigurations/primary`,
      ...{ nextHopIds: [], links: [], previousHopIds: [web], previousLinks: [link(web, {})], issues: [] },
    },
  ],
  ...{ connectionStatus: 'Reachable', avgLatencyInMs: 2, minLatencyInMs: 1, maxLatencyInMs: 7 },
  ...{ probesSent: 66, probesFailed: 0 },
});
const databaseResult = databaseResultBetween(
  '01e77002-abd5-8d37-aa5d-645b00ee7a20',
  '216444b2-2f0e-8939-a06a-f73ecb333b14',
);

const sshResult = (from: string, to: string) => ({
  hops: [
    {
      ...{ type: 'Source', id: from, address: '10.1.1.4', resourceId: webVm, nextHopIds: [to] },
      ...{ links: [link(to, {})], previousHopIds: [], previousLinks: [], issues: [] },
    },
    {
      ...{ type: 'VirtualNetwork', id: to, address: '10.1.4.4', resourceId: '', nextHopIds: [], links: [] },
      ...{ previousHopIds: [from], previousLinks: [link(from, {})] },
      issues: [
        {
          ...{ origin: 'Inbound', severity: 'Error', type: 'NetworkSecurityRule' },
          context: [{ key: 'RuleName', value: 'DenySshInbound' }],
        },
      ],
    },
  ],
  ...{ connectionStatus: 'Unreachable', probesSent: 30, probesFailed: 30 },
});

const accepted = {
  id: ids.database,
  status: 'NotStarted',
  requester: alice,
  request: resolvedDatabase,
  reason: 'INC-1042',
  createdAt: '2026-03-01T10:00:00.000Z',
  verdict: {
    summary:
      'The check whether web-01 can reach 10.1.2.4 on TCP port 1433 was accepted at 10:00:00 UTC on 2026-03-01 and waits for Azure to take it.',
    reasons: [],
  },
};

const databaseEnded = {
  ...accepted,
  status: 'Succeeded',
  networkWatcher: watcher,
  startedAt: '2026-03-01T10:00:01.000Z',
  finishedAt: '2026-03-01T10:01:02.000Z',
  verdict: {
    summary:
      'web-01 (10.1.1.4) reaches 10.1.2.4 on TCP port 1433: 66 of 66 probes were answered, in 2 ms on average (1–7 ms).',
    reachability: 'Reachable',
    reasons: [],
  },
};

const sshEnded = {
  id: ids.ssh,
  status: 'Succeeded',
  requester: alice,
  request: { source: { resourceId: webVm }, destination: { address: '10.1.4.4', port: 22 }, protocol: 'Tcp' },
  reason: 'INC-1042',
  networkWatcher: watcher,
  createdAt: '2026-03-01T10:00:05.000Z',
  startedAt: '2026-03-01T10:00:06.000Z',
  finishedAt: '2026-03-01T10:01:20.000Z',
  verdict: {
    summary:
      'web-01 (10.1.1.4) cannot reach 10.1.4.4 on TCP port 22 (30 of 30 probes failed): NSG rule "DenySshInbound" denies the inbound traffic at the destination 10.1.4.4; ask the network team.',
    reachability: 'Unreachable',
    reasons: [
      {
        code: 'NetworkSecurityRule',
        message: 'NSG rule "DenySshInbound" denies the inbound traffic at the destination 10.1.4.4.',
        hop: '10.1.4.4',
        rule: 'DenySshInbound',
        action:
          'Allow TCP port 22 from web-01 (10.1.1.4) to 10.1.4.4 by a rule that comes before it (a lower priority number), or test a port that is allowed.',
        owner: 'network team',
        contact: '#net-oncall, +49 30 5550100',
      },
    ],
  },
};

const sshAgainAt = {
  createdAt: '2026-03-01T10:30:00.000Z',
  startedAt: '2026-03-01T10:30:01.000Z',
  finishedAt: '2026-03-01T10:31:10.000Z',
};

/** Examples of the calls about checks, by operation. */
export const checkExamples = {
  submitCheck: {
    dryRun: {
      summary: 'Would it be allowed?',
      query: { dryRun: 'true' },
      body: toDatabase,
      status: 200,
      answer: {
        decision: allowed,
        request: resolvedDatabase,
        source: { state: 'running', agent: 'present', watcher: 'present' },
      },
    },
    submit: { summary: 'Endpoints by name', body: toDatabase, status: 202, answer: accepted },
    submitAndWait: {
      summary: 'A port, and the answer in the same call',
      headers: { Prefer: 'wait=60' },
      body: { ...toDatabase, destination: { address: '10.1.4.4', port: 22 } },
      status: 200,
      answer: {
        ...sshEnded,
        result: sshResult('26deca03-4125-8c37-adb9-6693b1c5904d', 'fe3c0fe3-6e5d-85b7-a8ee-435e090b7e4b'),
      },
    },
    faults: {
      summary: 'Every fault is named at once',
      body: { source: { endpoint: 'web-1' }, destination: { address: '10.1.4.4:22' }, protocol: 'Tcp' },
      status: 400,
      answer: problem(
        '3a4a497c-237a-46ad-9815-ffc3b83db673',
        'InvalidRequest',
        'The request has 3 faults; details names each and what to do.',
        [
          {
            code: 'InvalidValue',
            message: 'An address has no port: give "10.1.4.4" alone, and put the port 22 into destination.port.',
            target: 'destination.address',
          },
          {
            code: 'InvalidValue',
            message: 'The policy has no endpoint of that name; GET /api/me lists yours.',
            target: 'source.endpoint',
          },
          {
            code: 'InvalidValue',
            message: 'Give a port from 1 to 65535: only Icmp, and an address that is a URI, can do without one.',
            target: 'destination.port',
          },
        ],
      ),
    },
    denied: {
      summary: 'What policy denies',
      body: { ...toDatabase, destination: { address: '10.99.0.4', port: 443 } },
      status: 403,
      answer: problem(
        '53ba64cd-3656-486f-8b0b-e20574894000',
        'PolicyRefused',
        'Rule "no-pci" denies it: it is the PCI network: ask network-security. Contact: #network-security, +49 30 5550110.',
      ),
    },
  },
  getCheck: {
    ended: {
      summary: 'Once it has ended',
      path: { id: ids.database },
      headers: { Prefer: 'wait=60' },
      status: 200,
      answer: { ...databaseEnded, result: databaseResult },
    },
    unknown: {
      summary: 'Unknown, or not yours',
      path: { id: '00000000-0000-4000-8000-000000000000' },
      status: 404,
      answer: problem(
        '70ae3b4d-f51a-4ece-a637-79cb2d6a26d2',
        'NotFound',
        'There is no check of that id, or it is not yours.',
      ),
    },
  },
  listChecks: {
    unreachable: {
      summary: 'What was unreachable in the last day',
      query: { reachability: 'Unreachable', from: '-1d' },
      status: 200,
      answer: { value: [sshEnded] },
    },
  },
  getResult: {
    ended: { summary: 'Once it has ended', path: { id: ids.database }, status: 200, answer: databaseResult },
  },
  cancelCheck: {
    tooLate: {
      summary: 'It has ended',
      path: { id: ids.database },
      status: 409,
      answer: problem(
        '42122f78-cab0-4420-99d8-d926d35c5202',
        'CheckEnded',
        'The check has ended already (Succeeded); its result stays.',
      ),
    },
  },
  rerunCheck: {
    again: {
      summary: 'With another reason, and the answer in the same call',
      path: { id: ids.ssh },
      headers: { Prefer: 'wait=60' },
      body: { reason: 'INC-1042: mended?' },
      status: 200,
      answer: {
        ...sshEnded,
        ...sshAgainAt,
        ...{ id: ids.sshAgain, rerunOf: ids.ssh, reason: 'INC-1042: mended?' },
        result: sshResult('402975b9-3ad7-8147-a3e7-e7cd1292dc6b', '5e184f6d-e85f-8ee1-a94c-6b8bfdb14906'),
      },
    },
  },
  compareCheck: {
    previous: {
      summary: 'Is it as it was before?',
      path: { id: ids.sshAgain },
      query: { with: 'previous' },
      status: 200,
      answer: {
        check: { id: ids.sshAgain, at: sshAgainAt.finishedAt, reachability: 'Unreachable' },
        with: { id: ids.ssh, at: sshEnded.finishedAt, reachability: 'Unreachable' },
        changed: false,
        changes: [],
      },
    },
  },
  shareCheck: {
    withOne: {
      summary: 'With one person, for seven days',
      path: { id: ids.database },
      body: { to: ['5a3f0d7e-8c1b-4f6a-9d2e-7b4c1a0e9f38'] },
      status: 200,
      answer: {
        ...databaseEnded,
        sharedWith: { to: ['5a3f0d7e-8c1b-4f6a-9d2e-7b4c1a0e9f38'], until: '2026-03-08T10:05:00.000Z' },
      },
    },
  },
  unshareCheck: {
    back: { summary: 'Nobody but you', path: { id: ids.database }, status: 200, answer: databaseEnded },
  },
} as const satisfies Readonly<Record<string, Examples>>;

/** Examples of the call about a flow. */
export const flowExamples: Examples = {
  closed: {
    summary: 'A port that never was open',
    query: { source: 'web-01', destination: '10.1.4.4', port: '22', protocol: 'Tcp' },
    status: 200,
    answer: {
      ...{ source: webVm, destination: '10.1.4.4', port: 22, protocol: 'Tcp' },
      firstFailure: { at: sshEnded.finishedAt, id: ids.ssh },
      changes: [],
      newest: [
        { at: sshAgainAt.finishedAt, reachability: 'Unreachable', port: 22, protocol: 'Tcp', id: ids.sshAgain },
        { at: sshEnded.finishedAt, reachability: 'Unreachable', port: 22, protocol: 'Tcp', id: ids.ssh },
      ],
    },
  },
};
