import type { PipelinePolicy } from '@azure/core-rest-pipeline';

/** What the client library calls what storage says of a row: a column of such a name would take its place. */
const reserved = /"(?:etag|partitionKey|rowKey|timestamp)"\s*:/;

/**
 * Reads rows without columns of these names, which the proxy never writes. With one, whoever may write a row would give
 * it a version that no write ever meets, or the key of another row.
 */
export const dropReservedColumns: PipelinePolicy = {
  name: 'dropReservedColumns',
  sendRequest: async (request, next) => {
    const response = await next(request);
    const { bodyAsText } = response;
    if (request.method !== 'GET' || !reserved.test(bodyAsText ?? '')) return response;
    return { ...response, bodyAsText: without(bodyAsText ?? '') };
  },
};

/** Of a text that is no JSON nothing is dropped: it is refused for that. */
function without(text: string): string {
  try {
    const drop = (name: string, value: unknown) => (reserved.test(`"${name}":`) ? undefined : value);
    return JSON.stringify(JSON.parse(text, drop));
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
