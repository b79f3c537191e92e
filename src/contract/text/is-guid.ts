const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Any version: not every GUID of Azure is a UUID of RFC 9562. */
export const isGuid = (text: string): boolean => guid.test(text);
