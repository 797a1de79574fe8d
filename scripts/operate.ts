/**
 * `npm run operate`: what only the owner of a project may do, from a command line. The first admin is made here, with
 * application-default credentials, and in no other way.
 * @module
 */
import { orderErasure } from './operate-erasure.ts';
import { type OperateOrder, readOrder } from './operate-order.ts';
import { explained, type OpenProject, openProject } from './operate-project.ts';
import { grantAdmin, revokeRole } from './operate-roles.ts';
import { writeKillSwitch, writeOpenPolicy, writePrices } from './operate-settings.ts';

/** Runs it; the exit code. Rejects with an `Error` that says what helps; nothing was done then, or a part that a repeat completes. */
export async function run(args: readonly string[]): Promise<number> {
  const order = readOrder(args);
  try {
    const project = await openProject(order.place);
    try {
      console.log(`In ${project.where}: ${await carryOut(project, order)}`);
    } finally {
      await project.close();
    }
    return 0;
  } catch (error) {
    throw explained(error, order.place);
  }
}

function carryOut({ auth, db }: OpenProject, { place, reason, what }: OperateOrder): Promise<string> {
  const books = { db, names: place.names, reason };
  switch (what.act) {
    case 'grant-admin':
      return grantAdmin(auth, books, what.user);
    case 'revoke-role':
      return revokeRole(auth, books, what.user);
    case 'write-policy':
      return writeOpenPolicy(books, what);
    case 'write-prices':
      return writePrices(books, what);
    case 'kill-switch':
      return writeKillSwitch(books, what);
    case 'erase':
      return orderErasure(books, what.uid);
  }
}
