// The queue server in a process of its own: it sends its address to the process that forked it, and ends with that.
import { startQueueServer } from './start-queue-server.ts';

const { url } = await startQueueServer();
process.on('disconnect', () => process.exit());
process.send?.(url);
