// Files that the page hands to the person.

export function download(blob, name) {
  const url = URL.createObjectURL(blob);
  follow(url, name);
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A signed URL saves its file by itself: it says so in its answer. */
export function follow(url, name = "") {
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}
