import type { HttpResponseInit } from '@azure/functions';
import { escapeHidden } from '../../contract/text/escape-hidden.ts';
import { describe } from '../../log/log.ts';
import { type Call, tellRefusal } from '../handler.ts';
import { toProblem } from '../problem-answer.ts';
import { agentOf } from './agent-of.ts';
import { mcpOperations } from './operations.ts';
import { refusalText } from './refusal-text.ts';
import { serve, type ToolResult } from './serve.ts';
import type { ToolDeps } from './tools/tool.ts';
import { tools } from './tools/tools.ts';

/** What the protocol's library answers to a message, with our tools behind it. */
export async function answerMessage(deps: ToolDeps, call: Call<unknown>): Promise<HttpResponseInit> {
  const { body, log } = call;
  const serving = {
    callTool: (name: string, given: unknown) => callTool(deps, call, name, given),
    refused: (error: Error) => {
      log.info('message refused', { cause: describe(error) });
    },
  };
  return wholeAnswer(await serve(serving, requestOf(deps, call), body));
}

/** At our own address; of the headers, the token stays here. */
function requestOf({ publicUrl }: ToolDeps, { request }: Call<unknown>): Request {
  const headers = new Headers([...request.headers].filter(([name]) => name.toLowerCase() !== 'authorization'));
  return new Request(`${publicUrl}/${mcpOperations.callMcp.path}`, { method: 'POST', headers });
}

/** A function answers as a whole: a stream of the library's has one event, and ends with it. */
async function wholeAnswer(response: Response): Promise<HttpResponseInit> {
  const { status, headers } = response;
  const body = await response.text();
  if (status >= 500) throw new Error(`The library of MCP answered ${status}: ${body}`);
  const type = headers.get('content-type');
  return { status, ...(type !== null && { headers: { 'content-type': type } }), ...(body !== '' && { body }) };
}

/** Whatever a tool meets is a result; `undefined` where there is no such tool. */
function callTool(
  deps: ToolDeps,
  { actor, body, log }: Call<unknown>,
  name: string,
  given: unknown,
): Promise<ToolResult> | undefined {
  const tool = tools.find((each) => each.name === name);
  if (!tool) return undefined;
  const { caller, origin } = actor;
  const agent = agentOf(body);
  const asking = agent === undefined ? caller : { ...caller, requester: { ...caller.requester, agent } };
  return tool.call(deps, { actor: { caller: asking, origin }, log }, given).then(
    ({ structuredContent, text }) => ({ content: textContent(text), structuredContent: { ...structuredContent } }),
    (error: unknown) => {
      const problem = toProblem(error);
      tellRefusal(log, problem, 200, caller.requester.id);
      return { content: textContent(refusalText(problem, origin.requestId)), isError: true };
    },
  );
}

/** A client may show it on a terminal. */
const textContent = (text: string) => [{ type: 'text' as const, text: escapeHidden(text, '\n') }];
