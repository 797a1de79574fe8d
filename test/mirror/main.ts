/**
 * `node test/mirror/main.ts`: writes the table of the Live API anew after an update of @firebase/ai.
 * @module
 */
import { writeFileSync } from 'node:fs';
import { readDeclarations } from './declarations.ts';
import { INSTALLED_VERSION, installedDeclarations, TABLE_PATH } from './installed.ts';
import { liveSurface } from './live-surface.ts';
import { surfaceTable } from './surface-table.ts';

const surface = liveSurface(readDeclarations(installedDeclarations()));
for (const name of surface.undecided) console.error(`Nobody has decided about ${name}.`);
for (const name of surface.outdated) console.error(`Decided, but no longer so: ${name}.`);
writeFileSync(TABLE_PATH, surfaceTable(surface, INSTALLED_VERSION));
console.log(`${surface.live.length} Live exports written to ${TABLE_PATH}`);
process.exitCode = surface.undecided.length + surface.outdated.length > 0 ? 1 : 0;
