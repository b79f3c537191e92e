import type { Examples } from '../example.ts';
import { toDatabase, webVm } from './shop.ts';

const first = '0bba5cb2-9a5d-41ee-8079-decad66ee3a1';

const denied =
  'Rule "no-pci" denies it: it is the PCI network: ask network-security. Contact: #network-security, +49 30 5550110.';
const pci = { source: 'endpoint:web-01', destination: '10.99.0.4', port: 443, protocol: 'Tcp' };
const error = { code: 'PolicyRefused', message: denied };

const summary = {
  id: first,
  createdAt: '2026-03-01T10:00:00.000Z',
  total: 3,
  counts: {
    ...{ running: 0, reachable: 1, unreachable: 1, degraded: 0 },
    ...{ inconclusive: 0, failed: 0, canceled: 0, refused: 1 },
  },
};

/** How the two that are allowed came out; `changed` is of a rerun. */
const checks = (database: string, ssh: string, changed: { readonly changed?: boolean } = {}) => [
  {
    ...{ source: webVm, destination: '10.1.2.4', port: 1433, protocol: 'Tcp', id: database },
    ...{ status: 'Succeeded', reachability: 'Reachable', ...changed },
    sentence:
      'web-01 (10.1.1.4) reaches 10.1.2.4 on TCP port 1433: 66 of 66 probes were answered, in 2 ms on average (1–7 ms).',
  },
  {
    ...{ source: webVm, destination: '10.1.4.4', port: 22, protocol: 'Tcp', id: ssh },
    ...{ status: 'Succeeded', reachability: 'Unreachable', ...changed },
    sentence:
      'web-01 (10.1.1.4) cannot reach 10.1.4.4 on TCP port 22 (30 of 30 probes failed): NSG rule "DenySshInbound" denies the inbound traffic at the destination 10.1.4.4; ask the network team.',
  },
  { ...pci, status: 'Refused', sentence: denied, error },
];

const ended = {
  ...summary,
  checks: checks('5f45527e-cc74-8e14-b834-83b0d9a675b1', '7924f65b-ffe7-8ed3-8626-647ac717c9e1'),
};
const refused = [{ ...pci, error }];

/** Examples of the calls about sets, by operation. */
export const setExamples = {
  createSet: {
    eachWithEach: {
      summary: 'Each source with each destination, and the answer in the same call',
      headers: { Prefer: 'wait=60' },
      body: {
        sources: [toDatabase.source],
        destinations: [toDatabase.destination, { address: '10.1.4.4', port: 22 }, { address: '10.99.0.4', port: 443 }],
        ...{ protocol: 'Tcp', reason: 'INC-1042' },
      },
      status: 200,
      answer: { ...ended, refused },
    },
  },
  getSet: { ended: { summary: 'Once it has ended', path: { id: first }, status: 200, answer: ended } },
  listSets: { newest: { summary: 'Your sets', status: 200, answer: { value: [summary] } } },
  rerunSet: {
    again: {
      summary: 'With another reason, and the answer in the same call',
      path: { id: first },
      headers: { Prefer: 'wait=60' },
      body: { reason: 'mended?' },
      status: 200,
      answer: {
        ...{ ...summary, id: 'd0c4ee68-92d5-41a8-911c-ad64a6d20d01', rerunOf: first },
        checks: checks('adcd107b-c7d9-8e7f-a2e8-6142b98c91e1', '2664f58b-10f0-8b36-96ce-ac7f4e0d4741', {
          changed: false,
        }),
        refused,
      },
    },
  },
  cancelSet: {
    ended: { summary: 'Nothing was left to cancel', path: { id: first }, status: 200, answer: ended },
  },
} as const satisfies Readonly<Record<string, Examples>>;
