import { describe, expect, it } from 'vitest';
import { welcome } from '../../stand-ins/welcome.ts';

describe('the first lines of npm start', () => {
  it.each([
    [[], 'not set up'],
    [['Slack', 'Teams'], 'Slack and Teams, as the settings say'],
  ])('say which chats are set up: %j', (chats, told) => {
    const world = { resources: [], pairs: [] };
    const lines = welcome({ url: 'http://127.0.0.1:1', local: new Set(), chats, speed: 1, logPath: 'log', world });
    expect(lines.split('\n')).toContain(`  chats             ${told}`);
  });
});
