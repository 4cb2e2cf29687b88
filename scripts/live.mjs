// What follows a cluster: sockets of tabs, and what reaches them when, against watches of the API server itself.
import { execFileSync } from 'node:child_process';
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { join } from 'node:path';
import { tools } from './cluster.mjs';
import { ask, p99, pause, result } from './measure.mjs';

/** Messages of a WebSocket as text; says something with `say`. Frames of the server are not masked, ours are. */
export function socket(url, headers, heard) {
  return new Promise((resolve, reject) => {
    const key = Buffer.from(String(Math.random())).toString('base64');
    const asked = plain(url, {
      headers: { ...headers, connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': key },
    });
    asked.on('response', (answer) => reject(new Error(`socket: ${answer.statusCode}`)));
    asked.on('error', reject);
    asked.on('upgrade', (_, stream, head) => {
      let rest = head;
      const read = (chunk) => {
        rest = Buffer.concat([rest, chunk]);
        for (;;) {
          if (rest.length < 2) return;
          let [length, begin] = [rest[1] & 127, 2];
          if (length === 126) {
            if (rest.length < 4) return;
            [length, begin] = [rest.readUInt16BE(2), 4];
          } else if (length === 127) {
            if (rest.length < 10) return;
            [length, begin] = [Number(rest.readBigUInt64BE(2)), 10];
          }
          if (rest.length < begin + length) return;
          if ((rest[0] & 15) === 1) heard(rest.toString('utf8', begin, begin + length), begin + length);
          rest = rest.subarray(begin + length);
        }
      };
      stream.on('data', read);
      stream.on('error', () => {});
      const say = (text) => {
        const data = Buffer.from(text);
        stream.write(Buffer.concat([Buffer.from([129, 254, data.length >> 8, data.length & 255, 0, 0, 0, 0]), data]));
      };
      resolve({ say, close: () => stream.destroy() });
    });
    asked.end();
  });
}

/** Two hundred tabs follow five kinds each: what reaches them when, against a watch of the API server itself. */
export async function fanOut({ address, headers, kubectl, direct, server }) {
  const watches = async () => {
    const told = execFileSync(join(tools, 'kubectl'), [...kubectl, 'get', '--raw', '/metrics'], { maxBuffer: 1e9 }).toString();
    const lines = told.split('\n').filter((line) => line.startsWith('apiserver_longrunning_requests{') && line.includes('verb="WATCH"'));
    return lines.reduce((all, line) => all + Number(line.split(' ').pop()), 0);
  };
  const kinds = ['pods', 'ingresses', 'configmaps', 'persistentvolumeclaims', 'replicasets'];
  // Pods are watched already.
  const before = (await watches()) - 1;
  const arrivals = new Map();
  let [bytes, messages] = [0, 0];
  const note = (text, size) => {
    const marked = text.match(/"mark-(\d+)"/);
    if (!marked) return;
    bytes += size;
    messages += 1;
    arrivals.get(marked[1])?.push(performance.now());
  };
  const tabs = [];
  let windows = 0;
  for (let tab = 0; tab < 200; tab += 1) {
    const one = await socket(`${address}/live`, headers(), (text, size) => {
      if (text.includes('"window"')) windows += 1;
      note(text, size);
    });
    kinds.forEach((kind, id) => {
      const query = { kind, filter: 'ns:fan', sort: [], offset: 0, length: 50 };
      one.say(JSON.stringify({ subscribe: { id, topic: { rows: query } } }));
    });
    tabs.push(one);
  }
  while (windows < 1_000) await pause(50);
  const more = (await watches()) - before;
  result('fan-watches', 'watches upstream of 200 tabs with five kinds each (B09: one per kind)', more, 'watches', 5);

  const raw = new Map();
  let text = '';
  let rawBytes = 0;
  const watching = secure(`${server}/api/v1/namespaces/fan/pods?watch=true&resourceVersion=0`, { agent: direct }, (answer) => {
    answer.on('data', (chunk) => {
      text += chunk;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 1);
        const marked = line.match(/"name":"mark-(\d+)"/);
        if (!marked) continue;
        rawBytes += line.length;
        raw.set(marked[1], performance.now());
      }
    });
  });
  watching.on('error', () => {});
  watching.end();
  await pause(1_000);
  const rounds = 40;
  const late = { tabs: [], raw: [] };
  for (let round = 0; round < rounds; round += 1) {
    arrivals.set(String(round), []);
    const body = JSON.stringify({
      apiVersion: 'v1', kind: 'Pod', metadata: { name: `mark-${round}` },
      spec: { schedulerName: 'nobody', containers: [{ name: 'app', image: 'registry.example/app:1', env: [{ name: 'A', value: 'b' }] }] },
    });
    const begin = performance.now();
    await ask(`${server}/api/v1/namespaces/fan/pods`, { method: 'POST', agent: direct, headers: { 'content-type': 'application/json' } }, body);
    while (arrivals.get(String(round)).length < 200) await pause(2);
    late.tabs.push(...arrivals.get(String(round)).map((at) => at - begin));
    late.raw.push(raw.get(String(round)) - begin);
    await pause(30);
  }
  watching.destroy();
  tabs.forEach((tab) => tab.close());
  result('fan-late', 'an event in 200 tabs, p99 later than in a watch (B08)', p99(late.tabs) - p99(late.raw), 'ms', 80);
  result('fan-bytes', 'bytes per event and tab, against the event (B10)', bytes / messages / (rawBytes / rounds), 'x', 0.15);
}

