import { z } from 'zod';
import { connectivityParametersSchema } from '../../arm/connectivity-parameters.ts';
import { decisionSchema } from '../decision.ts';
import { sourceStateSchema, warningSchema } from './source.ts';

const { source, destination, ...rest } = connectivityParametersSchema.shape;
const namedSchema = z.strictObject({
  endpoint: z.string().optional(),
  name: z.string().optional(),
  port: z.int().optional(),
});

/** What a dry run answers. */
export const dryRunSchema = z.strictObject({
  decision: decisionSchema,
  networkWatcher: z.string().optional(),
  request: z
    .strictObject({ source: z.union([source, namedSchema]), destination: z.union([destination, namedSchema]), ...rest })
    .describe('What would go to Azure; where it is refused, names stay names.'),
  source: sourceStateSchema.optional().describe('Where it is allowed: what a check needs of its source.'),
  warnings: z.array(warningSchema).optional(),
});
