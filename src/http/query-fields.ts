import { z } from 'zod';

const LAST_MILLISECOND = 9_999_999_999_998;

/** A time or a day (its beginning, UTC). What storage cannot order is as early, or as late, as can be. */
export const instant = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: 'Give a time such as 2026-03-01T10:00:00Z, or a day such as 2026-03-01.',
  })
  .transform((text) => new Date(Math.min(LAST_MILLISECOND, Math.max(1, Date.parse(text)))));

/** How many items a page may have. */
export const top = (most: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,5}$/, `Give a number from 1 to ${most}.`)
    .transform(Number)
    .refine((count) => count <= most, `Give a number from 1 to ${most}.`);

/** `<tenantId>/<objectId>`, or an object id alone. */
export const requesterId = z
  .string()
  .regex(/^[\w-]{1,64}(\/[\w-]{1,64})?$/, 'Give an object id, or a tenant id and an object id with a slash between.');

/** An object id alone is one of the caller's tenant: the proxy takes tokens of no other. */
export const inTenant = (requester: string, tenantId: string): string =>
  requester.includes('/') ? requester : `${tenantId}/${requester}`;