/** Tabs that follow, and of how many of them arrivals are noted; the others only read. */
const [tabsAtOnce, noted] = [200, 10];
/** Changes per second that are tried, and for how long. */
const steps = [20, 40, 80, 160, 320];
const seconds = 5;

/** How many changes a second reach two hundred tabs within a quarter of a second (p99), against as many watches. */
export async function rates({ address, headers, direct, server }) {
  const pods = '/api/v1/namespaces/fan/pods';
  const json = { method: 'POST', agent: direct, headers: { 'content-type': 'application/json' } };
  for (let number = 0; number < 40; number += 1) {
    const spec = { schedulerName: 'nobody', containers: [{ name: 'app', image: 'registry.example/app:1' }] };
    await ask(`${server}${pods}`, json, JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: `rate-${number}` }, spec }));
  }
  let sent = [];
  let late = [];
  let next = 1;
  /** A pod's restarts are the number of the change. */
  const arrived = (number) => {
    if (sent[number] === undefined) return;
    late.push(performance.now() - sent[number]);
  };
  const patch = async () => {
    const number = next;
    next += 1;
    const status = { containerStatuses: [{ name: 'app', ready: false, restartCount: number, image: 'a', imageID: '' }] };
    sent[number] = performance.now();
    const asked = { method: 'PATCH', agent: direct, headers: { 'content-type': 'application/merge-patch+json' } };
    await ask(`${server}${pods}/rate-${number % 40}/status`, asked, JSON.stringify({ status }));
  };
  /** The fastest of the steps at which everything still came in time. */
  const fastest = async () => {
    let best = 0;
    for (const rate of steps) {
      [sent, late] = [[], []];
      const under = [];
      const begin = performance.now();
      for (let number = 0; number < rate * seconds; number += 1) {
        under.push(patch());
        const wait = begin + ((number + 1) * 1000) / rate - performance.now();
        if (wait > 0) await pause(wait);
      }
      await Promise.all(under);
      await pause(1_000);
      const expected = rate * seconds * noted;
      // Changes of one pod that come together are told as the last of them.
      if (late.length < expected / 4 || p99(late) > 250) break;
      best = rate;
    }
    return best;
  };

  const query = { kind: 'pods', filter: 'ns:fan rate', sort: [], offset: 0, length: 50 };
  let windows = 0;
  const tabs = [];
  for (let tab = 0; tab < tabsAtOnce; tab += 1) {
    const one = await socket(`${address}/live`, headers(), (text) => {
      if (text.includes('"window"')) windows += 1;
      if (tab >= noted) return;
      // Of a row: how many containers are ready of how many, and the restarts.
      for (const [, number] of text.matchAll(/\[\d+,\d+\],(\d+)/g)) arrived(Number(number));
    });
    one.say(JSON.stringify({ subscribe: { id: 1, topic: { rows: query } } }));
    tabs.push(one);
  }
  while (windows < tabsAtOnce) await pause(50);
  const ours = await fastest();
  tabs.forEach((tab) => tab.close());

  const watches = [];
  for (let tab = 0; tab < tabsAtOnce; tab += 1) {
    const watching = secure(`${server}${pods}?watch=true&resourceVersion=0`, { agent: direct }, (answer) => {
      answer.on('data', (chunk) => {
        if (tab >= noted) return;
        for (const [, number] of String(chunk).matchAll(/"restartCount":(\d+)/g)) arrived(Number(number));
      });
      answer.on('error', () => {});
    });
    watching.on('error', () => {});
    watching.end();
    watches.push(watching);
  }
  await pause(2_000);
  const raw = await fastest();
  watches.forEach((watch) => watch.destroy());
  result('rate', 'changes a second in 200 tabs within 250 ms (p99; B11)', ours, 'per s');
  result('rate-ratio', 'the same against 200 watches of the API server', ours / Math.max(raw, 1), 'x', 1, 'higher');
}
