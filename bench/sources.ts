import { startAzurite } from '../stand-ins/storage/azurite.ts';
import { startFaultyAzure } from '../test/support/faults/faulty-azure.ts';

export interface Sources {
  readonly what: string;
  readonly askers: number;
  /** To Azure Resource Manager, Azure Resource Graph among them. */
  readonly azure: number;
  readonly storage: number;
  /** Until all are answered. */
  readonly milliseconds: number;
}

const ASKERS = 20;

/** What it costs that many look for sources at once: before anything is known, and afterwards. */
export async function sources(): Promise<Sources[]> {
  const azurite = await startAzurite();
  const azure = await startFaultyAzure(azurite.connectionString);
  try {
    const app = await azure.start();
    const token = await azure.azure.token('searcher');
    const measure = async (what: string, path: string): Promise<Sources> => {
      const mark = azure.trace.log.length;
      const asked = azure.azure.arm.requests.length;
      const begun = performance.now();
      const headers = { authorization: `Bearer ${token}` };
      const answers = await Promise.all(
        Array.from({ length: ASKERS }, () => fetch(`${app.url}${path}`, { headers }).then(({ status }) => status)),
      );
      if (answers.some((status) => status !== 200)) throw new Error(`Some were answered ${answers.join()}.`);
      const milliseconds = Math.round(performance.now() - begun);
      const storage = azure.trace.log.slice(mark).filter(({ service }) => service === 'table').length;
      return {
        ...{ what, askers: ASKERS, azure: azure.azure.arm.requests.length - asked },
        ...{ storage, milliseconds },
      };
    };
    return [
      await measure('the list, before it is kept', '/api/sources'),
      await measure('the list, kept', '/api/sources'),
      await measure('a search in it', '/api/sources?search=web'),
    ];
  } finally {
    await azure.stop();
    await azurite.stop();
  }
}
