import type { PipelinePolicy, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';

/** Something between the app and storage answered in its place: what that means is what a 502 means. */
const BAD_GATEWAY = 502;

// A page of rows, with or without the metadata before them, and one row. The rest of the text is for the JSON parser.
const page = /^\s*\{\s*(?:"odata\.metadata"\s*:\s*"[^"]*"\s*,\s*)?"value"\s*:\s*\[/;
const row = /^\s*\{[^]*"RowKey"\s*:/;

/**
 * Takes a 2xx that does not answer the call, and a 404 that is not storage's own, for a failure that passes. The SDK believes it: a query would be empty, and a
 * write done. Transactions are held to their parts in `transact`.
 */
export const refuseOddAnswers: PipelinePolicy = {
  name: 'refuseOddAnswers',
  sendRequest: async (request, next) => {
    const response = await next(request);
    return isStorages(request, response) ? response : { ...response, status: BAD_GATEWAY };
  },
};

/** "Not there" is believed of storage alone, too: what is missing is made anew, passed over, or proves that a row is forged. */
function isStorages(request: PipelineRequest, response: PipelineResponse): boolean {
  const { status, bodyAsText } = response;
  if (status === 404) return /"odata\.error"/.test(bodyAsText ?? '');
  return status < 200 || status >= 300 || answers(request, response);
}

function answers({ method, url }: PipelineRequest, { status, headers, bodyAsText }: PipelineResponse): boolean {
  const { pathname } = new URL(url);
  if (pathname.endsWith('/$batch')) return true;
  if (method === 'GET') {
    const text = bodyAsText ?? '';
    return status === 200 && (pathname.includes('RowKey=') ? row : page).test(text);
  }
  if (method === 'DELETE') return status === 204;
  // Whatever writes a row answers the row's new version; making a table does not.
  return (status === 201 || status === 204) && (pathname.endsWith('/Tables') || headers.get('etag') !== undefined);
}
