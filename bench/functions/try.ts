import { startStack } from '../../scripts/stack.ts';
import { openBackend } from './bench-backend.ts';
import { measureHandlers } from './handler-latency.ts';
const stack = await startStack({ functions: false, hosting: false });
try {
  const backend = await openBackend(stack.hosts.firestore);
  const f = await measureHandlers(backend, { rounds: 200, warmUp: 30 }); for (const x of [f.capsOff, f.capsOn]) console.log(x.name, "tx", x.transaction, "mint", x.mint, x.ratio50, x.ratio95);
  await backend.close();
} finally { await stack.stop(); }
