import module from 'node:module';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

// Runs before anything is loaded, in any Node: what follows needs a newer one than some machines have.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `plinth: this is Node ${process.versions.node}; Plinth needs 24 or newer. npm brings Node 26 along: run "npm ci" without --omit=optional, then "npm start". Where npm has none for this platform, install Node 26 from nodejs.org\n`,
  );
  process.exit(1);
}
// What was compiled is kept: the next start saves a quarter of its time, and 25 MB of the compiler that takes out the types.
module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/plinth', import.meta.url)));
// Passwords are hashed on libuv's threads, cores − 1 at a time; with its four, eight cores would leave none for signatures, files and DNS.
process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism() + 3));
