// The table server in a process of its own: it sends its address to the process that forked it, and ends with that.
import { startTableServer } from './start-table-server.ts';

const { url } = await startTableServer();
process.on('disconnect', () => process.exit());
process.send?.(url);
