/** A message of Alice's to the bot, alone with it. */
export const goodActivity = ({ serviceUrl, tenantId }: { readonly serviceUrl: string; readonly tenantId: string }) => ({
  type: 'message',
  id: '1700000000001',
  timestamp: '2030-01-01T00:00:00.000Z',
  channelId: 'msteams',
  serviceUrl,
  from: { id: '29:alice', name: 'Alice', aadObjectId: 'bbbbbbbb-0000-4000-8000-000000000001' },
  recipient: { id: '28:99999999-8888-4777-8666-555555555555', name: 'Netcheck' },
  conversation: { id: 'a:1-personal', conversationType: 'personal', tenantId },
  channelData: { tenant: { id: tenantId } },
  text: 'web-01 sql-01:1433',
  textFormat: 'plain',
  locale: 'en-GB',
});
