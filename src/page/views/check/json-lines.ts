import { visible } from '../../../rendering/visible.ts';

/** JSON for people; what would be obeyed or not seen in a text of it is written out. */
export const jsonLines = (value: unknown): string =>
  JSON.stringify(value, undefined, 2).split('\n').map(visible).join('\n');
