import { z } from 'zod';

/** Items that cannot be read are left out, so that one odd answer of Azure's does not hide the others. */
export const forgivingList = <T extends z.ZodType>(item: T) =>
  z
    .array(z.unknown())
    .catch([])
    .default([])
    .transform((items) =>
      items.flatMap((each) => {
        const parsed = item.safeParse(each);
        return parsed.success ? [parsed.data] : [];
      }),
    );
