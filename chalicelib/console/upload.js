// A file on its way to the bucket, with progress: in one piece, or in parts that go several at once and again where one was
// lost. `fetch` tells no progress, so it is an XMLHttpRequest.

import { Offline, Refusal } from "./api.js";
import { pause } from "./polling.js";

/** Above it a file goes in parts: one that is lost does not cost the others. */
export const IN_PARTS_BYTES = 100_000_000;

const AT_ONCE = 3;
const PARTS_ASKED = 20;
const OFFLINE_AGAIN_MS = 3_000;
const PART_TRIES = 200;

/** Resolves when the bucket has the content. Rejects with Offline, or with a Refusal where it is not what was signed. */
export function sendContent(url, content, { type, onProgress = () => {}, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    if (type) request.setRequestHeader("Content-Type", type);
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => (request.status === 200 ? resolve() : reject(new Refusal(request.status, { code: "upload_refused" })));
    request.onerror = () => reject(new Offline());
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(content);
  });
}

/** Sends a file in the parts that its import has. What is lost on the way is sent again. */
export async function sendInParts(api, made, file, { onProgress, signal }) {
  const sent = new Map();
  const tell = (part, bytes) => { sent.set(part.number, bytes); onProgress([...sent.values()].reduce((sum, one) => sum + one, 0)); };
  const parts = eachPart(api, made, file.size);
  const worker = async () => {
    for await (const part of { [Symbol.asyncIterator]: () => parts }) await sendPart(api, made.id, part, file, tell, signal);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** All parts in order, signed when they are needed; shared by those who send. */
function eachPart(api, made, size) {
  const [first] = made._upload_parts;
  const count = Math.ceil(size / (first.to - first.from));
  const links = new Map(made._upload_parts.map((part) => [part.number, part]));
  let [number, asking] = [0, null];
  const next = async () => {
    if (number === count) return { value: undefined, done: true };
    const wanted = ++number;
    while (!links.has(wanted)) {
      asking ??= linksOf(api, made.id, wanted, Math.min(count, wanted + PARTS_ASKED - 1)).finally(() => { asking = null; });
      for (const part of await asking) links.set(part.number, part);
    }
    return { value: links.get(wanted), done: false };
  };
  return { next };
}

async function sendPart(api, id, part, file, tell, signal) {
  let { url } = part;
  for (let attempt = 1; ; attempt++) {
    try {
      await sendContent(url, file.slice(part.from, part.to), { onProgress: (bytes) => tell(part, bytes), signal });
      return tell(part, part.to - part.from);
    } catch (error) {
      if (error.name === "AbortError" || attempt === PART_TRIES) throw error;
      await pause(OFFLINE_AGAIN_MS, signal);
      url = await linksOf(api, id, part.number, part.number).then(([link]) => link.url, () => url);
    }
  }
}

/** Signed URLs of parts; none lives for long. */
async function linksOf(api, id, first, last) {
  return (await api.get(`/v1/imports/${id}`, { parts: `${first}-${last}` })).data._upload_parts;
}

/** Speed and rest of something that goes from 0 to all of its bytes. */
export class Meter {
  constructor(bytes, now = performance.now()) {
    Object.assign(this, { bytes, since: now, sent: 0, now });
  }

  tell(sent, now = performance.now()) {
    Object.assign(this, { sent, now });
  }

  get part() {
    return this.bytes ? Math.min(1, this.sent / this.bytes) : 0;
  }

  get bytesPerS() {
    const seconds = (this.now - this.since) / 1000;
    return seconds > 0.5 ? this.sent / seconds : null;
  }

  get restS() {
    return this.bytesPerS ? (this.bytes - this.sent) / this.bytesPerS : null;
  }
}
