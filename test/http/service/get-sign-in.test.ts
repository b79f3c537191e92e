import { HttpRequest, HttpResponse, InvocationContext } from '@azure/functions';
import { expect, it } from 'vitest';
import { getSignIn } from '../../../src/http/service/get-sign-in.ts';
import { expectAsDocumented } from '../answers.ts';

const entra = { authority: 'https://login.microsoftonline.com', tenantId: '00000000-0000-4000-8000-00000000000d' };

async function ask(settings: Partial<Parameters<typeof getSignIn>[0]>): Promise<unknown> {
  const handler = getSignIn({ ...entra, audiences: ['api://one'], ...settings });
  const request = new HttpRequest({ method: 'GET', url: 'https://proxy.example/api/sign-in' });
  const init = (await handler(request, new InvocationContext())) as ConstructorParameters<typeof HttpResponse>[0];
  const answer = new HttpResponse(init);
  const text = await answer.text();
  expectAsDocumented('getSignIn', { status: answer.status, headers: answer.headers, text });
  return JSON.parse(text);
}

it('tells authority, client and scope, by the audience that is a URI', async () => {
  const clientId = '00000000-0000-4000-8000-00000000000c';
  expect(await ask({ clientId, audiences: ['00000000-0000-4000-8000-00000000000c', 'https://proxy.example'] })).toEqual(
    {
      authority: `https://login.microsoftonline.com/${entra.tenantId}/v2.0`,
      clientId,
      scope: 'https://proxy.example/user_impersonation',
    },
  );
});

it.each([
  [['api://one', 'one'], 'api://one/user_impersonation'],
  [['one'], 'api://one/user_impersonation'],
])('of the audiences %j the scope is %s, and no client is told where none is set up', async (audiences, scope) => {
  expect(await ask({ audiences })).toEqual({ authority: expect.any(String) as string, scope });
});
