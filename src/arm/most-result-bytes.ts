/** The largest result of Azure's that is read, from Azure or from storage, in bytes after decompression. */
export const MOST_RESULT_BYTES = 16 * 1024 * 1024;
