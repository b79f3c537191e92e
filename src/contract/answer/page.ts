import { z } from 'zod';

/** A page of a list. */
export const pageSchema = <T extends z.ZodType>(item: T) =>
  z.strictObject({
    value: z.array(item),
    nextLink: z.url().optional().describe('Where the next page is; absent where there is none.'),
  });
