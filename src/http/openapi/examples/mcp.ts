import type { Examples } from '../example.ts';
import { version } from '../version.ts';
import { samplePolicy } from './shop.ts';

const why =
  'Rule "no-pci" denies it: it is the PCI network: ask network-security. Contact: #network-security, +49 30 5550110.';
const taken = 'From the endpoint "web-01" to the address "10.99.1.4".';

/** Examples of the door of assistants. */
export const mcpExamples = {
  explain: {
    summary: 'Policy is asked about a connection, and says no',
    headers: { 'MCP-Protocol-Version': '2026-07-28', 'Mcp-Method': 'tools/call', 'Mcp-Name': 'explain_policy' },
    body: {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name: 'explain_policy',
        arguments: { source: 'web-01', destination: '10.99.1.4:443' },
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': {},
          'io.modelcontextprotocol/clientInfo': { name: 'my-assistant', version: '1.0.0' },
        },
      },
    },
    status: 200,
    answer: {
      result: {
        content: [{ type: 'text', text: `Refused: ${why}\n${taken}\nNothing was tested.` }],
        structuredContent: {
          decision: { allowed: false, rule: 'no-pci', reason: why, policy: samplePolicy, roles: ['Check.Request'] },
          request: {
            source: { endpoint: 'web-01' },
            destination: { address: '10.99.1.4', port: 443 },
            protocol: 'Tcp',
          },
          taken,
        },
        resultType: 'complete',
        _meta: {
          'io.modelcontextprotocol/serverInfo': {
            name: 'connectivity-check-proxy',
            title: 'Connectivity Check Proxy',
            version,
          },
        },
      },
      jsonrpc: '2.0',
      id: 1,
    },
  },
} as const satisfies Examples;
