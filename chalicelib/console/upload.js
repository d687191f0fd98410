// A file on its way to a signed URL, with progress. `fetch` tells none, so it is an XMLHttpRequest.

import { Offline, Refusal } from "./api.js";

/** Resolves when the bucket has the file. Rejects with Offline, or with a Refusal where the file is not what was signed. */
export function sendFile(url, file, { type, onProgress = () => {}, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    request.setRequestHeader("Content-Type", type);
    request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    request.onload = () => (request.status === 200 ? resolve() : reject(new Refusal(request.status, { code: "upload_refused" })));
    request.onerror = () => reject(new Offline());
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

/** Speed and rest of something that goes from 0 to 1 over `bytes`. */
export class Meter {
  constructor(bytes, now = performance.now()) {
    Object.assign(this, { bytes, since: now, part: 0, now });
  }

  tell(part, now = performance.now()) {
    Object.assign(this, { part, now });
  }

  get bytesPerS() {
    const seconds = (this.now - this.since) / 1000;
    return seconds > 0.5 ? (this.part * this.bytes) / seconds : null;
  }

  get restS() {
    return this.bytesPerS ? ((1 - this.part) * this.bytes) / this.bytesPerS : null;
  }
}
