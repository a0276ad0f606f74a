// SPDX-License-Identifier: Apache-2.0
// Times short scripts in a shell from npm, in this process's loop, and writes JSON.
//
//   node session_peers.mjs FOLDER PACKAGE ROUNDS FILE...    FOLDER has node_modules; each FILE a script
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, name, rounds, ...files] = process.argv.slice(2);
const found = createRequire(pathToFileURL(join(folder, "x.js"))).resolve(name);
const { Bash } = await import(pathToFileURL(found));

// The faster way that it has.
const run = async (shell, script) => {
  const result = shell.executeSync ? shell.executeSync(script) : await (shell.exec ?? shell.execute).call(shell, script);
  if (result.exitCode !== 0) throw new Error(`status ${result.exitCode}`);
};
const timed = async (work) => {
  const samples = [];
  for (let i = 0; i < Number(rounds) + 5; ++i) {
    // What a shell holds of the process goes when it is collected, which is not what is measured.
    if (i % 20 === 0) {
      globalThis.gc?.();
      await new Promise((done) => setImmediate(done));
    }
    const start = process.hrtime.bigint();
    await work();
    samples.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  return samples.slice(5).sort((a, b) => a - b)[Math.floor(Number(rounds) / 2)];
};

const rows = { fresh_echo: await timed(() => run(new Bash(), "echo hello")) };
const live = new Bash();
rows.live_echo = await timed(() => run(live, "echo hi"));
for (const file of files) {
  const script = readFileSync(file, "utf8");
  try {
    rows["script " + basename(file)] = await timed(() => run(new Bash(), script));
  } catch (error) {
    console.error(`${name}: ${basename(file)}: ${error.message}`);
  }
}
console.log(JSON.stringify(rows));
