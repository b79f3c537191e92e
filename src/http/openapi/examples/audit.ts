import type { Examples } from '../example.ts';
import { alice, allowed, ids, samplePolicy, webVm } from './shop.ts';

const requested = {
  id: 'f5f32f95-6d6a-4e0f-af15-5a49943db2fd',
  time: '2026-03-01T10:00:00.000Z',
  action: 'requested',
  checkId: ids.database,
  requester: alice,
  deputy: 'system-assigned',
  sourceAddress: '127.0.0.1',
  target: { source: webVm, destination: '10.1.2.4', port: 1433, protocol: 'Tcp' },
  decision: allowed,
  requestId: 'c5f63a75-7479-42c5-aa6a-432642dac063',
  reason: 'INC-1042',
};

const csv = [
  'id,time,action,checkId,requesterId,requesterName,requesterKind,via,agent,deputy,sourceAddress,source,destination,port,protocol,networkWatcher,resource,allowed,rule,decisionReason,policy,outcomeCode,reachability,reasons,count,armStatus,armRequestId,armCorrelationId,attempt,requestId,traceparent,reason,roles,groups,sharedTo,sharedUntil,joined,channel',
  `${requested.id},${requested.time},requested,${ids.database},${alice.id},alice,user,http,,system-assigned,127.0.0.1,${webVm},10.1.2.4,1433,Tcp,,,true,own-network,"Rule ""own-network"" allows it.",${samplePolicy},,,,,,,,,${requested.requestId},,INC-1042,Check.Request,,,,,`,
  '',
].join('\r\n');

/** Examples of the calls about the audit, by operation. */
export const auditExamples = {
  listAudit: {
    ofCheck: {
      summary: 'Who asked for a check',
      query: { checkId: ids.database, action: 'requested' },
      status: 200,
      answer: { value: [requested] },
    },
    csv: {
      summary: 'The same for a spreadsheet',
      query: { checkId: ids.database, action: 'requested' },
      status: 200,
      type: 'text/csv',
      answer: csv,
    },
  },
  makeCheckpoint: {
    now: { summary: 'All is covered', status: 200, answer: { events: 15, pending: 0 } },
  },
  verifyAudit: {
    lastDay: {
      summary: 'The last day',
      query: { from: '-1d' },
      status: 200,
      answer: { valid: true, events: 16, provenUntil: '2026-03-01T10:05:00.000Z', pending: 1, faults: [], gaps: [] },
    },
  },
} as const satisfies Readonly<Record<string, Examples>>;
