import type { HttpHandler } from '@azure/functions';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { mcpOperations } from './operations.ts';
import type { ToolDeps } from './tools/tool.ts';

/** `POST /mcp` */
export function callMcp(deps: HandlerDeps & ToolDeps): HttpHandler {
  return httpHandler(deps, mcpOperations.callMcp, async (call) => {
    // Loaded with the first message: a start need not wait for the protocol's library.
    const { answerMessage } = await import('./answer-message.ts');
    return answerMessage(deps, call);
  });
}
