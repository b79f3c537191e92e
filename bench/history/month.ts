import { checkpointSeries } from './checkpoint-series.ts';
import { fill } from './fill.ts';
import { type HistoryAzure, startHistoryAzure } from './history-azure.ts';

export interface Month {
  readonly azure: HistoryAzure;
  readonly begin: Date;
  readonly end: Date;
  readonly checkpoints: number;
}

const DAYS = 30;
const DAY_MILLISECONDS = 86_400_000;
/** Of a check. */
const EVENTS = 3;

/** A history of so many events within a month that is over, sealed every five minutes, on the table server. */
export async function startMonth(events: number): Promise<Month> {
  const azure = await startHistoryAzure('table server');
  try {
    const today = Math.floor(Date.now() / DAY_MILLISECONDS) * DAY_MILLISECONDS;
    const [begin, end] = [new Date(today - DAYS * DAY_MILLISECONDS), new Date(today)];
    const series = checkpointSeries(begin, end);
    const span = { checks: Math.ceil(events / EVENTS), days: DAYS, end, tenantId: azure.tenantId };
    await fill(azure.load, span, ({ entries }) => {
      entries.forEach(series.list);
    });
    return { ...{ azure, begin, end }, checkpoints: await series.write(azure) };
  } catch (error) {
    await azure.stop();
    throw error;
  }
}
