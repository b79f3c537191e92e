import { derivedUuid } from '../../stand-ins/entra/derived-uuid.ts';

/** The object id of whom tests call so. */
export const objectIdOf = (name: string): string => derivedUuid('user', name);
