import { startStack } from '../../scripts/stack.ts';
import { openBackend, someone, newId, MODEL } from './bench-backend.ts';
import { mintLiveToken } from '../../functions/src/mint.ts';
import { sameSizedTransaction } from './handler-latency.ts';
import { quantile } from './statistics.ts';
const stack = await startStack({ functions: false, hosting: false });
try {
  const b = await openBackend(stack.hosts.firestore);
  await b.configure({ policy: { concurrentSessions: 5 } });
  const caller = someone();
  const live = b.live;
  const db = b.db as any;
  const rpc: Record<string, number[]> = {};
  const req = db.request, rs = db.requestStream;
  db.request = async (m: string, ...a: unknown[]) => { const t = performance.now(); const r = await req.call(db, m, ...a); (rpc[`${mode} ${m}`] ??= []).push(performance.now() - t); return r; };
  db.requestStream = async (m: string, ...a: unknown[]) => { const t = performance.now(); const s = await rs.call(db, m, ...a); s.on('end', () => (rpc[`${mode} ${m}`] ??= []).push(performance.now() - t)); return s; };
  let mode = 'mint';
  const run = live.store.reserve;
  const mint = async () => { b.now += 3_600_000; await Promise.all([live.settings.policy('password'), live.settings.policy('default'), live.settings.config()]);
    mode = 'mint'; const t = performance.now(); const r = await mintLiveToken(live, caller, { v: 1, op: 'start', requestId: newId(), model: MODEL }); const ms = performance.now() - t; mode = 'other'; return { ms, r }; };
  await mint(); const { r } = await mint();
  const quota = (await b.paths.quota(caller.uid).get()).data()!; const session = (await b.paths.session(r.sessionId).get()).data()!;
  const tx = sameSizedTransaction(b, { quota, session });
  const M: number[] = [], T: number[] = [];
  for (let i = 0; i < 300; i++) { M.push((await mint()).ms); mode = 'tx'; const t = performance.now(); await tx(); T.push(performance.now() - t); mode = 'other'; }
  console.log('mint', quantile(M.slice(50), .5), 'tx', quantile(T.slice(50), .5));
  for (const [k, v] of Object.entries(rpc)) console.log(k, v.length, quantile(v.slice(-200), .5).toFixed(2));
  await b.close();
} finally { await stack.stop(); }
