import { startAzurite } from '../stand-ins/storage/azurite.ts';
import { startFaultyAzure } from '../test/support/faults/faulty-azure.ts';
import { answeredAtOnce, polled } from './checks.ts';

export interface OperationCount {
  readonly operation: string;
  readonly count: number;
}

const MAX_REQUESTS = 20;

/** Every request to storage and ARM for one check at Azure's own pace, whose requester waits with held requests. */
export async function operations(): Promise<OperationCount[]> {
  const azurite = await startAzurite();
  const azure = await startFaultyAzure(azurite.connectionString, { speed: 1 });
  try {
    const app = await azure.start();
    // The first check of all makes tables and queue.
    await azure.ask(app, 'first', answeredAtOnce);
    await azure.settle(app);
    await azure.ask(app, 'measured', polled);
    const id = azure.checkIdOf('measured');
    const authorization = `Bearer ${await azure.azure.token('alice')}`;
    for (let asked = 0; asked < MAX_REQUESTS; asked++) {
      const answer = await fetch(`${app.url}/api/checks/${id}`, { headers: { authorization, prefer: 'wait=60' } });
      if (/"status":"(Succeeded|Failed)"/.test(await answer.text())) break;
    }
    await azure.handled();
    const counts = new Map<string, number>();
    for (const { service, operation, checkIds } of azure.trace.log) {
      const name = `${service} ${operation}`;
      if (checkIds.includes(id)) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return Array.from(counts, ([operation, count]) => ({ operation, count }));
  } finally {
    await azure.stop();
    await azurite.stop();
  }
}
