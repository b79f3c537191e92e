import { z } from 'zod';
import { forgivingList } from '../arm/forgiving-list.ts';

const text = z.string().optional().catch(undefined);
const view = z.looseObject({
  statuses: forgivingList(z.looseObject({ code: text })),
  vmAgent: z
    .looseObject({ extensionHandlers: forgivingList(z.looseObject({ type: text })) })
    .optional()
    .catch(undefined),
});

/** `PowerState/running`, wherever it stands among the statuses; `undefined` while the machine changes its state. */
export const powerIn = (instanceView: unknown): string | undefined =>
  view.safeParse(instanceView).data?.statuses.find(({ code }) => /^PowerState\//i.test(code ?? ''))?.code;

/** Whether the guest agent tells of a handler of the Network Watcher agent. */
export const hasAgentHandler = (instanceView: unknown): boolean =>
  view
    .safeParse(instanceView)
    .data?.vmAgent?.extensionHandlers.some(({ type }) =>
      /^microsoft\.azure\.networkwatcher\.networkwatcheragent(linux|windows)$/i.test(type ?? ''),
    ) ?? false;
