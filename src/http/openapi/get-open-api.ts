import type { HttpHandler } from '@azure/functions';
import { taggedAnswer } from '../tagged-answer.ts';
import { type OpenApiDocument, openApiDocument } from './document.ts';

interface Described {
  readonly publicUrl: string;
}

/** `GET /api/openapi.json`: made when somebody asks first, because a start must not wait for it. */
export function getOpenApi({ publicUrl }: Described): HttpHandler {
  let made: OpenApiDocument | undefined;
  return (request) => {
    made ??= openApiDocument({ publicUrl });
    return taggedAnswer(request, made, { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' });
  };
}
