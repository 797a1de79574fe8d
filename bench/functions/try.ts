import { startStack } from '../../scripts/stack.ts';
import { openBackend } from './bench-backend.ts';
import { countLines, countOperations } from './operation-counts.ts';
const stack = await startStack({ functions: false, hosting: false });
try {
  const backend = await openBackend(stack.hosts.firestore);
  const counts = await countOperations(backend);
  console.log(countLines(counts).join('\n'), counts.aims);
  await backend.close();
} finally { await stack.stop(); }
