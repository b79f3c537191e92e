import type { z } from 'zod';
import { version } from './version.ts';
import { answersOf } from '../answers-of.ts';
import type { Operation, OperationGroup } from '../operation.ts';
import { operationGroups } from '../operations.ts';
import { jsonSchemas, type JsonSchema } from './json-schemas.ts';
import { headerObject, requestHeaders } from './known-headers.ts';
import { answerSchemas, requestSchemas } from './named-schemas.ts';
import { operationObject, type OperationObject } from './operation-object.ts';

export interface OpenApiDocument {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  /** By path and method, which is in lower case. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly [part: string]: unknown;
  };
  readonly [part: string]: unknown;
}

interface Options {
  readonly publicUrl: string;
  /** `closed`: answers have no members but those that are written, as tests want it; clients are told nothing of the sort. */
  readonly answers?: 'open' | 'closed';
}

const description = `Ask whether an Azure resource can reach an endpoint, without permissions in Azure: identified, decided by policy, audited.

Members can be added to answers, and words to lists of them; a client ignores those that it does not know. Unknown query parameters and unknown members of a body are refused.

The proxy also answers Azure Resource Manager's own routes of Network Watcher, for its clients; [Azure's specification](https://github.com/Azure/azure-rest-api-specs/tree/main/specification/network/resource-manager/Microsoft.Network) describes them.`;

const scheme = `An access token of Entra ID for this proxy. What stands beside it are app roles, of which the token needs one; where none stands, any token will do.`;

/** The OpenAPI document of the HTTP API, made from its operations. */
export function openApiDocument({ publicUrl, answers = 'open' }: Options): OpenApiDocument {
  const operations = operationGroups.flatMap((group) => Object.values<Operation>(group.operations));
  const requests = jsonSchemas(operations.flatMap(requestSchemasOf), { named: requestSchemas, open: false });
  const replies = jsonSchemas(operations.flatMap(answerSchemasOf), { named: answerSchemas, open: answers === 'open' });
  return {
    openapi: '3.1.1',
    info: { title: 'Connectivity Check Proxy', version, description, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: publicUrl }],
    tags: operationGroups.map(({ name, description: about }) => ({ name, description: about })),
    paths: pathsOf(operationGroups, (name, tag, operation) =>
      operationObject(operation, { name, tag, requests, replies }),
    ),
    components: {
      securitySchemes: { entra: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: scheme } },
      schemas: { ...requests.named, ...replies.named },
      parameters: Object.fromEntries(
        Object.entries(requestHeaders).map(([name, header]) => [name, { name, in: 'header', ...headerObject(header) }]),
      ),
    },
  };
}

const requestSchemasOf = ({ query, body }: Operation): z.ZodType[] => (body ? [query, body] : [query]);

const answerSchemasOf = (operation: Operation): z.ZodType[] =>
  [...answersOf(operation).values()].flat().flatMap(({ content = {} }) => Object.values(content));

function pathsOf(
  groups: readonly OperationGroup[],
  objectOf: (name: string, tag: string, operation: Operation) => OperationObject,
): OpenApiDocument['paths'] {
  const paths: Record<string, Record<string, OperationObject>> = {};
  for (const { name: tag, operations } of groups)
    for (const [name, operation] of Object.entries(operations)) {
      const path = `/${operation.path}`;
      paths[path] = { ...paths[path], [operation.method.toLowerCase()]: objectOf(name, tag, operation) };
    }
  return paths;
}
