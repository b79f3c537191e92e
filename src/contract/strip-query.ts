/** An address as the audit keeps it for ever: the query of a URI can carry a key. */
export const stripQuery = (address: string | undefined): string | undefined => address?.replace(/\?.*$/s, '');
