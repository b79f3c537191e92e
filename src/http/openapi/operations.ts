import { z } from 'zod';
import { anyQuery, type Operation, refusedByHost } from '../operation.ts';
import { serviceExamples } from './examples/service.ts';

const href = z.strictObject({ href: z.url(), type: z.string().optional() });

/** RFC 9264; the relations are those of RFC 9727. */
const linksetSchema = z.strictObject({
  linkset: z.array(
    z.strictObject({
      anchor: z.url(),
      'service-desc': z.array(href).describe('The OpenAPI document.'),
      'service-doc': z.array(href).optional(),
      status: z.array(href).describe('Whether the API is up.'),
    }),
  ),
});
const LINKSET = 'application/linkset+json';

/** The calls that describe the API. */
export const openApiOperations = {
  getOpenApi: {
    method: 'GET',
    path: 'api/openapi.json',
    summary: 'Describes the API: this document',
    query: anyQuery,
    requestHeaders: ['If-None-Match'],
    answers: {
      200: {
        description: 'An OpenAPI document, version 3.1.',
        headers: { ETag: 'always' },
        content: { 'application/json': z.looseObject({ openapi: z.string() }) },
      },
      304: { description: 'It is as the ETag says.', headers: { ETag: 'always' } },
      ...refusedByHost,
    },
    problems: [],
  },
  getApiCatalog: {
    method: 'GET',
    path: '.well-known/api-catalog',
    summary: 'Says where the API is described (RFC 9727)',
    query: anyQuery,
    answers: {
      200: { description: 'A set of links.', headers: { Link: 'always' }, content: { [LINKSET]: linksetSchema } },
      ...refusedByHost,
    },
    problems: [],
    examples: serviceExamples.getApiCatalog,
  },
  headApiCatalog: {
    method: 'HEAD',
    path: '.well-known/api-catalog',
    summary: 'Says where the catalog is (RFC 9727)',
    query: anyQuery,
    answers: {
      200: { description: 'Its `Link` names the catalog.', headers: { Link: 'always' } },
      ...refusedByHost,
    },
    problems: [],
  },
} as const satisfies Readonly<Record<string, Operation>>;
