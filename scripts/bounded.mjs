// The console where memory is short: in a control group of its own, with two hundred tabs (F43). Needs root and control groups.
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { socket } from './live.mjs';
import { pause, resident, result } from './measure.mjs';

const MIB = 1024 * 1024;
const room = 256;

/** The group and what bounds it, of either version; none where there is no way to make one. */
function group() {
  const [old, unified] = ['/sys/fs/cgroup/memory', '/sys/fs/cgroup'];
  try {
    if (existsSync(`${old}/memory.limit_in_bytes`)) {
      mkdirSync(`${old}/pilothouse-bench`, { recursive: true });
      writeFileSync(`${old}/pilothouse-bench/memory.limit_in_bytes`, String(room * MIB));
      return { folder: `${old}/pilothouse-bench`, killed: 'memory.oom_control' };
    }
    mkdirSync(`${unified}/pilothouse-bench`, { recursive: true });
    writeFileSync(`${unified}/pilothouse-bench/memory.max`, String(room * MIB));
    return { folder: `${unified}/pilothouse-bench`, killed: 'memory.events' };
  } catch {
    return undefined;
  }
}

export async function bounded({ pods, name, server, total }) {
  const where = group();
  if (!where) {
    console.log(`${name('bounded')}: not measured, no control group can be made here`);
    return;
  }
  await server.again();
  writeFileSync(`${where.folder}/cgroup.procs`, String(server.pid()));
  while ((await total().catch(() => 0)) < pods) await pause(50);
  const tabs = [];
  let windows = 0;
  for (let tab = 0; tab < 200; tab += 1) {
    const one = await socket(`${server.address}/live`, server.headers(), (text) => {
      if (text.includes('"window"')) windows += 1;
    });
    const query = { kind: 'pods', filter: `app-${tab % 20}`, sort: [['age', false]], offset: 0, length: 100 };
    one.say(JSON.stringify({ subscribe: { id: 1, topic: { rows: query } } }));
    tabs.push(one);
  }
  while (windows < 200) await pause(50);
  await pause(3_000);
  const kills = Number(readFileSync(`${where.folder}/${where.killed}`, 'utf8').match(/oom_kill (\d+)/)?.[1] ?? 0);
  if (kills > 0) throw new Error('the console was killed for its memory');
  result(name('bounded'), `with 200 tabs in a control group of ${room} MiB: the most that it held (F43)`, resident(server.pid(), true), 'MiB', room);
  tabs.forEach((tab) => tab.close());
  await server.again();
  // Empty once what was in it has ended.
  for (let tries = 0; tries < 50; tries += 1) {
    try {
      rmdirSync(where.folder);
      break;
    } catch {
      await pause(100);
    }
  }
}
