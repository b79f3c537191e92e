import { z } from 'zod';
import { forgivingList } from '../arm/forgiving-list.ts';

const text = z.string().optional().catch(undefined);

const address = z.looseObject({ properties: z.looseObject({ privateIPAddress: text }).optional().catch(undefined) });
const extension = z.looseObject({
  properties: z.looseObject({ publisher: text, type: text }).optional().catch(undefined),
});

/** One resource, as Azure Resource Graph is asked for it; a plain list is brought into this form. */
export const rowSchema = z.looseObject({
  id: z.string(),
  type: z.string().transform((type) => type.toLowerCase()),
  location: z.unknown().optional(),
  /** `PowerState/running` */
  power: text,
  /** An application gateway's own word. */
  operational: text,
  provisioning: text,
  /** `WAF_v2` */
  tier: text,
  /** Of an extension: its type. */
  extension: text,
  /** Of a network interface: whose it is. */
  machine: text,
  configurations: forgivingList(address),
  /** Extensions that every instance of a scale set gets. */
  model: forgivingList(extension),
  /** From a plain list: whether the machine has the agent is not told there. */
  isPlain: z.boolean().optional().catch(undefined),
});
export type Row = z.infer<typeof rowSchema>;

/** What cannot be read is left out: it is nothing that a check starts from. */
export const rowsOf = (data: readonly unknown[]): readonly Row[] => forgivingList(rowSchema).parse(data);

export const addressesOf = ({ configurations }: Pick<Row, 'configurations'>): readonly string[] =>
  configurations.flatMap(({ properties }) => properties?.privateIPAddress ?? []);

const AGENT_PUBLISHER = 'microsoft.azure.networkwatcher';

/** Publisher and type tell the agent; its name can be anything. */
export const isAgent = (publisher = '', type = ''): boolean =>
  publisher.toLowerCase() === AGENT_PUBLISHER && isAgentType(type);

export const isAgentType = (type = ''): boolean => /^networkwatcheragent(linux|windows)$/i.test(type);
